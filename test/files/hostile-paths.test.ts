/**
 * Some thousand request-targets that somebody might hope to get out of the folder with, sent as they are, and a secret beside
 * the folder whose octets no answer may hold.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { type ParsedResponse, parseResponses } from '../support/response-parser.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const SECRET = `SECRET-${randomBytes(16).toString('hex')}`;

const base = realpathSync(mkdtempSync(join(tmpdir(), 'serval-hostile-')));
const root = join(base, 'root');
mkdirSync(join(root, 'folder', 'inner'), { recursive: true });
mkdirSync(join(base, 'root-of-another'));
writeFileSync(join(root, 'open.txt'), 'OPEN');
writeFileSync(join(root, 'folder', 'open.txt'), 'OPEN');
for (const path of ['secret.txt', 'root-of-another/secret.txt', '.secret', 'secret.html']) {
  writeFileSync(join(base, path), SECRET);
}
writeFileSync(join(root, '.secret'), SECRET);
symlinkSync('../secret.txt', join(root, 'relative.txt'));
symlinkSync(join(base, 'secret.txt'), join(root, 'absolute.txt'));
symlinkSync('relative.txt', join(root, 'twice.txt'));
symlinkSync(base, join(root, 'outside'));
symlinkSync('..', join(root, 'folder', 'up'));
symlinkSync('../..', join(root, 'folder', 'up-twice'));
symlinkSync('/', join(root, 'system'));
// What stands in for something else leads outside as well.
symlinkSync('../../secret.txt', join(root, 'folder', 'open.txt.br'));
symlinkSync('../../secret.txt', join(root, 'folder', 'index.html'));
symlinkSync('../secret.html', join(root, '404.html'));
symlinkSync('../secret.html', join(root, 'index.html'));
symlinkSync('../secret.html', join(root, 'page.html'));

const SITE = '../../conformance/attacks/servers/site';
const servers: ServerProcess[] = [
  await startServer(SITE, { root }),
  await startServer(SITE, { root, options: { spa: true, cleanUrls: true, listing: true, dotfiles: false } }),
];
const open = await startServer(SITE, { root, options: { symlinks: 'anywhere', dotfiles: true } });
after(async () => {
  for (const server of [...servers, open]) await server.stop();
  rmSync(base, { recursive: true });
});

const DOTS = [
  ...['..', '%2e%2e', '%2E%2E', '.%2e', '%2e.', '...', '....', '.', '%2e'],
  // Twice decoded: CVE-2001-0333, CVE-2021-42013.
  ...['%252e%252e', '%25252e%25252e', '%%32%65%%32%65', '%%32e%%32e', '.%%32%65'],
  // Overlong UTF-8, two to six octets: CVE-2000-0884, CVE-2008-2938.
  ...['%c0%ae%c0%ae', '%c0%2e%c0%2e', '%e0%80%ae%e0%80%ae', '%f0%80%80%ae%f0%80%80%ae', '%f8%80%80%80%ae'],
  // UTF-16, and characters that normalise to a dot: U+FF0E, U+2024, U+FE52, U+2025.
  ...[
    '%u002e%u002e',
    '%uff0e%uff0e',
    '%ef%bc%8e%ef%bc%8e',
    '%e2%80%a4%e2%80%a4',
    '%ef%b9%92%ef%b9%92',
    '%e2%80%a5',
  ],
  // Cut off, or taken off, by somebody further on: CVE-2006-7243, CVE-2007-0450.
  ...[
    '..%00',
    '%00..',
    '..;',
    '..;a=b',
    '..%3b',
    '..%20',
    '..+',
    '..%09',
    '..%0a',
    '..%23',
    '..%3f',
    '.%00.',
    '..%7f',
  ],
];
const SEPARATORS = [
  ...['/', '%2f', '%2F', '\\', '%5c', '%5C', '//', '/./', '/;/', '%2f%2f', '\\/', '/%5c'],
  ...['%252f', '%255c', '%25252f', '%%32%66', '%c0%af', '%c1%9c', '%e0%80%af', '%u2215', '%u2216'],
  ...['%ef%bc%8f', '%ef%bc%bc', '%e2%88%95', '%e2%81%84', ':', '::', '%3a'],
];
const LINKS = [
  'relative.txt',
  'absolute.txt',
  'twice.txt',
  'outside/secret.txt',
  'outside/root-of-another/secret.txt',
];
const FURTHER_LINKS = [
  'folder/up/../secret.txt',
  'folder/up-twice/secret.txt',
  'folder/up/relative.txt',
  'outside/',
];
const STAND_INS = [
  'folder/',
  'folder',
  'folder/open.txt',
  'page',
  'page.html',
  '',
  'missing',
  'index.html',
  '404.html',
];

function* targets(): Generator<string> {
  for (const dots of DOTS) {
    for (const separator of SEPARATORS) {
      const up = dots + separator;
      yield `/${up}secret.txt`;
      yield `/folder/${up}${up}secret.txt`;
      yield `/folder${separator}${up}${up}secret.txt`;
      yield `http://a/${up}root-of-another${separator}secret.txt`;
      yield `/folder/up/${up}${up}secret.txt`;
      yield `/outside${separator}${dots}${separator}${base.slice(1)}/secret.txt`;
    }
    yield `/${dots}`;
    yield `/${dots}secret.txt`;
    yield `/folder${dots}/secret.txt`;
  }
  const absolute = join(base, 'secret.txt');
  for (const separator of SEPARATORS) {
    yield `${separator}${absolute}`;
    yield `/${absolute.split('/').join(separator)}`;
    yield `/${separator}secret.txt`;
    for (const link of LINKS) yield `/${link.split('/').join(separator)}`;
    yield `/open.txt${separator}..${separator}..${separator}secret.txt`;
  }
  for (const link of [...LINKS, ...FURTHER_LINKS, ...STAND_INS]) {
    yield `/${link}`;
    yield `http://a/${link}`;
    yield `/folder/../${link}`;
    yield `/./${link}`;
    yield `/system${base}/${link}`;
    yield `/outside/root/${link}`;
  }
  for (const scheme of ['file://', 'file:///', 'c:/', 'C:%5c', '%5c%5c.%5c', '//%3f/', 'root::$DATA/']) {
    yield `/${scheme}${absolute}`;
  }
  for (const hidden of [
    '.secret',
    '%2esecret',
    'folder/../.secret',
    '.secret/',
    '.secret%20',
    './.secret',
    '.secret::$DATA',
  ]) {
    yield `/${hidden}`;
  }
  yield `/${'../'.repeat(500)}secret.txt`;
  yield `/${'%2e%2e/'.repeat(500)}${absolute}`;
  yield `/${'a/'.repeat(1000)}${'..%2f'.repeat(500)}secret.txt`;
}

/** What the answers are allowed to be made of, besides their own short texts. */
const KINDS = [
  [],
  ['Accept-Encoding: br, gzip', 'Accept: text/html', 'Sec-Fetch-Mode: navigate'],
  ['Range: bytes=0-5'],
] as const;

