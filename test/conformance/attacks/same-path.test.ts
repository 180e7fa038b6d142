/**
 * One path for all: what a handler sees in `request.url` and `ctx.path`, what the rules of a site compare and what the file server looks up
 * is the same text. It is the path that the client sent, without its dot segments.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { pathOf } from '../../../src/files/lookup/request-path.ts';
import type { FetchFunction } from '../../../src/server/api.ts';
import { site } from '../../../src/site/site.ts';
import { OCTETS } from '../../http1/grammar.ts';
import { withServer } from '../../server/with-server.ts';
import type { RawConnection } from '../../support/raw-client.ts';

const root = mkdtempSync(join(tmpdir(), 'serval-same-path-'));
mkdirSync(join(root, 'admin'));
writeFileSync(join(root, 'admin', 'users.txt'), 'USERS');
writeFileSync(join(root, 'open.txt'), 'OPEN');
after(() => rmSync(root, { recursive: true }));

/** Octets that RFC 3986 §3.3 has no place for in a path, and those that would end it. `[`, `]` and `|` are served as they are. */
const REFUSED = /[^!$&-;=?-Z[\]_a-z|~%]/;

const percentEncoded = (octet: string): string =>
  `%${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Places for an octet around what the rule protects. */
const PLACES: readonly ((octet: string) => string)[] = [
  (o) => `/${o}admin/users.txt`,
  (o) => `/admin${o}users.txt`,
  (o) => `/admin/${o}users.txt`,
  (o) => `/x${o}..${o}admin/users.txt`,
  (o) => `/x/..${o}admin/users.txt`,
  (o) => `/admin/users.txt${o}`,
];

/** With the path that has to be seen, of which RFC 3986 §5.2.4 removes the dot segments, encoded or not. */
const DOT_SEGMENTS: readonly (readonly [target: string, path: string])[] = [
  ['/./admin/users.txt', '/admin/users.txt'],
  ['/x/../admin/users.txt', '/admin/users.txt'],
  ['/x/%2e%2e/admin/users.txt', '/admin/users.txt'],
  ['/x/.%2E/admin/users.txt', '/admin/users.txt'],
  ['/%2e/admin/users.txt', '/admin/users.txt'],
  ['/admin/../open.txt', '/open.txt'],
  ['/admin/%2e%2e/open.txt', '/open.txt'],
  ['/../../open.txt', '/open.txt'],
  ['/admin/..', '/'],
  ['/admin/.', '/admin/'],
  ['/x/..;/admin/users.txt', '/x/..;/admin/users.txt'],
  ['/x/..%2fadmin/users.txt', '/x/..%2fadmin/users.txt'],
  ['/x%2f../admin/users.txt', '/x%2f../admin/users.txt'],
  ['/x/%252e%252e/admin/users.txt', '/x/%252e%252e/admin/users.txt'],
  ['/x/..%5cadmin/users.txt', '/x/..%5cadmin/users.txt'],
  ['/x%5c..%5cadmin/users.txt', '/x%5c..%5cadmin/users.txt'],
  ['//admin/users.txt', '//admin/users.txt'],
  ['/admin//users.txt', '/admin//users.txt'],
  ['/...//admin/users.txt', '/...//admin/users.txt'],
  ['/admin/users.txt?/../../open.txt', '/admin/users.txt'],
  ['/open.txt?/../admin/users.txt', '/open.txt'],
];

/** All answers of a connection are parsed again for each. */
const MOST_ANSWERS = 32;

interface Seen {
  readonly url: string;
  /** `ctx.path`. */
  readonly path: string;
  readonly sent: string;
}

describe('the path that rules, files and handlers see', () => {
  const folder = site(root, { headers: [{ source: '/admin/**', headers: { 'X-Rule': 'admin' } }] });
  let seen: Seen | undefined;
  const handler: FetchFunction = (request, ctx, server) => {
    seen = { url: request.url, path: ctx.path, sent: ctx.receivedHead.split(' ')[1]! };
    return folder(request, ctx, server);
  };

  /** Sends the target; connections are kept as long as they are open. @returns `undefined` if the target was refused. */
  const asker = (connect: () => Promise<RawConnection>) => {
    let connection: RawConnection | undefined;
    let answers = 0;
    return async (target: string) => {
      connection ??= await connect();
      seen = undefined;
      await connection.send(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
      answers++;
      const received = await connection.receiveResponses(new Array<string>(answers).fill('GET'));
      const answer = received[answers - 1]!;
      if (answer.field('connection') === 'close' || answers === MOST_ANSWERS) {
        connection.close();
        connection = undefined;
        answers = 0;
      }
      if (seen === undefined) {
        assert.deepEqual([answer.status, answer.field('connection')], [400, 'close'], target);
        return undefined;
      }
      return { answer, seen: seen as Seen };
    };
  };

  const assertSame = async (ask: ReturnType<typeof asker>, target: string, path: string | undefined) => {
    const what = JSON.stringify(target);
    const result = await ask(target);
    assert.equal(result === undefined, path === undefined, what);
    if (result === undefined) return;
    assert.equal(result.seen.sent, target, what);
    assert.equal(pathOf(result.seen.url), path, what);
    assert.equal(new URL(result.seen.url).pathname, path, what);
    assert.equal(result.seen.path, result.seen.url.slice('http://a'.length), what);
    const content = result.answer.text;
    if (content.includes('USERS')) {
      // No proxy, whatever it makes of encodings and dot segments, can take this for another path.
      assert.match(decodeURIComponent(path!), /^\/admin\/users\.txt$/, what);
      assert.equal(result.answer.field('x-rule'), 'admin', `${what} gets past the rule`);
    }
    if (path === '/open.txt') assert.equal(content, 'OPEN', what);
  };

  for (const [index, place] of PLACES.entries()) {
    test(`RFC 3986 §3.3: each of the 256 octets at place ${index + 1} is refused, or part of the same path for all`, () =>
      withServer(handler, async ({ connect }) => {
        const ask = asker(connect);
        for (const o of OCTETS) {
          const encoded = place(percentEncoded(o));
          await assertSame(ask, encoded, withoutDots(encoded));
          // A dot or a slash makes other segments, and a question mark ends the path: the next test has those.
          if ('./?'.includes(o)) continue;
          await assertSame(ask, place(o), REFUSED.test(o) ? undefined : withoutDots(place(o)));
        }
      }));
  }

  test('RFC 3986 §5.2.4: dot segments are removed once, for all', () =>
    withServer(handler, async ({ connect }) => {
      const ask = asker(connect);
      for (const [target, path] of DOT_SEGMENTS) {
        assert.equal(withoutDots(target.replace(/\?.*/, '')), path);
        await assertSame(ask, target, path);
      }
    }));
});

/** remove_dot_segments (RFC 3986 §5.2.4), where `%2e` is a dot too. */
function withoutDots(path: string): string {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const plain = segment.replace(/%2e/gi, '.');
    const isLast = index === segments.length - 1;
    if (plain === '..') kept.pop();
    if (plain !== '.' && plain !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return `/${kept.join('/')}`;
}
