/** The choice between HTTP/1.1 and HTTP/2: by ALPN for https, by the option for http; and servers of the runtime. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { WireConnection, WireFrame } from '../../../src/client/connection/wire-observer.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { serve } from '../../../src/index.ts';
import { certificateAuthority } from '../../support/certificates.ts';

const authority = certificateAuthority();
const identity = authority.issue(['localhost', '127.0.0.1']);
const { cert, key } = identity;
const TRUST: ClientOptions = { tls: { ca: authority.cert } };

/** A Serval that answers with the version of the request and its content. */
async function secureServal(protocols?: 'http/1.1') {
  const tls = { cert, key, ...(protocols !== undefined && { alpn: [protocols] }) };
  const server = serve(
    async (request, { alpnProtocol }) => new ServalResponse(`${alpnProtocol} ${await request.text()}`),
    { port: 0, hostname: '127.0.0.1', tls },
  );
  await server.ready;
  const [listener] = server;
  return {
    url: `https://localhost:${listener!.address.port}/`,
    async [Symbol.asyncDispose]() {
      await server.destroy();
    },
  };
}

/** A server of the runtime. */
async function nodeServer(secure: boolean, listener: Parameters<typeof http2.createServer>[1]) {
  const server = secure
    ? http2.createSecureServer({ cert, key, allowHTTP1: true }, listener as never)
    : http2.createServer(listener);
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session: http2.ServerHttp2Session) => sessions.add(session));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${secure ? 'https' : 'http'}://localhost:${port}/`,
    sessions,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const textOf = async (answer: Promise<Response>): Promise<string> => (await answer).text();
const localhost: ClientOptions = {
  lookup: (_name, _options, callback) => callback(null, '127.0.0.1', 4),
};

test('RFC 9113 §3.2: h2 and http/1.1 are offered by ALPN, and the first requests at once share the connection', async () => {
  await using server = await secureServal();
  await using client = new Client({ ...localhost, ...TRUST });
  const connections: WireConnection[] = [];
  const observer = { onConnection: (connection: WireConnection) => void connections.push(connection) };
  const bodies = Array.from({ length: 50 }, (_, i) => String(i));
  const answers = bodies.map((body) => textOf(client.fetch(server.url, { method: 'PUT', body, observer })));
  assert.deepEqual(
    await Promise.all(answers),
    bodies.map((body) => `h2 ${body}`),
  );
  assert.equal(client.connections, 1);
  assert.deepEqual([...new Set(connections.map(({ security }) => security?.alpnProtocol))], ['h2']);
  assert.equal(connections.filter(({ isReused }) => !isReused).length, 1);
  const response = await client.fetch(server.url);
  assert.equal(response.httpVersion, '2');
});

test('RFC 9113 §3.2: a server that chooses http/1.1 gets requests at once over several connections', async () => {
  for (const [options, protocols] of [
    [{ http2: false }, undefined],
    [{}, 'http/1.1'],
    [{ http2: 'prior-knowledge' }, 'http/1.1'],
  ] as const) {
    await using server = await secureServal(protocols);
    await using client = new Client({ ...localhost, ...TRUST, ...options, limits: { maxConnections: 3 } });
    const answers = Array.from({ length: 9 }, () => textOf(client.fetch(server.url)));
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(['http/1.1 ']));
    assert.equal(client.connections, 3);
  }
});

test('client: every request that waits for a shared connection fails when it can not be made', async () => {
  await using server = await secureServal();
  await using client = new Client(localhost);
  const answers = Array.from({ length: 5 }, () => client.fetch(server.url).catch((error) => error.code));
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(['ERR_HTTP_TLS_CERTIFICATE']));
  assert.equal(client.connections, 0);
});

test('RFC 9113 §3.3: an http URL uses HTTP/2 only by prior knowledge', async () => {
  await using server = await nodeServer(false, (_request, response) => void response.end('ok'));
  await using client = new Client({ ...localhost, http2: 'prior-knowledge' });
  const response = await client.fetch(server.url);
  assert.deepEqual([response.httpVersion, await response.text()], ['2', 'ok']);
  await using other = new Client(localhost);
  await assert.rejects(other.fetch(server.url));
});

