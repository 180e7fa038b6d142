/** What one connection may take of the server, as the server's side of it sees. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { Response } from '../../src/index.ts';
import { get, message } from '../server/with-server.ts';
import { sleep } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { assertEnds, assertOpen, hello, tell, withClock } from '../timeouts/with-clock.ts';

const KIB = 1024;
/** Octets that may wait while a request is answered; the read that brings them over it may be as large. */
const MOST_WAITING = 64 * KIB;
const MOST_READ = 64 * KIB;
/** A socket that is paused reads on until its own buffer is full, and that may be overrun by a read as well. */
const mostInSocket = (socket: Socket) => socket.readableHighWaterMark + MOST_READ;

describe('limits of a connection', () => {
  test('RFC 9112 §9.3.2: behind a request that is being answered no more is read than 64 KiB, a read, and what the socket buffers', async () => {
    const answers: (() => void)[] = [];
    const handler = () => new Promise<Response>((resolve) => answers.push(() => resolve(hello())));
    await withClock(handler, async ({ connect }) => {
      const client = await connect();
      const requests = get('/', `X: ${'x'.repeat(1_000)}`).repeat(1_000);
      await client.send(requests);
      await until('as much is read as may wait', () => client.peer.bytesRead >= MOST_WAITING);
      await sleep(50);
      const { bytesRead } = client.peer;
      const most = 2 * KIB + MOST_WAITING + MOST_READ + mostInSocket(client.peer);
      assert.ok(bytesRead < most, `${bytesRead} were read, ${most} may be`);
      // It goes on where it stopped.
      for (let answered = 0; answered < 200; answered++) {
        await until('the next is handled', () => answers.length > answered);
        answers[answered]!();
      }
      await until('more was read', () => client.peer.bytesRead > bytesRead);
    });
  });

  test('RFC 9112 §9.6: 16 MiB behind the last answer are read and thrown away, one octet more is cut off', () =>
    withClock(hello, async ({ connect }) => {
      const client = await connect();
      await tell(client, 'BAD\r\n\r\n');
      await assertEnds(client, ['400']);
      const megabyte = 'x'.repeat(2 ** 20);
      for (let count = 0; count < 16; count++) await tell(client, megabyte);
      await sleep(20);
      assert.equal(client.peer.destroyed, false);
      await client.send('x');
      await until('cut off', () => client.peer.destroyed);
    }));

  test('RFC 9112 §9.6: maxRequestsPerConnection 1 closes behind the first answer; 0 is no bound', async () => {
    await withClock(
      hello,
      async ({ connect }) => {
        const client = await connect();
        await tell(client, get().repeat(2));
        await assertEnds(client, ['200']);
        assert.match(client.soFar().toString(), /connection: close/i);
      },
      { limits: { maxRequestsPerConnection: 1 } },
    );
    await withClock(
      hello,
      async ({ connect }) => {
        const client = await connect();
        await tell(client, get().repeat(2_000));
        await client.receiveResponses(Array(2_000).fill('GET'));
        assertOpen(client);
      },
      { limits: { maxRequestsPerConnection: 0 } },
    );
  });

  test('RFC 9112 §9.6: the last of maxRequestsPerConnection counts when it fails or is refused, too', () =>
    withClock(
      () => {
        throw new Error('expected');
      },
      async ({ connect }) => {
        const client = await connect();
        await tell(client, get().repeat(3));
        await assertEnds(client, ['500', '500']);
      },
      { limits: { maxRequestsPerConnection: 2 } },
    ));

  test('RFC 9112 §9.5: maxConnections counts a connection until it is gone, one that is closing included', () =>
    withClock(
      hello,
      async ({ connect }) => {
        const closing = await connect();
        await tell(closing, message('GET /', ['Connection: close']));
        await assertEnds(closing, ['200']);
        const second = await connect();
        assert.notEqual((await second.receiveAll()).end, 'timeout', 'there is one already');
        closing.finish();
        await until('gone', () => closing.peer.destroyed);
        const third = await connect();
        await tell(third, get());
        await third.receiveText('hello');
      },
      { limits: { maxConnections: 1 }, whenFull: 'close' },
    ));
});
