/** An open WebSocket leaves its exchange, and whoever asks about the end later is told all the same. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Response, type ServerContext, type ServerOptions, serve } from '../../src/index.ts';
import type { ServerWebSocket } from '../../src/websocket/index.ts';
import { until } from '../support/until.ts';
import { closeFrame, FramePeer } from './frame-peer.ts';
import { shakeAt } from './handshakes.ts';

interface Open {
  readonly request: Request;
  readonly ctx: ServerContext;
  readonly socket: ServerWebSocket;
  readonly peer: FramePeer;
  readonly counts: () => { finished: number; cutOff: number };
  /** Both ends close. */
  close(): Promise<void>;
  /** The client resets the connection. */
  reset(): Promise<void>;
}

async function withOpen(
  use: (open: Open) => Promise<void>,
  inHandler: (ctx: ServerContext, request: Request) => void = () => {},
  options: ServerOptions = {},
): Promise<void> {
  let opened: Pick<Open, 'request' | 'ctx' | 'socket'> | undefined;
  const server = serve(
    (request, ctx) => {
      opened = { request, ctx, socket: ctx.upgradeWebSocket() };
      inHandler(ctx, request);
      return new Response();
    },
    { ...options, port: 0, hostname: '127.0.0.1' },
  );
  server.closed.catch(() => {});
  await server.ready;
  try {
    const { socket: client } = await shakeAt([...server][0]!.address.port);
    const peer = new FramePeer(client);
    await until('it is open', () => opened !== undefined);
    const { socket } = opened!;
    const isClosed = () => until('it is closed', () => socket.readyState === socket.CLOSED);
    await use({
      ...opened!,
      peer,
      counts: () => ({
        finished: server.counts.requestsFinished,
        cutOff: server.counts.requestsCutOff,
      }),
      async close() {
        peer.send(closeFrame(1000));
        await peer.ended;
        client.end();
        await isClosed();
      },
      async reset() {
        client.resetAndDestroy();
        await isClosed();
      },
    });
  } finally {
    server.destroy();
  }
}

const asked = {
  'in the handler': true,
  'while it is open': false,
};

for (const [when, isInHandler] of Object.entries(asked)) {
  test(`asked ${when}: completed fulfils with a clean end, and the request is finished`, () => {
    let completed: Promise<void> | undefined;
    return withOpen(
      async ({ ctx, close, counts }) => {
        completed ??= ctx.completed;
        await close();
        await completed;
        assert.deepEqual(counts(), { finished: 1, cutOff: 0 });
      },
      (ctx) => {
        if (isInHandler) completed = ctx.completed;
      },
    );
  });

  test(`asked ${when}: completed rejects and the signal aborts when the connection is lost`, () => {
    let completed: Promise<void> | undefined;
    let signal: AbortSignal | undefined;
    return withOpen(
      async ({ ctx, request, reset, counts }) => {
        completed ??= ctx.completed;
        signal ??= request.signal;
        assert.equal(signal.aborted, false);
        const lost = assert.rejects(completed, { code: 'ERR_HTTP_CONNECTION_RESET' });
        await reset();
        await lost;
        assert.equal(signal.aborted, true);
        assert.deepEqual(counts(), { finished: 0, cutOff: 1 });
      },
      (ctx, request) => {
        if (!isInHandler) return;
        completed = ctx.completed;
        signal = request.signal;
      },
    );
  });
}

test('asked after the end: completed and the signal are as the WebSocket ended', () =>
  withOpen(async ({ ctx, request, close, counts }) => {
    await close();
    await ctx.completed;
    assert.equal(request.signal.aborted, false);
    assert.throws(() => ctx.deny(), { name: 'InvalidStateError' });
    assert.deepEqual(counts(), { finished: 1, cutOff: 0 });
  }));

test('asked after it was lost: completed is rejected, the signal is aborted, and deny() comes too late', () =>
  withOpen(async ({ ctx, request, reset, counts }) => {
    await reset();
    // As with any exchange whose client has gone: the handler cannot have known.
    ctx.deny();
    await assert.rejects(ctx.completed, { code: 'ERR_HTTP_CONNECTION_RESET' });
    assert.equal(request.signal.aborted, true);
    assert.deepEqual(counts(), { finished: 0, cutOff: 1 });
  }));

test('the end is published to whoever subscribed before the upgrade, with its context', async () => {
  const ends: { context: ServerContext; status: number; error: unknown }[] = [];
  const onEnd = (message: unknown): void => void ends.push(message as (typeof ends)[number]);
  subscribe('serval:request:end', onEnd);
  try {
    await withOpen(async ({ ctx, close }) => {
      await close();
      assert.deepEqual(
        ends.map(({ context, status, error }) => [context === ctx, status, error]),
        [[true, 101, undefined]],
      );
    });
  } finally {
    unsubscribe('serval:request:end', onEnd);
  }
});

test('the tunnel of a WebSocket that is silent for tunnelIdle is cut off', () =>
  withOpen(
    async ({ ctx, socket }) => {
      await assert.rejects(ctx.completed, { code: 'ERR_HTTP_TIMEOUT' });
      assert.equal(socket.readyState, socket.CLOSED);
    },
    () => {},
    { timeouts: { tunnelIdle: 50 } },
  ));

test('an open WebSocket holds neither its request nor its context', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held: WeakRef<object>[] = [];
  const sockets: ServerWebSocket[] = [];
  const server = serve(
    (request, ctx) => {
      sockets.push(ctx.upgradeWebSocket());
      held.push(new WeakRef(request), new WeakRef(ctx), new WeakRef(request.headers));
      return new Response();
    },
    { port: 0, hostname: '127.0.0.1' },
  );
  server.closed.catch(() => {});
  await server.ready;
  try {
    const { socket } = await shakeAt([...server][0]!.address.port);
    await until('they are collected', () => {
      collect();
      return held.length > 0 && held.every((one) => one.deref() === undefined);
    });
    assert.equal(sockets[0]!.readyState, sockets[0]!.OPEN);
    socket.destroy();
  } finally {
    server.destroy();
  }
});