for (const secure of [false, true]) {
  test(`client: a server of node:http2 ${secure ? 'over TLS' : 'without TLS'}`, async () => {
    await using server = await nodeServer(secure, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => void chunks.push(chunk));
      request.on('end', () => {
        const content = Buffer.concat(chunks);
        response.writeEarlyHints({ link: '</a>; rel=preload' });
        response.setHeader('x-authority', request.authority);
        response.setHeader('x-sum', request.trailers['x-sum'] ?? '');
        response.addTrailers({ 'x-back': 'yes' });
        response.end(content);
      });
    });
    await using client = new Client({ ...localhost, ...TRUST, http2: 'prior-knowledge' });
    const sizes = [0, 1, 65_535, 65_536, 1_000_000];
    const hints: number[] = [];
    const answers = sizes.map(async (size) => {
      const response = await client.fetch(server.url, {
        method: 'PUT',
        body: new Blob([Buffer.alloc(size, 'x')]).stream(),
        trailers: () => ({ 'X-Sum': String(size) }),
        onInformational: (status) => void hints.push(status),
      });
      const { headers } = response;
      const content = await response.text();
      assert.equal((await response.trailers).get('x-back'), 'yes');
      assert.equal(headers.get('x-authority'), new URL(server.url).host);
      return [content.length, headers.get('x-sum')];
    });
    assert.deepEqual(
      await Promise.all(answers),
      sizes.map((size) => [size, String(size)]),
    );
    assert.deepEqual(hints, [103, 103, 103, 103, 103]);
    assert.equal(server.sessions.size, 1);
    assert.equal((await client.fetch(server.url, { method: 'HEAD' })).status, 200);
  });
}

test('RFC 9113 §7: a server that requires HTTP/1.1 gets the request again over HTTP/1.1, and the later ones at once', async () => {
  const seen: string[] = [];
  await using server = await nodeServer(true, (request, response) => {
    seen.push(request.httpVersion);
    if (request.httpVersion === '2.0') response.stream.close(http2.constants.NGHTTP2_HTTP_1_1_REQUIRED);
    else response.end(`${request.method}`);
  });
  await using client = new Client({ ...localhost, ...TRUST });
  assert.equal(await textOf(client.fetch(server.url, { method: 'POST', body: 'x' })), 'POST');
  assert.equal(await textOf(client.fetch(server.url)), 'GET');
  assert.deepEqual(seen, ['2.0', '1.1', '1.1']);
  assert.equal(client.connections, 1);
  // Without TLS there is nothing to choose.
  await using clear = await nodeServer(false, (_request, response) => {
    response.stream.close(http2.constants.NGHTTP2_HTTP_1_1_REQUIRED);
  });
  await using other = new Client({ ...localhost, http2: 'prior-knowledge' });
  await assert.rejects(other.fetch(clear.url), { message: /HTTP_1_1_REQUIRED/ });
});

test('client: a server of node:http2 that ends its session loses no request', async () => {
  await using server = await nodeServer(false, (request, response) => {
    response.end(request.url);
    if (request.url.endsWith('7')) request.stream.session!.close();
  });
  await using client = new Client({ ...localhost, http2: 'prior-knowledge' });
  for (let i = 0; i < 30; i++) assert.equal(await textOf(client.fetch(`${server.url}${i}`)), `/${i}`);
  assert.equal(server.sessions.size, 4);
});

test('client: an observer sees the frames of both directions', async () => {
  await using server = await secureServal();
  await using client = new Client({ ...localhost, ...TRUST });
  const frames: WireFrame[] = [];
  const heads: string[] = [];
  const observer = {
    onFrame: (frame: WireFrame) => void frames.push(frame),
    onRequestHead: (head: string) => void heads.push(head),
    onResponseHead: (head: string) => void heads.push(head),
  };
  await textOf(client.fetch(server.url, { method: 'PUT', body: 'hello', observer }));
  const shown = frames.map(({ direction, type, stream, flags }) =>
    `${direction} ${type} ${stream} ${flags.join(' ')}`.trim(),
  );
  for (const line of [
    'sent SETTINGS 0',
    'sent WINDOW_UPDATE 0',
    'sent HEADERS 1 END_HEADERS',
    'sent DATA 1 END_STREAM',
    'received SETTINGS 0',
    'received HEADERS 1 END_HEADERS',
    'received DATA 1 END_STREAM',
  ])
    assert.ok(shown.includes(line), `${line} in ${shown.join(', ')}`);
  assert.match(frames[0]!.detail, /^ENABLE_PUSH 0, INITIAL_WINDOW_SIZE 1048576, /);
  assert.match(heads[0]!, /^:method: PUT\r\n:scheme: https\r\n:authority: localhost:\d+\r\n:path: \/\r\n/);
  assert.match(heads[1]!, /^:status: 200\r\n/);
});
