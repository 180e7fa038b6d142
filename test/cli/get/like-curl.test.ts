/** Options that curl has, with what curl does with them; or a refusal, but never anything else. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Response as ServalResponse, serve } from '../../../src/index.ts';
import { answering, rawServer } from '../../client/raw-server.ts';
import { CommandLines, type Outcome } from '../command-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-like-curl-'));
const server = serve(
  async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/zeros')
      return new ServalResponse(gzipSync(new Uint8Array(7_000_000)), {
        headers: { 'Content-Encoding': 'gzip' },
      });
    return ServalResponse.json({
      method: request.method,
      path: pathname,
      fields: Object.fromEntries(request.headers),
      text: await request.text(),
    });
  },
  { port: 0, hostname: '127.0.0.1' },
);
await server.ready;
const [listener] = server;
const base = `http://127.0.0.1:${listener!.address.port}`;
const commandLines = new CommandLines({ NO_COLOR: '1' });

after(async () => {
  commandLines.end();
  await server.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const get = (...words: string[]): Promise<Outcome> => commandLines.run(['get', ...words]);

interface Understood {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly text: string;
}

async function understood(...words: string[]): Promise<Understood> {
  const { code, stdout, stderr } = await get(...words);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Understood;
}

async function refusal(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await get(...words);
  assert.deepEqual([code, stdout], [2, ''], words.join(' '));
  return stderr;
}

test('serval get -d: parts are joined by &, and a file loses its line breaks, unless it is binary', async () => {
  const file = join(folder, 'data');
  writeFileSync(file, 'x\r\ny\0\n');
  assert.equal((await understood(base, '-d', 'a=1', '--data', 'b=2')).text, 'a=1&b=2');
  assert.equal((await understood(base, '-d', `@${file}`, '-d', 'b')).text, 'xy&b');
  assert.equal((await understood(base, '--data-binary', `@${file}`)).text, 'x\r\ny\0\n');
  assert.equal((await understood(base, '-d', 'a', '--data-raw', '@b', '-d', 'c')).text, 'a&@b&c');
  assert.match((await get('-d', 'a', base, base)).stdout, /"a"}\{.*"a"}$/);
  assert.equal((await get(base, '-d', `@${join(folder, 'nothing')}`)).code, 26);
  assert.deepEqual((await understood(base, '-d', '')).fields['content-length'], '0');
});

test('serval get -o: each file is for the URL in its place, and URLs without one go to standard output', async () => {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  const { stdout } = await get('-o', a, `${base}/1`, `${base}/2`, '-o', b, `${base}/3`);
  const pathOf = (text: string) => (JSON.parse(text) as Understood).path;
  assert.deepEqual(
    [a, b].map((file) => pathOf(readFileSync(file, 'utf8'))),
    ['/1', '/2'],
  );
  assert.equal(pathOf(stdout), '/3');
  assert.match(
    await refusal('-o', a, '-o', b, `${base}/1`),
    /^serval: --output ".*b": there is no URL for it\.$/m,
  );
});

test('serval get -o: empty content is an empty file, and a failed request makes none', async () => {
  await using empty = await rawServer(answering(() => 'HTTP/1.1 204 x\r\n\r\n'));
  const [made, unmade] = [join(folder, 'made'), join(folder, 'unmade')];
  assert.equal((await get(empty.url, '-o', made)).code, 0);
  assert.equal(readFileSync(made, 'utf8'), '');
  await using missing = await rawServer(answering(() => 'HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n'));
  assert.equal((await get(missing.url, '-f', '-o', unmade)).code, 22);
  assert.equal(existsSync(unmade), false);
});

test('serval get -u, http://user:password@host: the credentials are sent, and never more than once', async () => {
  const credentialsOf = async (...words: string[]) => {
    const { authorization } = (await understood(...words)).fields;
    const [scheme, text] = authorization!.split(' ') as [string, string];
    return `${scheme} ${Buffer.from(text, 'base64')}`;
  };
  const at = (user: string) => base.replace('http://', `http://${user}@`);
  assert.equal(await credentialsOf(base, '-u', 'me:se:cret'), 'Basic me:se:cret');
  assert.equal(await credentialsOf(base, '-u', 'me:'), 'Basic me:');
  assert.equal(await credentialsOf(at('me:p%40ss')), 'Basic me:p@ss');
  assert.equal(await credentialsOf(at('me')), 'Basic me:');
  assert.equal(await credentialsOf(at('me:a%zz')), 'Basic me:a%zz');
  assert.equal(await credentialsOf(at('me:x'), '-u', 'you:y'), 'Basic you:y');
  assert.equal(
    (await understood(at('me:x'), '-H', 'Authorization: Bearer z')).fields['authorization'],
    'Bearer z',
  );
  assert.match(
    await refusal(base, '-u', 'me'),
    /^serval: --user "me": expected "name:password", or a terminal/,
  );
});

test('serval get -H: a name with a colon takes a field away, with a semicolon it sends an empty one', async () => {
  const { fields } = await understood(
    base,
    ...['-H', 'Accept:', '-H', 'user-agent:', '-H', 'X-Empty;', '-H', 'X-Other: a;b', '-H', 'X-None:'],
  );
  assert.deepEqual(
    ['accept', 'user-agent', 'x-empty', 'x-other', 'x-none'].map((name) => fields[name]),
    [undefined, undefined, '', 'a;b', undefined],
  );
  assert.equal((await understood(base, '-d', 'x', '-H', 'Content-Type:')).fields['content-type'], undefined);
  assert.equal(
    (await understood(base, '-d', 'x')).fields['content-type'],
    'application/x-www-form-urlencoded',
  );
  assert.equal(
    (await understood(base, '--compressed', '-H', 'Accept-Encoding:')).fields['accept-encoding'],
    undefined,
  );
  assert.equal((await understood(base, '-H', 'Connection: close')).method, 'GET');
});

test('serval get -H: what can not be done is refused', async () => {
  for (const [line, message] of [
    ['Host:', /can't do without this field/],
    ['Content-Length:', /can't do without this field/],
    ['Transfer-Encoding: chunked', /about the connection, and can't be set/],
    ['Connection: keep-alive', /about the connection, and can't be set/],
    ['@file', /a file with fields is not supported/],
    ['nonsense', /expected a field line/],
    ['X;y', /expected a field line/],
    ['X y: z', /expected a field line/],
    ['X: a\nY: b', /expected a field line/],
  ] as const)
    assert.match(await refusal(base, '-H', line), message);
});

test('serval get -T: a URL that ends with a slash gets the name of the file', async () => {
  const file = join(folder, 'a b?.txt');
  writeFileSync(file, 'content');
  for (const [url, path] of [
    [`${base}/`, '/a%20b%3F.txt'],
    [`${base}/in/`, '/in/a%20b%3F.txt'],
    [`${base}/in`, '/in'],
    [`${base}/in/?x`, '/in/'],
  ] as const) {
    const { method, path: got, text, fields } = await understood(url, '-T', file);
    assert.deepEqual([method, got, text, fields['content-length']], ['PUT', path, 'content', '7']);
  }
  // As with -o, each file is for the URL in its place.
  const { stdout } = await get('-T', file, `${base}/1`, `${base}/2`);
  assert.match(stdout, /"PUT","path":"\/1".*"content"}\{.*"GET","path":"\/2".*""}$/);
  assert.match(
    await refusal(base, '-T', file, '-T', file),
    /^serval: --upload-file ".*": there is no URL for it/,
  );
  assert.match(await refusal(base, '-T', file, '-d', 'x'), /a request has only one content/);
});

test('serval get -i: the heads are those on the wire, of redirects too', async () => {
  await using there = await rawServer(
    answering((request) =>
      request === 0
        ? 'HTTP/1.1 302 Fo\r\nLOCATION: /b\r\nContent-Length: 0\r\n\r\n'
        : 'HTTP/1.1 200 OK\r\nX-Odd: \xe4\r\ncontent-length: 2\r\n\r\nok',
    ),
  );
  const file = join(folder, 'heads');
  assert.equal((await get('-i', '-L', there.url, '-o', file)).code, 0);
  assert.equal(
    readFileSync(file, 'latin1'),
    'HTTP/1.1 302 Fo\r\nLOCATION: /b\r\nContent-Length: 0\r\n\r\n' +
      'HTTP/1.1 200 OK\r\nX-Odd: \xe4\r\ncontent-length: 2\r\n\r\nok',
  );
});

test('serval get --max-ratio: honest content that compresses very well can be had', async () => {
  const file = join(folder, 'zeros');
  const refused = await get('--compressed', `${base}/zeros`, '-o', file);
  assert.equal(refused.code, 61);
  assert.match(refused.stderr, /more than 200 times its size \(--max-ratio\)\.$/m);
  assert.equal((await get('--compressed', '--max-ratio', '0', `${base}/zeros`, '-o', file)).code, 0);
  assert.equal(readFileSync(file).length, 7_000_000);
  assert.match(await refusal(base, '--max-ratio', 'x'), /--max-ratio "x": expected an integer from 0 on/);
});

test('serval get -4 -6: only addresses of that family', async () => {
  assert.equal((await understood(base.replace('127.0.0.1', 'localhost'), '-4')).method, 'GET');
  const { code, stderr } = await get(base, '-6', '-u', 'a:b');
  assert.equal(code, 0, stderr);
  assert.match(await refusal(base, '-4', '-6'), /exclude each other/);
});
