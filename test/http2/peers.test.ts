/**
 * The engine and other implementations: each of them over a socket of its own on loopback. Programs that are not installed are
 * skipped.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import { type AddressInfo, connect, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { Http2ClientConnection } from '../../src/http2/client-connection.ts';
import { CONTENT, CONTENT_END, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/http2/results.ts';
import { nativeRuntime } from '../../src/io/native-runtime.ts';
import { limited } from './conversation.ts';
import { netServer } from './net-server.ts';
import { requestStart } from './test-client.ts';

const run = promisify(execFile);
const isInstalled = (program: string) => spawnSync(program, ['--version']).status === 0;
const sha256 = (octets: Uint8Array) => createHash('sha256').update(octets).digest('hex');

describe('HTTP/2 clients', () => {
  let server: Server;
  let origin = '';

  before(async () => {
    // nghttp sends 24 KiB of fields to need CONTINUATION.
    server = netServer(undefined, limited({ fieldSection: 32 * 1024 }));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  /** A request of node:http2. */
  async function ask(
    session: http2.ClientHttp2Session,
    headers: http2.OutgoingHttpHeaders,
    content?: Uint8Array,
  ): Promise<{ head: http2.IncomingHttpHeaders; content: Buffer }> {
    const stream = session.request(headers, { endStream: content === undefined });
    if (content !== undefined) stream.end(content);
    const response = once(stream, 'response');
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    const [head] = (await response) as [http2.IncomingHttpHeaders];
    return { head, content: Buffer.concat(pieces) };
  }

  test('node:http2: a thousand requests over one connection, and large content both ways', async () => {
    const session = http2.connect(origin);
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => ask(session, { ':path': `/${i}` })),
    );
    for (const { head, content } of answers) {
      assert.equal(head[':status'], 200);
      assert.equal(head['content-type'], 'text/plain');
      assert.equal(String(content), 'Hello, world!');
    }
    assert.equal((await ask(session, { ':path': '/size/5000000' })).content.length, 5_000_000);
    const content = randomBytes(3_000_000);
    const echoed = await ask(session, { ':method': 'POST', ':path': '/' }, content);
    assert.equal(sha256(echoed.content), sha256(content));
    session.close();
  });

  test('node:http2: headers of a browser are understood each time they are repeated', async () => {
    const session = http2.connect(origin);
    for (let i = 0; i < 20; i++) {
      const { head } = await ask(session, {
        ':path': `/${i % 3}`,
        cookie: `session=${'x'.repeat(30)}; theme=dark`,
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)',
        'x-changes': String(i),
      });
      assert.equal(head[':status'], 200);
    }
    session.close();
  });

  const curl = isInstalled('curl') ? false : 'curl is not installed';
  test('curl: with prior knowledge', { skip: curl }, async () => {
    const what = ['--silent', '--http2-prior-knowledge', '--max-time', '30'];
    const { stdout } = await run('curl', [
      ...what,
      '--write-out',
      ' %{http_version} %{http_code}',
      `${origin}/a`,
    ]);
    assert.equal(stdout, 'Hello, world! 2 200');
    const { stdout: echoed } = await run('curl', [...what, '--data', 'posted', `${origin}/`]);
    assert.equal(echoed, 'posted');
  });

  const nghttp = isInstalled('nghttp') ? false : 'nghttp is not installed';
  test('nghttp: with CONTINUATION, padding and priorities', { skip: nghttp }, async () => {
    const { stdout } = await run('nghttp', [
      '-v',
      '-n',
      '--continuation',
      '-b',
      '64',
      '-m',
      '5',
      `${origin}/size/20000`,
    ]);
    assert.equal(stdout.match(/:status: 200/g)?.length, 5);
    assert.doesNotMatch(stdout, /RST_STREAM|PROTOCOL_ERROR/);
  });

  const h2load = isInstalled('h2load') ? false : 'h2load is not installed';
  test('h2load: a thousand requests, 50 at once', { skip: h2load }, async () => {
    const { stdout } = await run('h2load', ['-n', '1000', '-c', '2', '-m', '50', `${origin}/`]);
    assert.match(stdout, /1000 succeeded, 0 failed, 0 errored/);
  });
});

test('node:http2 as a server: requests with and without content, all at once', async () => {
  const server = http2.createServer((request, response) => {
    response.setHeader('x-path', request.url);
    request.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  const client = new Http2ClientConnection({ runtime: nativeRuntime });
  const received = new Map<number, string>();
  const flush = () => {
    for (let output = client.output(); output !== undefined; output = client.output()) socket.write(output);
  };
  const content = 'x'.repeat(300_000);
  let open = 60;
  const done = new Promise<void>((resolve, reject) => {
    socket.on('data', (octets) => {
      client.receive(octets);
      for (let answer = client.next(); answer !== NEED_OCTETS; answer = client.next()) {
        const id = client.stream?.id ?? 0;
        if (answer === REJECTED) return reject(new Error(client.error!.sentence));
        if (answer === MESSAGE_HEAD)
          received.set(id, `${client.response!.status} ${client.response!.fields.get('x-path')} `);
        if (answer === CONTENT) {
          received.set(id, received.get(id)! + Buffer.from(client.content).toString('latin1'));
          client.consumed(client.stream!, client.content.length);
        }
        if ((answer === CONTENT_END || client.stream?.hasReceivedEnd === true) && --open === 0) resolve();
      }
      flush();
    });
  });
  await once(socket, 'connect');
  for (let i = 0; i < 60; i++) {
    const isPost = i % 3 === 0;
    const stream = client.request(
      requestStart({
        scheme: 'http',
        path: `/${i}`,
        method: isPost ? 'POST' : 'GET',
        contentLength: isPost ? content.length : undefined,
      }),
    );
    if (isPost) client.sendData(stream, Buffer.from(content), true);
  }
  flush();
  await done;
  for (let i = 0; i < 60; i++)
    assert.equal(received.get(2 * i + 1), `200 /${i} ${i % 3 === 0 ? content : ''}`, `request ${i}`);
  socket.destroy();
  server.close();
});