const ALL = [...new Set(targets())];

describe('files: hostile paths', () => {
  test(`RFC 9110 §17.3: none of ${ALL.length} targets reads a secret beside the folder`, async () => {
    assert.ok(ALL.length >= 300, `${ALL.length}`);
    let answered = 0;
    let leaks = 0;
    const statuses = new Map<number, number>();
    const ask = async (server: ServerProcess, target: string, fields: readonly string[]) => {
      const { answer, transcript } = await get(server, target, fields);
      answered++;
      if (transcript.includes(SECRET)) leaks++;
      assert.ok(!transcript.includes(SECRET), transcript);
      const { status } = answer;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      assert.ok([200, 206, 302, 400, 403, 404, 414, 421].includes(status), transcript);
      // What is answered all the same is what the target comes to below the root: the open files, or a listing of the root.
      if (status === 206) assert.equal(answer.text, 'OPEN', transcript);
      if (status === 200 && answer.text !== 'OPEN') assert.match(answer.text, /<!doctype html>/i, transcript);
      const location = answer.field('location');
      if (location !== undefined) assert.equal(new URL(location, 'http://a/').host, 'a', transcript);
    };
    // Each in one way of one server, and one of 29 in all ways of both.
    const waiting = ALL.flatMap((target, at) =>
      at % 29 === 0
        ? servers.flatMap((server) => KINDS.map((fields) => () => ask(server, target, fields)))
        : [() => ask(servers[at % servers.length]!, target, KINDS[at % KINDS.length]!)],
    );
    const work = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await next();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    assert.equal(leaks, 0);
    assert.ok(answered >= ALL.length);
    assert.ok((statuses.get(404) ?? 0) > 300 && (statuses.get(400) ?? 0) > 300);
  });

  test('the same eyes see a leak where there is one', async () => {
    for (const target of [
      '/relative.txt',
      '/absolute.txt',
      '/outside/secret.txt',
      '/.secret',
      '/folder/',
      '/missing',
    ]) {
      const { transcript } = await get(open, target, []);
      assert.ok(transcript.includes(SECRET), target);
    }
    const { transcript } = await get(open, '/folder/open.txt', ['Accept-Encoding: br']);
    assert.ok(transcript.includes(SECRET), 'as a precompressed file');
  });
});

function get(
  server: ServerProcess,
  target: string,
  fields: readonly string[],
): Promise<{ answer: ParsedResponse; transcript: string }> {
  return withConnection(server, async (connection) => {
    const lines = [`GET ${target} HTTP/1.1`, 'Host: a', 'Connection: close', ...fields];
    await connection.send(`${lines.join('\r\n')}\r\n\r\n`);
    const { octets, text } = await connection.receiveAll();
    const [answer] = parseResponses(octets, ['GET'], true);
    assert.ok(answer !== undefined, `no answer to ${target}`);
    return { answer, transcript: `${target}\n${fields.join('\n')}\n\n${text}` };
  });
}
