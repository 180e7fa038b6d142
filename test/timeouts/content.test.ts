/** `timeouts.receive`, the second that unread content has, and what a handler sees of either. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../src/index.ts';
import { get, message } from '../server/with-server.ts';
import { until } from '../support/until.ts';
import { assertEnds, assertOpen, hello, LATE, statuses, TIMEOUTS, tell, withClock } from './with-clock.ts';

const { receive: RECEIVE, idle: IDLE } = TIMEOUTS;
/** How long content that nobody reads may take. */
const DISCARD = 1_000;

const POST = message('POST /', ['Content-Length: 10']);
const CHUNKED = message('POST /', ['Transfer-Encoding: chunked']);

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);

/** Reads, answers with what it has read, and notes why it could not. */
function reader(how: 'text' | 'stream') {
  const failures: string[] = [];
  const handler = async (request: Request) => {
    try {
      if (how === 'text') return new Response(await request.text());
      let text = '';
      for await (const piece of request.body ?? []) text += Buffer.from(piece).toString('latin1');
      return new Response(text);
    } catch (error) {
      failures.push(codeOf(error));
      throw error;
    }
  };
  return { failures, handler };
}

describe('content that the handler waits for', () => {
  for (const how of ['text', 'stream'] as const) {
    for (const [framing, head, half] of [
      ['a length', POST, 'hello'],
      ['chunks', CHUNKED, '5\r\nhel'],
    ] as const) {
      test(`RFC 9110 §15.5.9: of ${framing}, read as ${how}, and stops: 408 after timeouts.receive, not a tick before`, async () => {
        const { handler, failures } = reader(how);
        await withClock(handler, async ({ connect, pass, passAndSettle }) => {
          const client = await connect();
          await tell(client, head);
          await passAndSettle(RECEIVE - 1);
          // Each progress starts the clock again.
          await tell(client, half);
          await passAndSettle(RECEIVE - 1);
          assertOpen(client);
          assert.deepEqual(failures, []);
          pass(LATE);
          await assertEnds(client, ['408']);
          await until('the handler knows', () => failures.length > 0);
          assert.deepEqual(failures, ['ERR_HTTP_TIMEOUT']);
        });
      });
    }

    test(`RFC 9112 §9.5: read as ${how}, may take as long as it likes while some of it comes`, async () => {
      const { handler } = reader(how);
      await withClock(handler, async ({ connect, passAndSettle }) => {
        const client = await connect();
        await tell(client, POST);
        for (const octet of 'slow as it') {
          await passAndSettle(RECEIVE - 1);
          await tell(client, octet);
        }
        await client.receiveText('slow as it');
        assert.deepEqual(statuses(client), ['200']);
      });
    });
  }

  test('RFC 9112 §9.5: is not timed before the handler wants it, and from then on in full', async () => {
    let want = () => {};
    const wanted = new Promise<void>((resolve) => {
      want = resolve;
    });
    const handler = async (request: Request) => {
      await wanted;
      return new Response(await request.text());
    };
    await withClock(handler, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await tell(client, POST);
      await passAndSettle(10 * RECEIVE);
      assertOpen(client);
      want();
      await new Promise((resolve) => setImmediate(resolve));
      await passAndSettle(RECEIVE - 1);
      assertOpen(client);
      pass(LATE);
      await assertEnds(client, ['408']);
    });
  });

  test('RFC 9110 §15.5.9: nothing is answered when an answer is under way: the connection is cut off', async () => {
    const cancelled: string[] = [];
    const handler = (request: Request) => {
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(Buffer.from('first'));
          await request.text().catch((error) => cancelled.push(codeOf(error)));
        },
      });
      return new Response(body);
    };
    await withClock(handler, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await tell(client, POST);
      await client.receiveText('first');
      await passAndSettle(RECEIVE - 1);
      assertOpen(client);
      pass(LATE);
      const { text } = await client.receiveAll();
      assert.deepEqual(statuses(client), ['200']);
      assert.doesNotMatch(text, /\r\n0\r\n/, 'no last-chunk: it does not pass for complete');
      assert.deepEqual(cancelled, ['ERR_HTTP_TIMEOUT']);
    });
  });

  test('RFC 9110 §10.1.1: a client that was told to continue and does not is answered 408', async () => {
    const { handler } = reader('text');
    await withClock(handler, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await tell(client, message('POST /', ['Content-Length: 10', 'Expect: 100-continue']));
      await client.receiveText('100 Continue');
      await passAndSettle(RECEIVE - 1);
      assertOpen(client);
      pass(LATE);
      await assertEnds(client, ['100', '408']);
    });
  });

  test('0 is for ever', async () => {
    const { handler } = reader('text');
    await withClock(
      handler,
      async ({ connect, passAndSettle }) => {
        const client = await connect();
        await tell(client, POST);
        await passAndSettle(1e7);
        await tell(client, 'helloworld');
        await client.receiveText('helloworld');
      },
      { timeouts: { receive: 0 } },
    );
  });
});

describe('content that nobody reads', () => {
  for (const [when, handler] of Object.entries({ 'at once': hello, later: async () => hello() })) {
    test(`RFC 9112 §9.3: has a second when it was answered ${when}, then the connection ends`, () =>
      withClock(handler, async ({ connect, pass, passAndSettle }) => {
        const client = await connect();
        await tell(client, `${POST}hell`);
        await client.receiveText('hello');
        await passAndSettle(DISCARD - 1);
        assertOpen(client);
        pass(LATE);
        await assertEnds(client, ['200']);
      }));

    test(`RFC 9112 §9.3: keeps the connection when it comes within that second, answered ${when}`, () =>
      withClock(handler, async ({ connect, passAndSettle }) => {
        const client = await connect();
        for (let request = 1; request <= 3; request++) {
          await tell(client, `${POST}hell`);
          await client.receiveResponses(Array(request).fill('POST'));
          await passAndSettle(DISCARD - 1);
          await tell(client, 'o worl');
        }
        await passAndSettle(IDLE - 1);
        assertOpen(client);
        await tell(client, get());
        await client.receiveResponses(['POST', 'POST', 'POST', 'GET']);
      }));
  }

  test('RFC 9112 §9.3: more of it does not put off the end of that second', () =>
    withClock(hello, async ({ connect, pass, passAndSettle }) => {
      const client = await connect();
      await tell(client, message('POST /', ['Content-Length: 1000']));
      await client.receiveText('hello');
      await passAndSettle(DISCARD - 1);
      await tell(client, 'more');
      assertOpen(client);
      pass(LATE);
      await assertEnds(client, ['200']);
    }));
});
