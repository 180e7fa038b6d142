/** `serval get ws://…`, as a process of its own, against a server of this process. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { after, test } from 'node:test';
import {
  type ConnectContext,
  PROTOCOL_MARKER,
  Response as ServalResponse,
  serve,
} from '../../../src/index.ts';
import type { ServerWebSocket } from '../../../src/websocket/index.ts';
import { rawWebSocketServer } from '../../client/websocket/raw-websocket-server.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';
import { MAIN } from '../serval-process.ts';

const authority = certificateAuthority();
const { cert, key } = authority.issue(['127.0.0.1']);
const sockets: ServerWebSocket[] = [];
const handler = {
  [PROTOCOL_MARKER]: 1 as const,
  fetch: () => new ServalResponse('plain', { status: 426 }),
  connect(ctx: ConnectContext) {
    const { pathname } = new URL(ctx.request.url);
    if (pathname === '/none') return new ServalResponse(null, { status: 404 });
    const socket = ctx.upgradeWebSocket();
    socket.binaryType = 'arraybuffer';
    sockets.push(socket);
    socket.onmessage = ({ data }) => {
      if (data === 'version') socket.send(`${ctx.alpnProtocol} ${ctx.request.headers.get('authorization')}`);
      else if (data === 'binary') socket.send(new Uint8Array([0, 1, 255]));
      else if (data === 'late') setTimeout(() => socket.send('late'), 100);
      else if (data === 'tick') setInterval(() => socket.send('tick'), 50).unref();
      else if (data === 'close') socket.close(4000, 'as you wish');
      else socket.send(data);
    };
    return undefined;
  },
};
const at = { port: 0, hostname: '127.0.0.1' };
const clear = serve(handler, at);
const secure = serve(handler, { ...at, tls: { cert, key } });
await Promise.all([clear.ready, secure.ready]);
const url = `ws://127.0.0.1:${[...clear][0]!.address.port}`;
const secureUrl = `wss://127.0.0.1:${[...secure][0]!.address.port}`;

after(async () => {
  await Promise.all([clear.destroy(), secure.destroy()]);
});

class Session {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = '';
  stderr = '';

  constructor(...words: string[]) {
    this.child = spawn(process.execPath, [MAIN, 'get', ...words], { env: { ...process.env, NO_COLOR: '1' } });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
  }

  async end(input = ''): Promise<{ code: number; stdout: string; stderr: string }> {
    this.child.stdin.end(input);
    const [code] = (await once(this.child, 'close')) as [number];
    return { code, stdout: this.stdout, stderr: this.stderr };
  }
}

test('serval get ws: each line is a message, each message a line, and the end of the input closes', async () => {
  for (const options of [[], ['--http2-prior-knowledge'], ['--http1.1']]) {
    const outcome = await new Session(url, ...options).end('one\ntwo\r\n\nthree');
    assert.deepEqual(outcome, { code: 0, stdout: 'one\ntwo\n\nthree\n', stderr: '' });
  }
});

test('serval get ws: it goes on while the input is open, and messages come as they are sent', async () => {
  const session = new Session(url);
  session.child.stdin.write('first\n');
  await until('the answer is there', () => session.stdout === 'first\n');
  sockets.at(-1)!.send('not asked for');
  await until('that, too', () => session.stdout === 'first\nnot asked for\n');
  assert.deepEqual(await session.end('last\n'), {
    code: 0,
    stdout: 'first\nnot asked for\nlast\n',
    stderr: '',
  });
});

test('serval get ws: the end of the input waits for what the server still has to say, but not for ever', async () => {
  const [late, ticking] = await Promise.all([new Session(url).end('late\n'), new Session(url).end('tick\n')]);
  assert.deepEqual(late, { code: 0, stdout: 'late\n', stderr: '' });
  assert.equal(ticking.code, 0);
  assert.match(ticking.stdout, /^(tick\n){20,}$/);
});

test('serval get ws: binary messages are written as they are, without a line break', async () => {
  const session = new Session(url);
  session.child.stdout.setEncoding('latin1');
  assert.equal((await session.end('binary\nx\n')).stdout, '\x00\x01\xffx\n');
});

test('serval get wss: HTTP/2 where the server allows it, --http1.1, and a user', async () => {
  const certificate = ['--cacert', authority.certFile];
  const { stdout } = await new Session(secureUrl, ...certificate, '-u', 'ann:secret').end('version\n');
  assert.equal(stdout, `h2 Basic ${Buffer.from('ann:secret').toString('base64')}\n`);
  assert.equal((await new Session(secureUrl, '-k', '--http1.1').end('version\n')).stdout, 'http/1.1 null\n');
  const { code, stderr } = await new Session(secureUrl).end();
  assert.deepEqual([code, /^serval: The certificate of 127\.0\.0\.1 /.test(stderr)], [60, true]);
});

test('serval get ws -v: the handshake, the frames, and the close', async () => {
  const { stderr, stdout } = await new Session('-v', `${url}/chat`).end('hello\n');
  assert.equal(stdout, 'hello\n');
  for (const line of [
    /^\* 127\.0\.0\.1 port \d+, a new connection$/m,
    /^> GET \/chat HTTP\/1\.1 /m,
    /^> Sec-WebSocket-Key: \S+ +The answer .*\(RFC 6455 §11\.3\.1\)$/m,
    /^< HTTP\/1\.1 101 Switching Protocols /m,
    /^< Sec-WebSocket-Accept: \S+ +The proof .*\(RFC 6455 §11\.3\.3\)$/m,
    /^\* → text, 5 bytes, FIN MASK$/m,
    /^\* ← text, 5 bytes, FIN$/m,
    /^\* → close, 2 bytes, FIN MASK, 1000$/m,
    /^\* ← close, 2 bytes, FIN, 1000$/m,
    /^\* connect +[\d.]+ ms/m,
  ])
    assert.match(stderr, line);
  const http2 = await new Session('-v', '--http2-prior-knowledge', url).end('hello\n');
  for (const line of [
    /^> :method: CONNECT /m,
    /^> :protocol: websocket +The protocol of the tunnel\. \(RFC 8441 §4\)$/m,
    /^\* → HEADERS, stream 1, /m,
    /^\* ← text, 5 bytes, FIN$/m,
  ])
    assert.match(http2.stderr, line);
});

test('serval get ws: exit codes', async () => {
  const cases: [words: string[], input: string, code: number, stderr: RegExp][] = [
    [
      [`${url}/none`],
      '',
      22,
      /^serval: The server has not opened the WebSocket: it answered 404 \(RFC 6455 §4\.1\)\.\n$/,
    ],
    [[url], 'close\n', 56, /^serval: the WebSocket was closed with 4000: as you wish\.\n$/],
    [[`${url}/#fragment`], '', 3, /^serval: WebSocket: a URL must not have a fragment \(RFC 6455 §3\)\.\n$/],
    [['ws://127.0.0.1:1/'], '', 7, /^serval: No connection: /],
  ];
  for (const [words, input, code, stderr] of cases) {
    const outcome = await new Session(...words).end(input);
    assert.deepEqual([outcome.code, outcome.stdout], [code, '']);
    assert.match(outcome.stderr, stderr);
  }
});

test('serval get ws: a connection that is lost', async () => {
  await using server = await rawWebSocketServer();
  const session = new Session(server.address);
  await until('it is open', () => server.peers.length === 1);
  server.peers[0]!.octets.destroy();
  const [code] = (await once(session.child, 'close')) as [number];
  assert.deepEqual([code, session.stderr], [56, 'serval: the connection was lost without a close (1006).\n']);
});

test('serval get ws: --max-time ends the handshake, and what follows it', async () => {
  await using silent = await rawWebSocketServer(() => undefined);
  for (const address of [url, silent.address]) {
    const session = new Session('-m', '1', address);
    const [code] = (await once(session.child, 'close')) as [number];
    assert.deepEqual([code, session.stderr], [28, 'serval: it took longer than --max-time.\n']);
  }
});
