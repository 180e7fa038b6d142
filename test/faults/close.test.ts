/**
 * `close()` in each phase of a connection: what is under way is finished, what is not begun is refused or ended, and the
 * promise fulfils when the last is gone, and not before.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Handler, PROTOCOL_MARKER, Response, type Tunnel } from '../../src/index.ts';
import { gate, get, message, type Running, within, withServer } from '../server/with-server.ts';
import { sleep } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

const encode = (text: string) => Buffer.from(text, 'latin1');

interface Closing {
  /** Whether `close()` has fulfilled. */
  readonly isClosed: () => boolean;
  readonly closed: Promise<void>;
}

function close({ server }: Running): Closing {
  let isClosed = false;
  const closed = server.close().then(() => {
    isClosed = true;
  });
  // A test that has failed destroys the server.
  closed.catch(() => {});
  return { isClosed: () => isClosed, closed };
}

/** It waits: not yet, however often one looks. */
async function assertWaits({ isClosed }: Closing): Promise<void> {
  await sleep(30);
  assert.equal(isClosed(), false, 'close() waits');
}

/** Echoes, and counts the requests it was given. */
function counting() {
  const counted = {
    handled: 0,
    handler: async (request: Request) => {
      counted.handled++;
      return new Response(`got ${await request.text()}`);
    },
  };
  return counted;
}

const echo = counting().handler;

/** A whole request and the beginning of another in one packet: when the one is answered, the other has been heard. */
const HEAD_AND_A_HALF = get() + get('/late').slice(0, -2);

