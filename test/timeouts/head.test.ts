/** `timeouts.headers` and `timeouts.idle`: before a request, in its head, and between requests. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../src/index.ts';
import { get, message } from '../server/with-server.ts';
import { until } from '../support/until.ts';
import { assertEnds, assertOpen, hello, LATE, TIMEOUTS, tell, withClock } from './with-clock.ts';

const { idle: IDLE, headers: HEADERS } = TIMEOUTS;
const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';

/** What is answered before `handler` returns, and what is answered later, must be timed alike. */
const HANDLERS = { 'at once': hello, later: async () => hello() };

describe('a head that does not come to its end', () => {
  for (const [name, piece] of Object.entries({
    'one octet': 'G',
    'half a request-line': 'GET / HT',
    'all but the last octet': `${HEAD}\r`,
  })) {
    test(`RFC 9110 §15.5.9: ${name} of it: 408 after timeouts.headers, not a tick before`, () =>
      withClock(hello, async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        await tell(client, piece);
        await passAndSettle(HEADERS - 1);
        assertOpen(client);
        pass(LATE);
        await assertEnds(client, ['408']);
      }));
  }

  test('RFC 9110 §15.5.9: more octets of a head do not put off the time for it', () =>
    withClock(hello, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      for (const octet of 'GET / HTTP') {
        await tell(client, octet);
        pass(HEADERS / 10 - 1);
      }
      await passAndSettle(0);
      assertOpen(client);
      await tell(client, '/');
      pass(LATE + 10);
      await assertEnds(client, ['408']);
    }));

  for (const [when, handler] of Object.entries(HANDLERS)) {
    test(`RFC 9110 §15.5.9: the second head of a connection has its own time, the first being answered ${when}`, () =>
      withClock(handler, async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        await tell(client, HEAD);
        await passAndSettle(HEADERS - LATE);
        await tell(client, '\r\n');
        await client.receiveText('hello');
        await tell(client, HEAD);
        await passAndSettle(HEADERS - 1);
        assertOpen(client);
        pass(LATE);
        await assertEnds(client, ['200', '408']);
      }));

    test(`RFC 9110 §15.5.9: so has one that begins in the packet that completes the first, answered ${when}`, () =>
      withClock(handler, async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        await tell(client, HEAD);
        await passAndSettle(HEADERS - LATE);
        await tell(client, `\r\n${HEAD}`);
        await client.receiveText('hello');
        await passAndSettle(HEADERS - 1);
        assertOpen(client);
        pass(LATE);
        await assertEnds(client, ['200', '408']);
      }));
  }

  test('RFC 9112 §2.2: empty lines before a request are no head: the idle time runs on, and ends in silence', () =>
    withClock(hello, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await passAndSettle(IDLE - LATE);
      await tell(client, '\r\n');
      await passAndSettle(LATE - 1);
      assertOpen(client);
      pass(LATE);
      await assertEnds(client, []);
    }));
});

describe('a connection on which nothing is said', () => {
  test('RFC 9112 §9.5: is closed in silence after timeouts.idle, not a tick before', () =>
    withClock(hello, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await passAndSettle(IDLE - 1);
      assertOpen(client);
      pass(LATE);
      await assertEnds(client, []);
      await until('forgotten', () => client.peer.destroyed);
    }));

  for (const [when, handler] of Object.entries(HANDLERS)) {
    test(`RFC 9112 §9.5: each answer starts the idle time again, when it is given ${when}`, () =>
      withClock(handler, async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        for (let request = 1; request <= 3; request++) {
          await passAndSettle(IDLE - LATE);
          assertOpen(client);
          await tell(client, get());
          await client.receiveResponses(Array(request).fill('GET'));
        }
        await passAndSettle(IDLE - 1);
        assertOpen(client);
        pass(LATE);
        await assertEnds(client, ['200', '200', '200']);
      }));
  }

  test('RFC 9112 §9.5: no time runs while a handler works', () =>
    withClock(
      () => new Promise<Response>(() => {}),
      async ({ connect, passAndSettle }) => {
        const client = await connect();
        await tell(client, get());
        await passAndSettle(100 * IDLE);
        assertOpen(client);
      },
    ));

  test('RFC 9112 §9.6: with halfOpen a client that has ended its side after its request gets its answer, within timeouts.idle', async () => {
    let answer = () => {};
    const handler = () =>
      new Promise<Response>((resolve) => {
        answer = () => resolve(new Response('late'));
      });
    await withClock(
      handler,
      async ({ connect, passAndSettle }) => {
        const client = await connect();
        await client.send(get());
        client.finish();
        await until('the server has heard it', () => client.peer.readableEnded);
        await passAndSettle(IDLE - 1);
        assertOpen(client);
        answer();
        await assertEnds(client, ['200']);
        await until('forgotten', () => client.peer.destroyed);
        const other = await connect();
        await other.send(get());
        other.finish();
        await until('the server has heard it', () => other.peer.readableEnded);
        await passAndSettle(IDLE + 2 * LATE);
        await until('given up', () => other.peer.destroyed);
      },
      { halfOpen: true },
    );
  });

  test('RFC 9112 §9.6: a client that has ended its side without a request is closed at once', () =>
    withClock(hello, async ({ connect }) => {
      const client = await connect();
      client.finish();
      await assertEnds(client, []);
      await until('forgotten', () => client.peer.destroyed);
    }));
});

describe('0', () => {
  test('of timeouts.headers and timeouts.idle is for ever', () =>
    withClock(
      hello,
      async ({ connect, passAndSettle }) => {
        const silent = await connect();
        const slow = await connect();
        await tell(slow, message('GET /').slice(0, -2));
        await passAndSettle(1e7);
        assertOpen(silent);
        assertOpen(slow);
        await tell(slow, '\r\n');
        await slow.receiveText('hello');
        assert.equal(slow.ended, null);
      },
      { timeouts: { idle: 0, headers: 0 } },
    ));
});
