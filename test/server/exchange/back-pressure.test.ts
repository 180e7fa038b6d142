/** Nothing is made faster than it is taken: responses that nobody reads, and content that nobody wants. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import { Outbound } from '../../../src/io/outbound.ts';
import { until } from '../../support/until.ts';
import { assertProtocolError, gate, get, message, within, withServer } from '../with-server.ts';

const PIECE = new Uint8Array(64 * 1024).fill(0x78);

/** An endless stream that counts how often it was asked. */
function endless() {
  const state = { pulls: 0, cancelled: gate<unknown>() };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.pulls++;
      controller.enqueue(PIECE);
    },
    cancel: (reason) => state.cancelled.open(reason),
  });
  return { ...state, stream, pulls: () => state.pulls };
}

/** The value when it has stopped to change. */
async function settled(value: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = value();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const [flavour, Answer] of Object.entries({ serval: Response, native: globalThis.Response })) {
  describe(`back-pressure with the ${flavour} Response`, () => {
    test('a source is pulled a bounded number of times for a client that does not read, and on when it does', () => {
      const { stream, pulls, cancelled } = endless();
      return withServer(
        () => new Answer(stream),
        async ({ connect }) => {
          const connection = await connect();
          connection.pause();
          await connection.send(get());
          await until('pulled', () => pulls() > 0);
          const stopped = await settled(pulls);
          // What the kernels at both ends hold, and some more; an endless source would run on.
          assert.ok(stopped < 400, `${stopped} pulls of 64 KiB`);
          connection.resume();
          await until('pulled on', () => pulls() > stopped + 10);
          connection.reset();
          assert.equal(await within('cancel', cancelled.opened), undefined);
        },
      );
    });

    test('a client that vanishes aborts the signal and cancels the stream without a reason', async () => {
      const { stream, cancelled } = endless();
      let signal: AbortSignal | undefined;
      await withServer(
        (request) => {
          signal = request.signal;
          return new Answer(stream);
        },
        async ({ connect, faults }) => {
          const connection = await connect();
          await connection.send(get());
          await until('flowing', () => connection.receivedOctets > 2 ** 20);
          connection.reset();
          assert.equal(await within('cancel', cancelled.opened), undefined);
          assert.equal(signal?.aborted, true);
          assertProtocolError(signal?.reason, 'ERR_HTTP_CONNECTION_RESET');
          assert.deepEqual(faults, [], 'that is nobody’s fault');
        },
      );
    });

    test('a HEAD cancels the stream, unread', () => {
      const { stream, pulls, cancelled } = endless();
      return withServer(
        () => new Answer(stream),
        async ({ ask }) => {
          assert.equal((await ask(message('HEAD /'))).status, 200);
          await within('cancel', cancelled.opened);
          assert.ok(pulls() <= 1, 'no more than the stream itself wants');
        },
      );
    });
  });
}

describe('back-pressure on requests', () => {
  test('a reader that takes its time gets everything, and no more than it asks for', async () => {
    const sizes: number[] = [];
    const handler = async (request: Request) => {
      for await (const piece of request.body!) {
        sizes.push(piece.length);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return new Response('read');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', [`Content-Length: ${PIECE.length * 32}`]));
      for (let i = 0; i < 32; i++) await connection.send(PIECE);
      await connection.receiveText('read');
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        PIECE.length * 32,
      );
    });
  });
});

describe('Outbound', () => {
  /** As much of a socket as it uses. */
  function fakeSocket(room = true) {
    const writes: string[] = [];
    let corked = 0;
    const socket = {
      writes,
      bytesWritten: 0,
      cork: () => corked++,
      uncork: () => corked--,
      write(chunk: string | Uint8Array, encoding?: string) {
        if (typeof chunk === 'string') assert.equal(encoding, 'latin1');
        const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
        writes.push(corked > 0 ? `corked ${text}` : text);
        socket.bytesWritten += text.length;
        return room;
      },
    };
    return socket;
  }
  const outboundOf = (socket: ReturnType<typeof fakeSocket>) => new Outbound(socket as never);

  test('text is collected into one write', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    outbound.text('a');
    outbound.text('b\xff');
    assert.deepEqual(socket.writes, []);
    outbound.flush();
    outbound.flush();
    assert.deepEqual(socket.writes, ['ab\xff']);
  });

  test('octets go behind the text that was collected, in the same call', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    outbound.octets(Uint8Array.of(0x78));
    outbound.text('a');
    outbound.octets(Uint8Array.of(0x79));
    assert.deepEqual(socket.writes, ['x', 'corked a', 'corked y']);
  });

  test('short pieces leave in one write with the text around them', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    outbound.text('a');
    outbound.piece(Uint8Array.of(0x78));
    outbound.text('b');
    outbound.text('c');
    outbound.piece(Uint8Array.of(0xff));
    assert.equal(outbound.collected, 5);
    assert.deepEqual(socket.writes, []);
    outbound.flush();
    outbound.flush();
    assert.equal(outbound.collected, 0);
    assert.deepEqual(socket.writes, ['axbc\xff']);
  });

  test('octets go behind pieces, in the same call', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    outbound.piece(Uint8Array.of(0x78));
    outbound.octets(Uint8Array.of(0x79));
    assert.deepEqual(socket.writes, ['corked x', 'corked y']);
  });

  test('72 KiB of pieces are written together, and an octet more begins another write', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    for (let i = 0; i < 18; i++) outbound.piece(new Uint8Array(4096));
    assert.equal(socket.writes.length, 0);
    outbound.piece(new Uint8Array(1));
    outbound.flush();
    assert.deepEqual(
      socket.writes.map((text: string) => text.length),
      [73_728, 1],
    );
  });

  test('a long batch does not become one huge string', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    for (let i = 0; i < 10_000; i++) outbound.text('x'.repeat(100));
    outbound.flush();
    assert.ok(socket.writes.every((text) => text.length < 100_000));
    assert.equal(socket.writes.join('').length, 1_000_000);
  });

  test('it is isBlocked when the socket has no room', () => {
    const outbound = outboundOf(fakeSocket(false));
    assert.equal(outbound.isBlocked, false);
    outbound.text('a');
    assert.equal(outbound.isBlocked, false);
    outbound.flush();
    assert.equal(outbound.isBlocked, true);
  });

  test('hasProgressed tells whether anything was taken since it was asked last', () => {
    const socket = fakeSocket();
    const outbound = outboundOf(socket);
    outbound.hasProgressed();
    assert.equal(outbound.hasProgressed(), false);
    outbound.octets(Uint8Array.of(1));
    assert.equal(outbound.hasProgressed(), true);
    assert.equal(outbound.hasProgressed(), false);
  });
});