describe('close()', () => {
  test('RFC 9112 §9.6: idle, before the first request and between two: a FIN, at once', () =>
    withServer(echo, async (running) => {
      const silent = await running.connect();
      const kept = await running.connect();
      await kept.send(get());
      await kept.receiveResponses(['GET']);
      await until('both are known', () => [...running.server][0]!.connectionCount === 2);
      const closing = close(running);
      for (const connection of [silent, kept]) assert.equal((await connection.receiveAll()).end, 'fin');
      await within('close', closing.closed);
    }));

  test('RFC 9110 §15.6.4: in a head: what comes of it is answered 503, with close', () =>
    withServer(echo, async (running) => {
      const connection = await running.connect();
      await connection.send(HEAD_AND_A_HALF);
      await connection.receiveText('got');
      const closing = close(running);
      await assertWaits(closing);
      await connection.send('\r\n');
      const { end } = await connection.receiveAll();
      const [, answer] = await connection.receiveResponses(['GET', 'GET']);
      assert.deepEqual([end, answer?.status, answer?.field('connection')], ['fin', 503, 'close']);
      assert.match(answer?.field('retry-after') ?? '', /^\d+$/);
      connection.finish();
      await within('close', closing.closed);
    }));

  test('RFC 9110 §15.5.9: in a head that never ends: 408 after timeouts.headers, and it is closed', () =>
    withServer(
      echo,
      async (running) => {
        const connection = await running.connect();
        await connection.send(HEAD_AND_A_HALF);
        await connection.receiveText('got');
        const closing = close(running);
        const { end } = await connection.receiveAll();
        const answers = await connection.receiveResponses(['GET', 'GET']);
        assert.deepEqual([end, ...answers.map(({ status }) => status)], ['fin', 200, 408]);
        connection.finish();
        await within('close', closing.closed);
      },
      { timeouts: { headers: 200 } },
    ));

  for (const [framing, head, rest] of [
    ['a length', message('POST /', ['Content-Length: 10']), ['hello', 'world']],
    [
      'chunks',
      message('POST /', ['Transfer-Encoding: chunked']),
      ['5\r\nhello\r\n', '5\r\nworld\r\n0\r\n\r\n'],
    ],
  ] as const) {
    test(`RFC 9112 §9.6: in content of ${framing}: it is read to its end and answered, with close`, () => {
      const counted = counting();
      return withServer(counted.handler, async (running) => {
        const connection = await running.connect();
        await connection.send(head + rest[0]);
        await until('it is handled', () => counted.handled === 1);
        const closing = close(running);
        await assertWaits(closing);
        await connection.send(rest[1] + get('/late'));
        const { end } = await connection.receiveAll();
        const answers = await connection.receiveResponses(['POST', 'GET']);
        assert.deepEqual([end, ...answers.map(({ text }) => text)], ['fin', 'got helloworld']);
        assert.equal(answers[0]?.field('connection'), 'close');
        connection.finish();
        await within('close', closing.closed);
      });
    });
  }

  test('RFC 9112 §9.6: while a handler works: its answer says close, and what is pipelined is not answered', async () => {
    const answer = gate();
    let handled = 0;
    const handler = async () => {
      handled++;
      await answer.opened;
      return new Response('late');
    };
    await withServer(handler, async (running) => {
      const connection = await running.connect();
      await connection.send(get() + get());
      await until('it is handled', () => handled === 1);
      const closing = close(running);
      await assertWaits(closing);
      answer.open();
      const { end } = await connection.receiveAll();
      const answers = await connection.receiveResponses(['GET', 'GET']);
      assert.deepEqual([end, ...answers.map(({ text }) => text)], ['fin', 'late']);
      assert.equal(answers[0]?.field('connection'), 'close');
      connection.finish();
      await within('close', closing.closed);
    });
  });

  test('RFC 9112 §9.6: while a response streams: it is sent to its end, and the connection ends behind it', async () => {
    const rest = gate();
    const handler = () =>
      new Response(
        new ReadableStream<Uint8Array>({
          async start(controller) {
            controller.enqueue(encode('first '));
            await rest.opened;
            controller.enqueue(encode('last'));
            controller.close();
          },
        }),
      );
    await withServer(handler, async (running) => {
      const connection = await running.connect();
      await connection.send(get());
      await connection.receiveText('first ');
      const closing = close(running);
      await assertWaits(closing);
      rest.open();
      await connection.receiveText('last\r\n0\r\n\r\n');
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.text, 'first last');
      // Its head was sent when nobody thought of closing: the client learns of it by the FIN.
      assert.equal((await connection.receiveAll()).end, 'fin');
      connection.finish();
      await within('close', closing.closed);
    });
  });

  test('RFC 9112 §9.6: while a response waits for a slow client: the client gets all of it', async () => {
    const size = 32 * 2 ** 20;
    let handled = 0;
    const handler = () => {
      handled++;
      return new Response('x'.repeat(size));
    };
    await withServer(handler, async (running) => {
      const connection = await running.connect();
      connection.pause();
      await connection.send(get());
      await until('it is handled', () => handled === 1);
      const closing = close(running);
      await assertWaits(closing);
      connection.resume();
      await until('all has come', () => connection.receivedOctets > size);
      assert.equal((await connection.receiveAll()).end, 'fin');
      connection.finish();
      await within('close', closing.closed);
    });
  });

  test('RFC 9112 §9.6: while a client is listened to after its last answer: until its FIN', () =>
    withServer(echo, async (running) => {
      const connection = await running.connect();
      await connection.send(message('GET /', ['Connection: close']));
      await connection.receiveAll();
      const closing = close(running);
      await assertWaits(closing);
      connection.finish();
      await within('close', closing.closed);
    }));

  test('RFC 9110 §7.8: after an upgrade: the tunnel goes on both ways, and is waited for', async () => {
    const accepted = gate<Tunnel>();
    const handler = {
      [PROTOCOL_MARKER]: 1,
      fetch: () => assert.fail('fetch() was called'),
      connect: async (ctx: { accept(): Promise<Tunnel> }) => accepted.open(await ctx.accept()),
    } as unknown as Handler;
    await withServer(handler, async (running) => {
      const connection = await running.connect();
      await connection.send(message('GET /', ['Connection: upgrade', 'Upgrade: x']));
      const tunnel = await within('accept', accepted.opened);
      const closing = close(running);
      await assertWaits(closing);
      const reader = tunnel.readable.getReader();
      await connection.send('up');
      assert.equal(Buffer.from((await reader.read()).value ?? []).toString(), 'up');
      const writer = tunnel.writable.getWriter();
      await writer.write(encode('down'));
      await connection.receiveText('down');
      await assertWaits(closing);
      connection.finish();
      await writer.close();
      await within('close', closing.closed);
      await within('the tunnel', tunnel.closed);
    });
  });
});
