/** `timeouts.send`, and the time that a closing connection has for its last words and for the client's FIN. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type ServerContext } from '../../src/index.ts';
import { get, message } from '../server/with-server.ts';
import { sleep } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { assertEnds, assertOpen, type Client, hello, LATE, TIMEOUTS, tell, withClock } from './with-clock.ts';

const { send: SEND } = TIMEOUTS;
/** How long a client is listened to after the server's FIN. */
const LINGER = 5_000;
/** More than the kernel's buffers take on both sides. */
const LARGE = 32 * 2 ** 20;

const endless = () => {
  const seen = { cancelled: [] as unknown[], aborted: [] as unknown[], completed: [] as unknown[] };
  const handler = (request: Request, ctx: ServerContext) => {
    request.signal.addEventListener('abort', () => seen.aborted.push(request.signal.reason));
    ctx.completed.catch((error) => seen.completed.push(error));
    const piece = new Uint8Array(65_536);
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => controller.enqueue(piece),
        cancel: (reason) => void seen.cancelled.push(reason),
      },
      { highWaterMark: 0 },
    );
    return new Response(body);
  };
  return { handler, seen };
};

/** The server has written so much that it waits for the client to take some. */
const stuck = ({ peer }: Client) => until('the server waits', () => peer.writableLength > 0);

describe('a client that takes nothing', () => {
  test('RFC 9112 §9.5: is cut off after timeouts.send, not a tick before, and everybody hears the same reason', async () => {
    const { handler, seen } = endless();
    await withClock(handler, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      client.pause();
      await tell(client, get());
      await stuck(client);
      await passAndSettle(SEND - 1);
      assert.equal(client.peer.destroyed, false);
      // What the kernel has taken for the client by now counts as progress, and gives it one more time.
      pass(LATE + SEND + LATE);
      await until('cut off', () => client.peer.destroyed);
      await until('all three', () => seen.completed.length === 1);
      assert.deepEqual(seen.cancelled, [undefined]);
      const reasons = [...seen.aborted, ...seen.completed] as { code: string }[];
      assert.deepEqual(
        reasons.map(({ code }) => code),
        Array(2).fill('ERR_HTTP_TIMEOUT'),
      );
      assert.equal(new Set(reasons).size, 1, 'the very same error');
    });
  });

  test('RFC 9112 §9.5: is cut off as well when the whole answer was written in one go', () =>
    withClock(
      () => new Response('x'.repeat(LARGE)),
      async ({ connect, pass }) => {
        const client = await connect();
        client.pause();
        await tell(client, get());
        await stuck(client);
        await sleep(20);
        pass(2 * (SEND + LATE));
        await until('cut off', () => client.peer.destroyed);
      },
    ));

  test('RFC 9112 §9.5: may take as long as it likes as long as it takes something', async () => {
    const { handler, seen } = endless();
    await withClock(handler, async ({ connect, pass }) => {
      const client = await connect();
      client.pause();
      await tell(client, get());
      for (let turn = 0; turn < 5; turn++) {
        await stuck(client);
        const before = client.peer.bytesWritten;
        pass(SEND - 1);
        assert.equal(client.peer.destroyed, false);
        client.resume();
        await until('it has taken something', () => client.peer.bytesWritten > before);
        client.pause();
      }
      assert.deepEqual(seen.aborted, []);
    });
  });

  test('RFC 9112 §9.3.2: is cut off while its pipelined requests wait, which no handler sees', async () => {
    let handled = 0;
    const handler = () => {
      handled++;
      return new Response('x'.repeat(LARGE / 4));
    };
    await withClock(handler, async ({ connect, pass }) => {
      const client = await connect();
      client.pause();
      await tell(client, get().repeat(100));
      await stuck(client);
      await sleep(20);
      const before = handled;
      assert.ok(before < 100);
      pass(2 * (SEND + LATE));
      await until('cut off', () => client.peer.destroyed);
      assert.equal(handled, before);
    });
  });

  for (const [what, answer] of [
    ['in the middle of a stream', () => endless().handler],
    ['of a response written in one piece', () => () => new Response('x'.repeat(LARGE))],
    [
      'of the last response of its connection',
      () => () => new Response('x'.repeat(LARGE), { headers: { Connection: 'close' } }),
    ],
  ] as const) {
    test(`does not hold up a draining server longer than its grace, ${what}`, () =>
      withClock(answer(), async ({ server, connect, pass }) => {
        const client = await connect();
        client.pause();
        await tell(client, get());
        await stuck(client);
        await sleep(20);
        void server.drain({ grace: 6_000 });
        // What the kernel has taken for the client meanwhile counts as progress, and gives it one more time.
        await sleep(20);
        pass(2 * (6_000 + LATE));
        await until('cut off', () => client.peer.destroyed);
      }));
  }

  test('holds up a draining server as long as it takes something, and for five seconds at least', async () => {
    const { handler, seen } = endless();
    await withClock(handler, async ({ server, connect, pass }) => {
      const client = await connect();
      client.pause();
      await tell(client, get());
      await stuck(client);
      void server.drain({ grace: 1 });
      for (let turn = 0; turn < 5; turn++) {
        await stuck(client);
        const before = client.peer.bytesWritten;
        pass(4_999);
        assert.equal(client.peer.destroyed, false);
        client.resume();
        await until('it has taken something', () => client.peer.bytesWritten > before);
        client.pause();
      }
      assert.deepEqual(seen.aborted, []);
    });
  });

  test('0 is for ever', async () => {
    const { handler } = endless();
    await withClock(
      handler,
      async ({ connect, pass }) => {
        const client = await connect();
        client.pause();
        await tell(client, get());
        await stuck(client);
        pass(1e7);
        assert.equal(client.peer.destroyed, false);
      },
      { timeouts: { send: 0 } },
    );
  });
});

describe('the end of a connection', () => {
  const LAST = message('GET /', ['Connection: close']);

  test('RFC 9112 §9.6: a client that has its last answer is listened to for five seconds, not a tick less', () =>
    withClock(hello, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await tell(client, LAST);
      await assertEnds(client, ['200']);
      await passAndSettle(LINGER - 1);
      assert.equal(client.peer.destroyed, false);
      pass(LATE);
      await until('closed', () => client.peer.destroyed);
    }));

  test('RFC 9112 §9.6: what it goes on to send does not put off the end', () =>
    withClock(hello, async ({ connect, pass }) => {
      const client = await connect();
      await tell(client, LAST);
      await assertEnds(client, ['200']);
      for (let second = 0; second < 4; second++) {
        await tell(client, 'more');
        pass(1_000);
      }
      assert.equal(client.peer.destroyed, false);
      pass(1_000 + LATE);
      await until('closed', () => client.peer.destroyed);
    }));

  test('RFC 9112 §9.6: its FIN is the end at once', () =>
    withClock(hello, async ({ connect }) => {
      const client = await connect();
      await tell(client, LAST);
      await assertEnds(client, ['200']);
      assert.equal(client.peer.destroyed, false);
      client.finish();
      await until('closed', () => client.peer.destroyed);
    }));

  test('RFC 9112 §9.6: a client that does not take its last answer is cut off after timeouts.send', () =>
    withClock(
      () => new Response('x'.repeat(LARGE)),
      async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        client.pause();
        await tell(client, LAST);
        await stuck(client);
        await sleep(20);
        await passAndSettle(SEND - 1);
        assert.equal(client.peer.destroyed, false);
        assertOpen(client);
        pass(LATE + SEND + LATE);
        await until('cut off', () => client.peer.destroyed);
      },
    ));
});
