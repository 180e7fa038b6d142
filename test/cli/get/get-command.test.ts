/** `serval get`, run as a command line, against a server of this process. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Response as ServalResponse, serve } from '../../../src/index.ts';
import { rawServer } from '../../client/raw-server.ts';
import { CommandLines, type Outcome } from '../command-lines.ts';
import { ServalProcess } from '../serval-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-get-'));
const server = serve(
  async (request) => {
    const { pathname, origin } = new URL(request.url);
    if (pathname === '/echo')
      return new ServalResponse(
        `${request.method} ${request.headers.get('content-type')} ${await request.text()}`,
      );
    if (pathname === '/fields') return ServalResponse.json(Object.fromEntries(request.headers));
    if (pathname === '/redirect') return ServalResponse.redirect(`${origin}/hello`);
    if (pathname === '/gzip')
      return new ServalResponse(gzipSync('unpacked') as Uint8Array<ArrayBuffer>, {
        headers: { 'Content-Encoding': 'gzip' },
      });
    if (pathname === '/never') return new Promise(() => {});
    if (pathname === '/octets') return new ServalResponse(new Uint8Array(300_000).map((_, i) => i));
    return new ServalResponse('hello\n', { status: pathname === '/missing' ? 404 : 200 });
  },
  { port: 0, hostname: '127.0.0.1' },
);
await server.ready;
const [listener] = server;
const base = `http://127.0.0.1:${listener!.address.port}`;

const NO_COLOR = { NO_COLOR: '1' };
const commandLines = new CommandLines(NO_COLOR);

after(async () => {
  commandLines.end();
  await server.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const get = (...words: string[]): Promise<Outcome> => commandLines.run(['get', ...words]);

/** As a process of its own, whose end is part of what is looked at. */
async function getAlone(...words: string[]): Promise<Outcome> {
  const serval = new ServalProcess(['get', ...words], NO_COLOR);
  const code = await serval.exit();
  return { code: code ?? -1, stdout: serval.stdout, stderr: serval.stderr };
}

test('serval get: the content goes to standard output, and nothing else anywhere', async () => {
  assert.deepEqual(await getAlone(`${base}/hello`), { code: 0, stdout: 'hello\n', stderr: '' });
  assert.equal((await get(base.slice('http://'.length))).stdout, 'hello\n');
});

test('serval get -v: both heads line by line with what they are for, the connection, the content and the time', async () => {
  const { code, stdout, stderr } = await getAlone('-v', `${base}/a`, `${base}/b`);
  assert.deepEqual([code, stdout], [0, 'hello\nhello\n']);
  for (const line of [
    /^\* 127\.0\.0\.1 port \d+, a new connection$/m,
    /^\* 127\.0\.0\.1 port \d+, the connection that was kept \(RFC 9112 §9\.3\)$/m,
    /^> GET \/a HTTP\/1\.1 +The method.*\(RFC 9112 §3\)$/m,
    /^> Host: 127\.0\.0\.1:\d+ +\S.*\(RFC 9110 §7\.2\)$/m,
    /^>$/m,
    /^< HTTP\/1\.1 200 OK +\S.*\(RFC 9112 §4\)$/m,
    /^< Content-Length: 6 +Bytes of content\. \(RFC 9110 §8\.6\)$/m,
    /^\* 6 bytes of content, framed by Content-Length \(RFC 9112 §6\.2\)$/m,
    /^\* connect +[\d.]+ ms {2}.*[█▏▎▍▌▋▊▉]/m,
    /^\* wait +[\d.]+ ms/m,
  ])
    assert.match(stderr, line);
  assert.equal(stderr.match(/^\* connect/gm)?.length, 1);
});

test('serval get: --http2-prior-knowledge, --http2 and --http1.1 choose the version, and -v shows the frames', async () => {
  const { code, stdout, stderr } = await get('-v', '-i', '--http2-prior-knowledge', `${base}/a`, `${base}/b`);
  assert.equal(code, 0);
  assert.match(stdout, /^(?:HTTP\/2 200 \r\n(?:[a-z-]+: .*\r\n)+\r\nhello\n){2}$/);
  for (const line of [
    /^\* 127\.0\.0\.1 port \d+, the connection that was kept /m,
    /^> :method: GET +The method\. \(RFC 9113 §8\.3\.1\)$/m,
    /^> :authority: 127\.0\.0\.1:\d+ +\S.*\(RFC 9113 §8\.3\.1\)$/m,
    /^\* → SETTINGS, the connection, \d+ bytes, ENABLE_PUSH 0, INITIAL_WINDOW_SIZE \d+, /m,
    /^\* → HEADERS, stream 3, \d+ bytes, END_STREAM END_HEADERS$/m,
    /^\* ← SETTINGS, the connection, \d+ bytes, MAX_CONCURRENT_STREAMS \d+, /m,
    /^\* ← SETTINGS, the connection, 0 bytes, ACK$/m,
    /^< :status: 200 +The status\. \(RFC 9113 §8\.3\.2\)$/m,
    /^\* 6 bytes of content, in DATA frames \(RFC 9113 §6\.1\)$/m,
  ])
    assert.match(stderr, line);
  for (const option of ['--http2', '--http1.1'])
    assert.match((await get('-i', option, base)).stdout, /^HTTP\/1\.1 200 OK\r\n/);
  const both = await get('--http1.1', '--http2', base);
  assert.deepEqual([both.code, both.stderr], [2, 'serval: --http1.1 and --http2 exclude each other.\n']);
});

