/**
 * Time. Each clock runs only while the peer owes progress; `headers` alone runs from the first octet of a head to its
 * last, whatever arrives in between. The timeouts here are short, and a deadline may be late but never early.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type RawConnection, sleep, withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import { inOneOf, until } from '../support/until.ts';

const HEADERS = 750;
const RECEIVE = 900;
const IDLE = 1_200;
const SEND = 1_050;
/** What a busy machine and a coarse sweep may add. */
const LATE = 15_000;
/** A client that must not pause may do so all the same where the machine stands still; it is given another connection. */
const TRIES = 6;
const held = (title: string, attempt: () => Promise<void>) => test(title, () => inOneOf(TRIES, attempt));

const server = await startServer('routes', {
  serve: { timeouts: { headers: HEADERS, idle: IDLE, receive: RECEIVE, send: SEND } },
});
after(() => server.stop());

const HEAD = 'GET / HTTP/1.1\r\nHost: a\r\n';

describe('timeouts', { concurrency: 16 }, () => {
  held('RFC 9110 §15.5.9: a head that never ends is answered 408 and closed', () =>
    withConnection(server, async (connection) => {
      const elapsed = stopwatch();
      await connection.send(HEAD);
      await assertTimedOut(connection, ['GET']);
      assertBetween(elapsed(), HEADERS);
    }),
  );

  held('RFC 9110 §15.5.9: octets that trickle in do not prolong the time for a head', () =>
    withConnection(server, async (connection) => {
      const elapsed = stopwatch();
      const trickling = connection.send(`${HEAD}X: ${'a'.repeat(60)}\r\n\r\n`, {
        pieces: 'octets',
        delay: 50,
      });
      await assertTimedOut(connection, ['GET']);
      assertBetween(elapsed(), HEADERS);
      connection.close();
      await trickling;
    }),
  );

  held('RFC 9110 §15.5.9: the time for a head runs for the second request of a connection too', () =>
    withConnection(server, async (connection) => {
      await connection.send(`${HEAD}\r\n`);
      await connection.receiveResponses(['GET']);
      const elapsed = stopwatch();
      await connection.send(HEAD);
      await assertTimedOut(connection, ['GET', 'GET'], 1);
      assertBetween(elapsed(), HEADERS);
    }),
  );

  held('RFC 9110 §15.5.9: a head that begins in the packet of the request before it is timed as well', () =>
    withConnection(server, async (connection) => {
      const elapsed = stopwatch();
      await connection.send(`${HEAD}\r\n${HEAD}`);
      await assertTimedOut(connection, ['GET', 'GET'], 1);
      assertBetween(elapsed(), HEADERS);
    }),
  );

  held('RFC 9112 §9.5: a connection that says nothing is closed in silence', () =>
    withConnection(server, async (connection) => {
      const elapsed = stopwatch();
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      assert.equal(received.text, '');
      assertBetween(elapsed(), IDLE);
    }),
  );

  held('RFC 9112 §9.5: an idle connection is closed in silence after its last answer', () =>
    withConnection(server, async (connection) => {
      await connection.send(`${HEAD}\r\n`);
      await connection.receiveResponses(['GET']);
      const elapsed = stopwatch();
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      assert.equal((await connection.receiveResponses(['GET', 'GET'])).length, 1);
      assertBetween(elapsed(), IDLE);
    }),
  );

  held('RFC 9112 §9.5: each request starts the idle time again', () =>
    withConnection(server, async (connection) => {
      const methods: string[] = [];
      for (let i = 0; i < 4; i++) {
        methods.push('GET');
        await connection.send(`${HEAD}\r\n`);
        assert.equal((await connection.receiveResponses(methods)).length, methods.length);
        await sleep(IDLE / 2);
      }
    }),
  );

  held('RFC 9110 §15.5.9: content that stops coming is answered 408, and the handler sees a timeout', () =>
    withConnection(server, async (connection) => {
      const elapsed = stopwatch();
      await connection.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      await assertTimedOut(connection, ['POST']);
      assertBetween(elapsed(), RECEIVE);
      const { outcomes } = await recordOf(connection);
      assert.deepEqual(outcomes, ['failed ERR_HTTP_TIMEOUT']);
    }),
  );

  held('RFC 9112 §9.5: content that trickles in may take longer than any timeout', () =>
    withConnection(server, async (connection) => {
      await connection.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n');
      await connection.send('hello world!', { pieces: 'octets', delay: RECEIVE / 4 });
      const [answer] = await connection.receiveResponses(['POST']);
      assert.equal(answer?.text, 'hello world!');
    }),
  );

  held('RFC 9112 §9.5: content that is not read yet is not timed while the handler does something else', () =>
    withConnection(server, async (connection) => {
      await connection.send(`POST /slow?ms=${2 * RECEIVE} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n`);
      const [answer] = await connection.receiveResponses(['POST']);
      assert.equal(answer?.text, 'slow');
    }),
  );

  held('RFC 9112 §9.5: no timeout caps the handler', () =>
    withConnection(server, async (connection) => {
      const ms = 2 * Math.max(HEADERS, IDLE, RECEIVE, SEND);
      await connection.send(`GET /slow?ms=${ms} HTTP/1.1\r\nHost: a\r\n\r\n`);
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.text, 'slow');
    }),
  );

  held('RFC 9112 §9.3: unread content that does not come ends the connection after the answer', () =>
    withConnection(server, async (connection) => {
      await connection.send('POST /discard HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n');
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const answers = await connection.receiveResponses(['POST', 'GET']);
      assert.deepEqual(
        answers.map((answer) => answer.text),
        ['discarded'],
      );
    }),
  );

  held(
    'RFC 9112 §9.5: a client that takes nothing is cut off, and the stream of the response is cancelled',
    () =>
      withConnection(server, async (connection) => {
        connection.pause();
        await connection.send('GET /stream?n=4000&size=65536 HTTP/1.1\r\nHost: a\r\n\r\n');
        let outcomes: string[] = [];
        await until('the stream is cancelled', async () => {
          ({ outcomes } = await server.command<ConnectionRecord>('peek', connection.localPort));
          return outcomes.length > 0;
        });
        assert.deepEqual(outcomes, ['cancelled ERR_HTTP_TIMEOUT']);
      }),
  );

  held('RFC 9112 §9.5: a client that takes a little at a time may take longer than any timeout', () =>
    withConnection(server, async (connection) => {
      const size = 40 * 262_144;
      await connection.send('GET /stream?n=40&size=262144 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      const elapsed = stopwatch();
      // Slow at first; once it has taken longer than any timeout, the rest may come at once.
      while (connection.ended === null && elapsed() <= 3 * SEND) {
        connection.resume();
        await sleep(5);
        connection.pause();
        await sleep(SEND / 4);
      }
      connection.resume();
      await connection.receiveAll();
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.content.length, size);
    }),
  );
});

function recordOf(connection: RawConnection): Promise<ConnectionRecord> {
  return server.command<ConnectionRecord>('connection', connection.localPort);
}

/** After `before` ordinary answers: a whole 408 that says close, and a FIN. */
async function assertTimedOut(
  connection: RawConnection,
  methods: readonly string[],
  before = 0,
): Promise<void> {
  const received = await connection.receiveAll();
  assert.equal(received.end, 'fin', connection.transcript());
  const answers = await connection.receiveResponses(methods);
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [...Array(before).fill(200), 408],
    connection.transcript(),
  );
  assert.match(answers.at(-1)?.field('connection') ?? '', /close/i);
}

function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

function assertBetween(elapsed: number, timeout: number): void {
  // The server's clock and the client's stopwatch do not start at the same moment.
  assert.ok(elapsed >= timeout - 20, `after ${Math.round(elapsed)} ms, too early for ${timeout}`);
  assert.ok(elapsed <= timeout + LATE, `after ${Math.round(elapsed)} ms, too late for ${timeout}`);
}
