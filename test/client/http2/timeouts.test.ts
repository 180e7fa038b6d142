import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { data, headers, ping } from '../../http2/frames.ts';
import { inOneOf } from '../../support/until.ts';
import { rawHttp2Server, streamOf } from '../raw-http2-server.ts';
import { eventually } from '../raw-server.ts';

const HTTP2: ClientOptions = { http2: 'prior-knowledge' };
const OK = [[':status', '200']] as const;
const END_HEADERS = 4;
const TIMEOUT = { name: 'TypeError', code: 'ERR_HTTP_TIMEOUT' };
/** A server that must not pause for too long may do so once or twice: the machine may. */
const TRIES = 5;
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// They wait for most of their time, each for a server of its own.
describe('client timeouts over HTTP/2', { concurrency: true }, () => {
  test('a head that does not arrive resets its stream, and the connection goes on', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      const stream = streamOf(line);
      if (stream === 0) return;
      if (line.includes('/never')) peer.send(ping());
      else peer.send(headers(stream, OK));
    });
    await using client = new Client({ ...HTTP2, timeouts: { headers: 200 } });
    await client.fetch(server.url);
    await assert.rejects(client.fetch(`${server.url}/never`), TIMEOUT);
    assert.equal((await client.fetch(server.url)).status, 200);
    assert.equal(server.accepted, 1);
    assert.ok(server.peers[0]!.lines.includes('RST_STREAM 3 CANCEL'));
  });

  test('a server that has said nothing at all gets no other request', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      const stream = streamOf(line);
      if (stream > 0 && (peer.number > 0 || stream === 1)) peer.send(headers(stream, OK));
    });
    await using client = new Client({ ...HTTP2, timeouts: { headers: 200 } });
    await client.fetch(server.url);
    assert.ok(await eventually(() => server.peers[0]!.lines.includes('SETTINGS ACK')));
    await later(50);
    await assert.rejects(client.fetch(server.url), TIMEOUT);
    assert.equal((await client.fetch(server.url)).status, 200);
    assert.equal(server.accepted, 2);
    assert.ok(await eventually(() => server.open === 1));
  });

  test('an interim response puts the head off', async () => {
    await using server = await rawHttp2Server(async (peer, line) => {
      const stream = streamOf(line);
      if (stream === 0) return;
      for (let i = 0; i < 12; i++) {
        peer.send(headers(stream, [[':status', '102']], END_HEADERS));
        await later(60);
      }
      peer.send(headers(stream, OK));
    });
    await using client = new Client({ ...HTTP2, timeouts: { headers: 500 } });
    await inOneOf(TRIES, async () => {
      assert.equal((await client.fetch(server.url)).status, 200);
    });
  });

  test('content may be slow, but not stop while it is read', async () => {
    await using server = await rawHttp2Server(async (peer, line) => {
      const stream = streamOf(line);
      if (stream === 0) return;
      peer.send(headers(stream, OK, END_HEADERS));
      for (let i = 0; i < (line.includes('/stuck') ? 3 : 12); i++) {
        await later(50);
        peer.send(data(stream, 'x', i === 11 ? 1 : 0));
      }
    });
    await using client = new Client({ ...HTTP2, timeouts: { receive: 500 } });
    await inOneOf(TRIES, async () => {
      assert.equal(await (await client.fetch(`${server.url}/slow`)).text(), 'x'.repeat(12));
    });
    const response = await client.fetch(`${server.url}/stuck`);
    // Without a reader there is no deadline.
    await later(700);
    await assert.rejects(response.text(), TIMEOUT);
  });

  test('a server that opens no window', async () => {
    await using server = await rawHttp2Server(() => {});
    await using client = new Client({ ...HTTP2, timeouts: { send: 150 } });
    await assert.rejects(client.fetch(server.url, { method: 'PUT', body: new Uint8Array(100_000) }), TIMEOUT);
    assert.ok(await eventually(() => server.peers[0]!.lines.includes('RST_STREAM 1 CANCEL')));
  });

  test('a server that does not read', async () => {
    await using server = await rawHttp2Server((peer) => void peer.socket.pause(), [4, 2 ** 31 - 1]);
    await using client = new Client({ ...HTTP2, timeouts: { send: 300 } });
    const bodies = Array.from({ length: 100 }, () => new Uint8Array(200_000));
    const answers = bodies.map((body) =>
      client.fetch(server.url, { method: 'PUT', body }).then(
        () => 'answered',
        (error: { code?: string }) => error.code,
      ),
    );
    assert.deepEqual(new Set(await Promise.all(answers)), new Set(['ERR_HTTP_TIMEOUT']));
  });

  test('RFC 9110 §10.1.1: without a 100 the content is sent after a while', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      if (line.startsWith('DATA 1 END_STREAM hello')) peer.send(headers(1, OK));
    });
    await using client = new Client({ ...HTTP2, timeouts: { continue: 60 } });
    const before = performance.now();
    const init = { method: 'PUT', body: 'hello', expectContinue: true };
    assert.equal((await client.fetch(server.url, init)).status, 200);
    assert.ok(performance.now() - before >= 55);
    assert.match(server.peers[0]!.lines.join('\n'), / expect=100-continue/);
  });

  test('RFC 9110 §10.1.1: after 417 the request is sent again without the expectation', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      const stream = streamOf(line);
      if (line.includes('expect=')) peer.send(headers(stream, [[':status', '417']]));
      else if (/^DATA \d+ END_STREAM hello/.test(line)) peer.send(headers(3, OK));
    });
    await using client = new Client(HTTP2);
    const init = { method: 'PUT', body: 'hello', expectContinue: true };
    assert.equal((await client.fetch(server.url, init)).status, 200);
    assert.equal(server.accepted, 1);
  });
});