test('serval get: methods, fields and content are what the options say', async () => {
  assert.equal((await get(`${base}/echo`, '-d', 'a=b')).stdout, 'POST application/x-www-form-urlencoded a=b');
  const file = join(folder, 'up.txt');
  writeFileSync(file, 'from a file');
  assert.equal((await get(`${base}/echo`, '-T', file)).stdout, 'PUT null from a file');
  assert.match(
    (await get(`${base}/echo`, '-d', `@${file}`, '-X', 'PATCH', '-H', 'Content-Type: x/y')).stdout,
    /^PATCH x\/y from a file$/,
  );
  const fields = JSON.parse(
    (await get(`${base}/fields`, '-H', 'X-A: b', '-u', 'me:secret')).stdout,
  ) as Record<string, string>;
  assert.deepEqual([fields['x-a'], fields['authorization']], ['b', 'Basic bWU6c2VjcmV0']);
  assert.equal(fields['accept-encoding'], undefined);
});

test('serval get: the head is shown with the content, or instead of it', async () => {
  const included = await get('-i', `${base}/hello`);
  assert.match(included.stdout, /^HTTP\/1\.1 200 OK\r\n(?:[A-Za-z-]+: .*\r\n)+\r\nhello\n$/);
  const head = await get('-I', `${base}/hello`);
  assert.match(head.stdout, /^HTTP\/1\.1 200 OK\r\n(?:[A-Za-z-]+: .*\r\n)+\r\n$/);
});

test('serval get -L: a redirect is followed', async () => {
  assert.match((await get('-i', `${base}/redirect`)).stdout, /^HTTP\/1\.1 302 Found/);
  const followed = await get('-L', '-v', `${base}/redirect`);
  assert.equal(followed.stdout, 'hello\n');
  assert.match(followed.stderr, /^\* 302 leads to http:\/\/127\.0\.0\.1:\d+\/hello$/m);
});

test('serval get: content is not decoded without --compressed', async () => {
  const { stdout } = await get(`${base}/gzip`, '--compressed');
  assert.equal(stdout, 'unpacked');
  const file = join(folder, 'gzipped');
  await get(`${base}/gzip`, '-o', file);
  assert.deepEqual(readFileSync(file), gzipSync('unpacked'));
});

test('serval get -o: the file has every octet', async () => {
  const file = join(folder, 'octets');
  assert.deepEqual(await get(`${base}/octets`, '-o', file), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual(readFileSync(file), Buffer.from(new Uint8Array(300_000).map((_, i) => i)));
});

/** Failures that leave something behind which could keep a process from its end: a connection that is open, an exchange. */
const ALONE = [22, 28];

test('serval get: each failure is one clear line, and the exit code that curl has for it', async () => {
  await using http2 = await rawServer((socket) => socket.end('HTTP/2.0 200 OK\r\n\r\n'));
  await using cut = await rawServer((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello'),
  );
  await using silent = await rawServer((socket) => socket.end());
  await using coded = await rawServer((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello'),
  );
  const rows: [code: number, stderr: RegExp, ...words: string[]][] = [
    [1, /ftp: is not supported/, 'ftp://127.0.0.1/'],
    [3, /expected a URL/, 'http://'],
    [6, /ENOTFOUND|EAI_AGAIN/, 'http://nowhere.invalid/'],
    [7, /ECONNREFUSED/, 'http://127.0.0.1:9/'],
    [8, /RFC 9112 §2\.3/, http2.url],
    [18, /RFC 9112 §8/, cut.url],
    [22, /404/, '-f', `${base}/missing`],
    [23, /can't be written/, `${base}/hello`, '-o', join(folder, 'no', 'such', 'folder')],
    [26, /ENOENT/, `${base}/echo`, '-T', join(folder, 'nothing')],
    [28, /--max-time/, `${base}/never`, '-m', '0.2'],
    [52, /closed the connection before it sent a response/, silent.url],
    [61, /Content-Encoding/, '--compressed', coded.url],
    [2, /needs a URL/],
    [2, /did you mean --verbose/, '--verbos', base],
    [2, /expected a field line/, '-H', 'nonsense', base],
    [2, /--max-time "soon"/, '-m', 'soon', base],
  ];
  for (const [code, stderr, ...words] of rows) {
    const outcome = await (ALONE.includes(code) ? getAlone : get)(...words);
    assert.equal(outcome.code, code, `${words}: ${outcome.stderr}`);
    assert.match(outcome.stderr, /^serval: [^\n]+\n$/, `${words}`);
    assert.match(outcome.stderr, stderr);
  }
});

test('serval get -v: control characters in a head are escaped', async () => {
  await using server = await rawServer((socket) =>
    socket.end(Buffer.from('HTTP/1.1 200 \x9b31mred\r\nX: a\x85b\tc\r\nContent-Length: 0\r\n\r\n', 'latin1')),
  );
  const { stderr } = await get('-v', server.url);
  assert.match(stderr, /200 \\x9b31mred/);
  assert.match(stderr, /X: a\\x85b c/);
});

test('serval get --help is the page about it', async () => {
  for (const words of [['--help'], ['-h']]) assert.match((await get(...words)).stdout, /^serval get <url>/);
});
