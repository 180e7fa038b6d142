/** What a WebSocket does, whatever carries its tunnel. One suite, run over every kind of wire. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import { type ConnectContext, FALL_THROUGH, type Handler, Response } from '../../src/index.ts';
import type {
  ServerWebSocket,
  WebSocketCloseEvent,
  WebSocketMessageEvent,
  WebSocketUpgradeInit,
} from '../../src/websocket/index.ts';
import { until } from '../support/until.ts';
import {
  BINARY,
  CLOSE,
  closeFrame,
  codeOf,
  FramePeer,
  frame,
  HANDSHAKE,
  PING,
  PONG,
  TEXT,
} from '../websocket/frame-peer.ts';
import type { ReceivedHead, RunningWire, WireKind } from './wire-kind.ts';

type Fields = Readonly<Record<string, string>>;

interface Opened {
  readonly socket: ServerWebSocket;
  readonly peer: FramePeer;
  readonly head: ReceivedHead;
  readonly ctx: ConnectContext;
  readonly wire: RunningWire;
}

const marked = (handlers: object): Handler =>
  ({ [Symbol.for('wintertc.server.protocol')]: 1, ...handlers }) as unknown as Handler;

const nextEvent = <E extends Event>(target: EventTarget, type: string): Promise<E> =>
  new Promise((resolve) => target.addEventListener(type, (event) => resolve(event as E), { once: true }));

const nextMessage = async (socket: ServerWebSocket): Promise<unknown> =>
  (await nextEvent<WebSocketMessageEvent>(socket as unknown as EventTarget, 'message')).data;

const nextClose = (socket: ServerWebSocket): Promise<WebSocketCloseEvent> =>
  nextEvent<WebSocketCloseEvent>(socket as unknown as EventTarget, 'close');

export function webSocketBehaviour(kind: WireKind): void {
  async function open(
    use: (opened: Opened) => Promise<void>,
    init?: WebSocketUpgradeInit,
    fields: Fields = {},
    onOpen?: (socket: ServerWebSocket) => void,
  ): Promise<void> {
    let socket!: ServerWebSocket;
    let ctx!: ConnectContext;
    const handler = marked({
      fetch: () => assert.fail('fetch() was called'),
      connect(context: ConnectContext) {
        ctx = context;
        socket = context.upgradeWebSocket(init);
        onOpen?.(socket);
      },
    });
    const wire = await kind.start(handler);
    // The timers of a WebSocket do not keep a process alive, and the memory wire has no socket that would.
    const alive = setInterval(() => {}, 1_000);
    try {
      const { head, octets } = await wire.openTunnel('websocket', { ...HANDSHAKE, ...fields });
      await use({ socket, peer: new FramePeer(octets), head, ctx, wire });
    } finally {
      clearInterval(alive);
      await wire[Symbol.asyncDispose]();
    }
  }

  describe(`a WebSocket over ${kind.name}`, () => {
    test('it is open at once, with the standard members', () =>
      open(
        async ({ socket, head }) => {
          assert.equal(socket.readyState, socket.OPEN);
          assert.equal(socket.protocol, 'chat.v2');
          assert.equal(head.fields['sec-websocket-protocol'], 'chat.v2');
          assert.equal(socket.extensions, '');
          assert.equal(socket.binaryType, 'blob');
          assert.equal(socket.bufferedAmount, 0);
          assert.equal(socket.onmessage, null);
        },
        { protocol: ['chat.v1', 'chat.v2'] },
        { 'sec-websocket-protocol': 'other, chat.v2, chat.v1' },
      ));

    test('text goes both ways as strings, whatever its length', () =>
      open(async ({ socket, peer }) => {
        for (const text of ['', 'a', 'x'.repeat(125), 'y'.repeat(126), 'ü'.repeat(40_000)]) {
          const message = nextMessage(socket);
          peer.send(frame(TEXT, text));
          assert.equal(await message, text);
          socket.send(text);
          const { isFinal, reserved, opcode, payload } = (await peer.next())!;
          assert.deepEqual([isFinal, reserved, opcode, payload.toString()], [true, 0, TEXT, text]);
        }
      }));

    test('binary goes out from buffers, views and Blobs in order, and comes in as binaryType says', () =>
      open(async ({ socket, peer }) => {
        socket.send(new Uint8Array([1, 2]).buffer);
        socket.send(new Blob(['3']));
        socket.send(new Uint8Array([0, 4, 5]).subarray(1));
        const sent = [await peer.next(), await peer.next(), await peer.next()];
        assert.deepEqual(
          sent.map((one) => [one!.opcode, [...one!.payload]]),
          [
            [BINARY, [1, 2]],
            [BINARY, [0x33]],
            [BINARY, [4, 5]],
          ],
        );
        let message = nextMessage(socket);
        peer.send(frame(BINARY, Buffer.from([7, 8])));
        const blob = (await message) as Blob;
        assert.deepEqual([...new Uint8Array(await blob.arrayBuffer())], [7, 8]);
        socket.binaryType = 'arraybuffer';
        message = nextMessage(socket);
        peer.send(frame(BINARY, Buffer.from([9])));
        assert.deepEqual([...new Uint8Array((await message) as ArrayBuffer)], [9]);
      }));

    test('no event comes before the turn of the handler has ended', async () => {
      const seen: string[] = [];
      await open(
        async ({ peer }) => {
          peer.send(frame(TEXT, 'early'));
          await until('it has come', () => seen.length === 2);
          assert.deepEqual(seen, ['turn', 'early']);
        },
        {},
        {},
        (socket) => {
          void Promise.resolve().then(() => {
            seen.push('turn');
            socket.onmessage = ({ data }) => void seen.push(data as string);
          });
        },
      );
    });

    test('the server closes: code and reason arrive, the client answers, and completed fulfils', () =>
      open(async ({ socket, peer, ctx }) => {
        const closed = nextClose(socket);
        socket.close(3001, 'enough');
        assert.equal(socket.readyState, socket.CLOSING);
        socket.send('too late');
        assert.equal(socket.bufferedAmount >= 8, true);
        const received = (await peer.next())!;
        assert.deepEqual([received.opcode, codeOf(received)], [CLOSE, 3001]);
        assert.equal(received.payload.toString('utf8', 2), 'enough');
        peer.send(closeFrame(3001));
        await peer.ended;
        peer.octets.end();
        const { wasClean, code } = await closed;
        assert.deepEqual([wasClean, code], [true, 3001]);
        assert.equal(socket.readyState, socket.CLOSED);
        await ctx.completed;
      }));

    test('the client closes: it is answered, and the event has its code and reason', () =>
      open(async ({ socket, peer, ctx }) => {
        const closed = nextClose(socket);
        peer.send(closeFrame(4000, 'bye'));
        const answer = (await peer.next())!;
        assert.deepEqual([answer.opcode, codeOf(answer)], [CLOSE, 4000]);
        await peer.ended;
        peer.octets.end();
        const { wasClean, code, reason } = await closed;
        assert.deepEqual([wasClean, code, reason], [true, 4000, 'bye']);
        await ctx.completed;
      }));

    test('close() refuses codes that are not for applications, and reasons that do not fit', () =>
      open(async ({ socket }) => {
        for (const code of [0, 999, 1001, 1005, 1006, 2999, 5000])
          assert.throws(() => socket.close(code), { name: 'InvalidAccessError' });
        assert.throws(() => socket.close(1000, 'x'.repeat(124)), { name: 'SyntaxError' });
        assert.equal(socket.readyState, socket.OPEN);
        socket.close(1000, 'x'.repeat(123));
      }));

    test('a client that leaves without a close: 1006, and not clean', () =>
      open(async ({ socket, peer }) => {
        const closed = nextClose(socket);
        await until('it listens', () => socket.readyState === socket.OPEN);
        peer.octets.end();
        const { wasClean, code } = await closed;
        assert.deepEqual([wasClean, code], [false, 1006]);
      }));

    test('a ping is answered with its data, and changes nothing', () =>
      open(async ({ socket, peer }) => {
        peer.send(frame(PING, 'are you there?'));
        const pong = (await peer.next())!;
        assert.deepEqual([pong.opcode, pong.payload.toString()], [PONG, 'are you there?']);
        assert.equal(socket.readyState, socket.OPEN);
      }));

    test('a client that is silent gets a ping, and is cut off when it does not answer', () =>
      open(
        async ({ socket, peer }) => {
          const closed = nextClose(socket);
          assert.equal((await peer.next())!.opcode, PING);
          peer.send(frame(PONG));
          assert.equal((await peer.next())!.opcode, PING);
          const { wasClean, code } = await closed;
          assert.deepEqual([wasClean, code], [false, 1006]);
        },
        { pingInterval: 60 },
      ));

    test('a client that does not answer a close is cut off after closeTimeout', () =>
      open(
        async ({ socket, peer }) => {
          const closed = nextClose(socket);
          socket.close();
          assert.equal((await peer.next())!.opcode, CLOSE);
          assert.equal((await closed).wasClean, false);
        },
        { closeTimeout: 50 },
      ));

    test('a listener that throws, or rejects, is reported, and the WebSocket goes on', async () => {
      const faults: unknown[] = [];
      const note = (message: unknown): void => void faults.push((message as { error: unknown }).error);
      subscribe('serval:fault', note);
      try {
        await open(async ({ socket, peer }) => {
          socket.onmessage = () => {
            throw new Error('one');
          };
          socket.addEventListener('message', async () => {
            throw new Error('two');
          });
          peer.send(frame(TEXT, 'x'), frame(PING));
          assert.equal((await peer.next())!.opcode, PONG);
          await until('both are reported', () => faults.length === 2);
          assert.deepEqual(faults.map((fault) => (fault as Error).message).sort(), ['one', 'two']);
        });
      } finally {
        unsubscribe('serval:fault', note);
      }
    });

    test('streams(): messages as chunks, a close as the end', () =>
      open(async ({ socket, peer }) => {
        const { readable, writable } = socket.streams();
        const reader = readable.getReader();
        peer.send(frame(TEXT, 'in'), frame(BINARY, Buffer.from([1])));
        assert.equal((await reader.read()).value, 'in');
        assert.deepEqual((await reader.read()).value, new Uint8Array([1]));
        const writer = writable.getWriter();
        await writer.write('out');
        assert.equal((await peer.next())!.payload.toString(), 'out');
        const written = writer.close();
        assert.equal(codeOf((await peer.next())!), 1000);
        peer.send(closeFrame(1000));
        await peer.ended;
        peer.octets.end();
        await written;
        assert.equal((await reader.read()).done, true);
      }));

    test('a message beyond maxMessageSize is 1009; one of that size passes', () =>
      open(
        async ({ socket, peer }) => {
          const message = nextMessage(socket);
          peer.send(frame(TEXT, 'x'.repeat(1_000)));
          assert.equal(await message, 'x'.repeat(1_000));
          peer.send(frame(TEXT, 'x'.repeat(1_001)));
          assert.equal(codeOf((await peer.next())!), 1009);
        },
        { maxMessageSize: 1_000 },
      ));

    test('an empty response after the upgrade is no fault, in connect() and in fetch(); another one is', async () => {
      const faults: unknown[] = [];
      const onFault = (fault: unknown) => void faults.push(fault);
      subscribe('serval:fault', onFault);
      const upgrade = (response: Response) => (ctx: ConnectContext) => {
        ctx.upgradeWebSocket();
        return response;
      };
      const faultsOf = async (handlers: object): Promise<number> => {
        const wire = await kind.start(marked(handlers));
        try {
          await wire.openTunnel('websocket', HANDSHAKE);
        } finally {
          await wire[Symbol.asyncDispose]();
        }
        return faults.splice(0).length;
      };
      try {
        const fetch = () => {};
        const connect = (ctx: ConnectContext) => ctx.deny(FALL_THROUGH);
        assert.equal(await faultsOf({ fetch, connect: upgrade(new Response(null)) }), 0);
        assert.equal(await faultsOf({ fetch: upgrade(new Response(null)), connect }), 0);
        assert.equal(await faultsOf({ fetch, connect: upgrade(new Response('lost')) }), 1);
      } finally {
        unsubscribe('serval:fault', onFault);
      }
    });

    test('a handshake of another version is 426 with the version, and one of another origin 403', async () => {
      const wire = await kind.start(
        marked({ fetch: () => {}, connect: (ctx: ConnectContext) => void ctx.upgradeWebSocket() }),
      );
      const refusal = async (fields: Fields): Promise<ReceivedHead> => {
        const attempt = wire.openTunnel('websocket', { ...HANDSHAKE, ...fields });
        return attempt.then(
          () => assert.fail('it was accepted'),
          (head) => head,
        );
      };
      try {
        const version = await refusal({ 'sec-websocket-version': '12' });
        assert.equal(version.status, 426);
        assert.equal(version.fields['sec-websocket-version'], '13');
        assert.equal((await refusal({ origin: 'https://evil.example' })).status, 403);
      } finally {
        await wire[Symbol.asyncDispose]();
      }
    });
  });
}
