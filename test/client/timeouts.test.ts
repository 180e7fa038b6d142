import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { overdue, whatIsAwaited } from '../../src/client/connection/awaited.ts';
import { inOneOf } from '../support/until.ts';
import { eventually, rawServer } from './raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const TIMEOUT = { name: 'TypeError', code: 'ERR_HTTP_TIMEOUT' };
/** A server that must not pause for too long may do so once or twice: the machine may. */
const TRIES = 5;
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// They wait for most of their time, each for a server of its own.
describe('client timeouts', { concurrency: true }, () => {
  test('a clock runs only while the server owes something', () => {
    const facts = {
      isBlocked: false,
      awaitsContinue: false,
      requestIsComplete: true,
      isAnswered: false,
      wantsContent: false,
      isDiscarding: false,
    };
    assert.equal(whatIsAwaited(facts), 'headers');
    assert.equal(whatIsAwaited({ ...facts, requestIsComplete: false }), 'nothing');
    assert.equal(whatIsAwaited({ ...facts, requestIsComplete: false, awaitsContinue: true }), 'continue');
    assert.equal(whatIsAwaited({ ...facts, requestIsComplete: false, isBlocked: true }), 'send');
    assert.equal(whatIsAwaited({ ...facts, isAnswered: true }), 'nothing');
    assert.equal(whatIsAwaited({ ...facts, isAnswered: true, wantsContent: true }), 'receive');
    assert.equal(
      whatIsAwaited({ ...facts, isAnswered: true, wantsContent: true, isDiscarding: true }),
      'discard',
    );
    for (const awaited of ['headers', 'receive', 'send'] as const)
      assert.match(overdue(awaited)!, /in time$/);
    for (const awaited of ['nothing', 'continue', 'idle'] as const) assert.equal(overdue(awaited), undefined);
  });

  test('a head that does not arrive, and one that never ends', async () => {
    await using server = await rawServer((socket, text) => {
      if (!text.includes('GET /never')) return;
      const timer = setInterval(() => socket.write('x'), 10);
      socket.write('HTTP/1.1 200 OK\r\nX: ');
      socket.on('close', () => clearInterval(timer));
    });
    await using client = new Client({ timeouts: { headers: 100 } });
    for (const path of ['/nothing', '/never']) await assert.rejects(client.fetch(server.url + path), TIMEOUT);
    assert.equal(client.connections, 0);
    assert.ok(await eventually(() => server.open === 0));
  });

  test('an interim response puts the head off, octets of a head do not', async () => {
    await using server = await rawServer(async (socket, text) => {
      for (let i = 0; i < 12 && !socket.destroyed; i++) {
        socket.write(
          text.includes('GET /drip') ? (i === 0 ? 'HTTP/1.1 200 ' : 'x') : 'HTTP/1.1 102 \r\n\r\n',
        );
        await later(60);
      }
      if (!socket.destroyed) socket.write(OK);
    });
    await using client = new Client({ timeouts: { headers: 500 } });
    await inOneOf(TRIES, async () => {
      assert.equal(await (await client.fetch(server.url)).text(), 'ok');
    });
    await assert.rejects(client.fetch(`${server.url}/drip`), TIMEOUT);
  });

  test('content may be slow, but not stop while it is read', async () => {
    await using server = await rawServer(async (socket, text) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n');
      for (let i = 0; i < (text.includes('GET /stuck') ? 3 : 12); i++) {
        await later(50);
        socket.write('x');
      }
    });
    await using client = new Client({ timeouts: { receive: 500 } });
    await inOneOf(TRIES, async () => {
      assert.equal(await (await client.fetch(`${server.url}/slow`)).text(), 'x'.repeat(12));
    });
    const response = await client.fetch(`${server.url}/stuck`);
    // Without a reader there is no deadline.
    await later(700);
    await assert.rejects(response.text(), TIMEOUT);
  });

  test('a server that does not take the request', async () => {
    await using server = await rawServer(
      () => {},
      (socket) => socket.pause(),
    );
    await using client = new Client({ timeouts: { send: 150 } });
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024)),
    });
    await assert.rejects(client.fetch(server.url, { method: 'PUT', body }), TIMEOUT);
    assert.equal(client.connections, 0);
  });

  test('RFC 9110 §10.1.1: without a 100 the content is sent after a while', async () => {
    await using server = await rawServer((socket, text) => {
      if (text.endsWith('hello')) socket.write(OK);
    });
    await using client = new Client({ timeouts: { continue: 60 } });
    const init = { method: 'PUT', body: 'hello', expectContinue: true };
    const before = performance.now();
    assert.equal(await (await client.fetch(server.url, init)).text(), 'ok');
    assert.ok(performance.now() - before >= 55);
    assert.match(server.received[0]!, /\r\nExpect: 100-continue\r\n/);
  });

  test('RFC 9110 §10.1.1: after 417 the request is sent again without the expectation', async () => {
    await using server = await rawServer((socket, text) => {
      const head = text.split('\r\n\r\n')[0]!;
      if (/Expect/.test(head)) socket.write('HTTP/1.1 417 \r\nContent-Length: 0\r\n\r\n');
      else if (text.endsWith('hello')) socket.write(OK);
    });
    await using client = new Client();
    const init = { method: 'PUT', body: 'hello', expectContinue: true };
    assert.equal(await (await client.fetch(server.url, init)).text(), 'ok');
    assert.equal(server.accepted, 2);
    assert.doesNotMatch(server.received[0]!, /hello/);
  });

  test('a connection that is not established', async () => {
    // The name is never looked up to its end.
    await using client = new Client({ timeouts: { connect: 80 }, lookup: () => {} });
    // A look-up that is real keeps the process alive.
    const alive = setTimeout(() => {}, 60_000);
    await assert.rejects(client.fetch('http://a.example/'), TIMEOUT);
    clearTimeout(alive);
    assert.equal(client.connections, 0);
  });

  test('unwanted content is thrown away for a while, and an endless stream is not', async () => {
    await using server = await rawServer((socket, text) => {
      const size = text.includes('/short') ? '5\r\nhello\r\n' : '5\r\nhello\r\n'.repeat(20_000);
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${size}`);
      if (text.includes('/ends')) setTimeout(() => socket.write('0\r\n\r\n'), 50);
    });
    await using client = new Client();
    const cancel = async (path: string) => (await client.fetch(server.url + path)).body!.cancel();
    await inOneOf(TRIES, async () => {
      await cancel('/short/ends');
      assert.ok(await eventually(() => client.connections === 1));
      await later(100);
      assert.equal(client.connections, 1);
    });
    await client.close();
    await using other = new Client();
    await inOneOf(TRIES, async () => {
      await (await other.fetch(`${server.url}/much`)).body!.cancel();
      // Too much of it: not after the second that little would have.
      const before = performance.now();
      assert.ok(await eventually(() => other.connections === 0));
      assert.ok(performance.now() - before < 900);
    });
    await (await other.fetch(`${server.url}/short`)).body!.cancel();
    assert.equal(other.connections, 1);
    assert.ok(await eventually(() => other.connections === 0));
  });
});
