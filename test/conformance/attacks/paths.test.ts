/** Attacks on the way from a request-target to a file: out of the folder, and off to another host. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { withConnection } from '../../support/raw-client.ts';
import { parseResponses } from '../../support/response-parser.ts';
import { startServer } from '../../support/server-process.ts';

const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-paths-')));
const root = join(base, 'root');
mkdirSync(join(root, 'folder', 'inner'), { recursive: true });
writeFileSync(join(root, 'open.txt'), 'OPEN');
writeFileSync(join(root, 'folder', 'index.html'), 'INDEX');
writeFileSync(join(root, '.env'), 'SECRET');
writeFileSync(join(base, 'secret.txt'), 'SECRET');
mkdirSync(join(base, 'root-of-another'));
writeFileSync(join(base, 'root-of-another', 'secret.txt'), 'SECRET');
symlinkSync(join(base, 'secret.txt'), join(root, 'link.txt'));
symlinkSync(base, join(root, 'outside'));

const server = await startServer('../../conformance/attacks/servers/site', { root });
after(async () => {
  await server.stop();
  rmSync(base, { recursive: true });
});

/** With where it was seen; `%2e` and its kind stand as they are sent. */
const TRAVERSALS: Record<string, readonly string[]> = {
  'dot segments': [
    '/../secret.txt',
    '/folder/../../secret.txt',
    '/./../secret.txt',
    '/folder/../../../../../../etc/passwd',
  ],
  'percent-encoded dots: CVE-2021-41773, CVE-2021-42013 (Apache httpd)': [
    '/%2e%2e/secret.txt',
    '/.%2e/secret.txt',
    '/%2E./secret.txt',
    '/folder/.%2e/%2e%2e/secret.txt',
    '/%%32%65%%32%65/secret.txt',
    '/%252e%252e/secret.txt',
  ],
  'percent-encoded separators': [
    '/..%2fsecret.txt',
    '/..%2Fsecret.txt',
    '/folder%2f..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/%2fetc%2fpasswd',
    '/..%252fsecret.txt',
    '/..%255csecret.txt',
  ],
  'backslashes: CVE-2001-0333 (IIS)': [
    '/..\\secret.txt',
    '\\..\\secret.txt',
    '/folder\\..\\..\\secret.txt',
    '/..\\..\\etc\\passwd',
  ],
  'overlong UTF-8: CVE-2000-0884 (IIS), CVE-2008-2938 (Tomcat)': [
    '/%c0%ae%c0%ae/secret.txt',
    '/..%c0%afsecret.txt',
    '/..%c1%9csecret.txt',
    '/%e0%80%ae%e0%80%ae/secret.txt',
    '/%ef%bc%8e%ef%bc%8e/secret.txt',
    '/..%ef%bc%8fsecret.txt',
    '/%u002e%u002e/secret.txt',
  ],
  'path parameters: CVE-2007-0450 (Tomcat), CVE-2020-5902 (BIG-IP)': [
    '/..;/secret.txt',
    '/folder/..;/..;/secret.txt',
    '/..;a=b/secret.txt',
    '/.;/secret.txt',
    '/%2e%2e;/secret.txt',
  ],
  'an alias off by a slash: CVE-2018-19052 (lighttpd), nginx': [
    '/folder../secret.txt',
    '/..root-of-another/secret.txt',
    '/../root-of-another/secret.txt',
    '/folder..%2fsecret.txt',
  ],
  'absolute paths': [
    '//etc/passwd',
    '///etc/passwd',
    '/%2f/etc/passwd',
    '/file:///etc/passwd',
    '/c:/secret.txt',
    '/C:%5csecret.txt',
  ],
  'NUL and controls: CVE-2006-7243 (PHP)': [
    '/open.txt%00.html',
    '/..%00/secret.txt',
    '/secret.txt%00',
    '/open.txt%0a',
    '/open.txt%0d%0aX-Injected:1',
    '/%00',
  ],
  'hidden files': ['/.env', '/%2eenv', '/folder/../.env', '/.env/', '/.env%20', '/.ENV'],
  'symbolic links that lead outside': ['/link.txt', '/outside/secret.txt', '/outside/'],
};

describe('paths', () => {
  test('RFC 9110 §17.3: no target reads a file outside the folder, or one that is hidden', async () => {
    for (const [attack, targets] of Object.entries(TRAVERSALS)) {
      for (const target of targets) {
        const { answer, transcript } = await get(target);
        const explain = `${attack}\n${transcript}`;
        assert.ok(answer.status === 400 || answer.status === 404, explain);
        assert.doesNotMatch(answer.text, /SECRET|root:/, explain);
        assert.equal(answer.field('x-injected'), undefined, explain);
      }
    }
    for (const [target, text] of [
      ['/open.txt', 'OPEN'],
      ['/%6fpen.txt', 'OPEN'],
      ['/folder/../open.txt', 'OPEN'],
      ['/folder/', 'INDEX'],
    ] as const) {
      const { answer } = await get(target);
      assert.deepEqual([answer.status, answer.text], [200, text], target);
    }
  });

  // CVE-2015-1164 (serve-static), CVE-2021-21330 (aiohttp), CVE-2023-28370 (Tornado), CVE-2018-14574 (Django)
  test('RFC 9110 §10.2.2: a redirect to a folder never leads to another host, whatever the target begins with', async () => {
    const targets = [
      '//folder',
      '///folder',
      '/\\folder',
      '\\\\folder',
      '/%2ffolder',
      '/%5cfolder',
      '//a/..//folder',
      '//evil.example/%2e%2e/folder',
      '/%2f%2fevil.example/..%2ffolder',
      '/.//folder',
      '/folder/..//folder',
      '/%09/folder',
      '//folder/%2e%2e/folder',
      '//evil.example//../../folder',
      '/\\evil.example\\..\\..\\folder',
      '/folder',
      '/folder/inner',
    ];
    let redirects = 0;
    for (const target of targets) {
      const { answer, transcript } = await get(target);
      if (answer.status !== 302) {
        assert.ok(answer.status === 400 || answer.status === 404, transcript);
        continue;
      }
      redirects++;
      // As browsers resolve it: against the URL that they asked for.
      const location = new URL(answer.field('location') ?? '', `http://a${target}`);
      assert.equal(location.host, 'a', transcript);
      assert.match(location.pathname, /^\/+folder(\/inner)?\/$/, transcript);
      assert.match(answer.field('location') ?? '', /^\.\/(folder|inner)\/$/, transcript);
    }
    assert.ok(redirects >= 2, 'at least the plain ones are redirected');
  });

  test('RFC 9112 §11.1: what a redirect takes over of the query can not split the head', async () => {
    for (const query of [
      '?a%0d%0aX-Injected:%201',
      '?%0aX-Injected:1',
      '?\'"<>',
      '?\\\\evil.example',
      '?//evil.example',
      '?%c4%8d%c4%8aX-Injected:1',
    ]) {
      const { answer, transcript } = await get(`/folder${query}`);
      assert.equal(answer.status, 302, transcript);
      assert.equal(answer.field('x-injected'), undefined, transcript);
      assert.ok((answer.field('location') ?? '').startsWith('./folder/?'), transcript);
    }
  });
});

function get(target: string) {
  return withConnection(server, async (connection) => {
    await connection.send(`GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    const { octets } = await connection.receiveAll();
    const [answer] = parseResponses(octets, ['GET'], true);
    return { answer: answer!, transcript: connection.transcript() };
  });
}
