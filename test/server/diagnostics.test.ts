/** What can be observed from outside, by `node:diagnostics_channel`. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import {
  type ConnectContext,
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
  type SocketAddress,
} from '../../src/index.ts';
import { until } from '../support/until.ts';
import { gate, get, message, type Running, withServer } from './with-server.ts';

const CHANNELS = [
  'connection:open',
  'connection:close',
  'request:start',
  'request:end',
  'request:rejected',
] as const;
type Channel = (typeof CHANNELS)[number];

interface Event {
  readonly channel: Channel;
  readonly remoteAddress?: SocketAddress;
  readonly localAddress?: SocketAddress;
  readonly context?: ServerContext;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly error?: { code?: string };
  readonly reason?: string;
  readonly section?: string;
  readonly version?: string;
  readonly scheme?: string;
  readonly startTime?: number;
  readonly requestBytes?: number;
  readonly responseBytes?: number;
}

/** Listens to all channels while a server is used. */
async function observed(
  handler: Parameters<typeof withServer>[0],
  use: (running: Running, events: Event[]) => Promise<void>,
  options = {},
): Promise<void> {
  const events: Event[] = [];
  const listeners = CHANNELS.map((channel) => {
    const listener = (event: unknown) => events.push({ channel, ...(event as object) });
    subscribe(`serval:${channel}`, listener);
    return () => unsubscribe(`serval:${channel}`, listener);
  });
  try {
    await withServer(handler, (running) => use(running, events), options);
  } finally {
    for (const stop of listeners) stop();
  }
}

const of = (events: readonly Event[], channel: Channel) =>
  events.filter((event) => event.channel === channel);

describe('diagnostics', () => {
  test('a connection opens and closes once, with both its addresses each time', () =>
    observed(
      () => new Response(),
      async ({ connect, port }, events) => {
        const connection = await connect();
        await connection.send(get() + get());
        await connection.receiveResponses(['GET', 'GET']);
        connection.close();
        await until('closed', () => of(events, 'connection:close').length > 0);
        for (const channel of ['connection:open', 'connection:close'] as const) {
          const [event, ...others] = of(events, channel);
          assert.deepEqual(others, [], channel);
          const remoteAddress = { address: '127.0.0.1', port: connection.localPort, family: 'IPv4' };
          assert.deepEqual(event?.remoteAddress, remoteAddress, channel);
          assert.deepEqual(event?.localAddress, { address: '127.0.0.1', port, family: 'IPv4' }, channel);
        }
      },
    ));

  test('a request starts and ends once, with the context that its handler had', async () => {
    let context: ServerContext | undefined;
    const handler = (_: Request, ctx: ServerContext) => {
      context = ctx;
      return new Response('x', { status: 201 });
    };
    await observed(handler, async ({ ask }, events) => {
      await ask(message('POST /p?q', [], 'hello'));
      const [start, ...starts] = of(events, 'request:start');
      const [end, ...ends] = of(events, 'request:end');
      assert.deepEqual([starts, ends], [[], []]);
      assert.deepEqual([start?.method, start?.path], ['POST', '/p?q']);
      assert.deepEqual([end?.method, end?.path, end?.status, end?.error], ['POST', '/p?q', 201, undefined]);
      assert.equal(start?.context, context);
      assert.equal(end?.context, context);
    });
  });

  test('a request has its version, its scheme, when it began, and the bytes of both contents', async () => {
    const handler = async (request: Request) => {
      const sent = await request.text();
      const pieces = ['a', 'bc'].map((text) => new TextEncoder().encode(text));
      const stream = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
      });
      if (sent === 'none') return new Response(null, { status: 204 });
      return new Response(sent === 'stream' ? stream : 'äö');
    };
    await observed(handler, async ({ ask }, events) => {
      const before = performance.now();
      await ask(message('POST /', [], 'stream'));
      await ask(message('POST /', [], 'text'));
      await ask(message('POST /', [], 'none'));
      await ask('HEAD / HTTP/1.0\r\n\r\n');
      await until('all have ended', () => of(events, 'request:end').length === 4);
      const ends = of(events, 'request:end');
      const [start] = of(events, 'request:start');
      assert.ok(start!.startTime! >= before && start!.startTime! <= performance.now());
      assert.equal(ends[0]?.startTime, start?.startTime);
      assert.deepEqual(
        ends.map(({ version, scheme, requestBytes, responseBytes }) => [
          ...[version, scheme, requestBytes, responseBytes],
        ]),
        [
          ['1.1', 'http', 6, 3],
          ['1.1', 'http', 4, 4],
          ['1.1', 'http', 4, 0],
          ['1.0', 'http', 0, 0],
        ],
      );
    });
  });

  test('the context of an upgrade is the one that connect() has', async () => {
    let context: ConnectContext | undefined;
    const connect = (ctx: ConnectContext) => {
      context = ctx;
      return new Response('no', { status: 403 });
    };
    await observed(
      { [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect },
      async ({ ask }, events) => {
        await ask(message('GET /', ['Connection: upgrade', 'Upgrade: x']));
        assert.equal(of(events, 'request:end')[0]?.context, context);
        assert.equal(of(events, 'request:start')[0]?.context, context);
      },
    );
  });

  test('a tunnel ends with its status', async () => {
    const connect = async (ctx: ConnectContext) => {
      const { readable, writable } = await ctx.accept();
      readable.pipeTo(writable).catch(() => {});
    };
    await observed(
      { [PROTOCOL_MARKER]: 1, fetch: () => new Response(), connect },
      async ({ connect: open }, events) => {
        const connection = await open();
        await connection.send(message('GET /', ['Connection: upgrade', 'Upgrade: x']));
        connection.finish();
        await connection.receiveAll();
        await until('ended', () => of(events, 'request:end').length === 1);
        assert.equal(of(events, 'request:end')[0]?.status, 101);
      },
    );
  });

  test('one that is cut off ends with the error', async () => {
    const started = gate();
    const handler = () => {
      started.open();
      return new Promise<Response>(() => {});
    };
    await observed(handler, async ({ connect }, events) => {
      const connection = await connect();
      await connection.send(get());
      await started.opened;
      connection.reset();
      await until('ended', () => of(events, 'request:end').length > 0);
      assert.deepEqual(
        of(events, 'request:end').map(({ status, error }) => [status, error?.code]),
        [[0, 'ERR_HTTP_CONNECTION_RESET']],
      );
    });
  });

  test('one that is denied, faulty or HEAD ends with the status that was sent', () =>
    observed(
      (request, ctx) => {
        if (request.url.endsWith('/deny')) return ctx.deny() as never;
        if (request.url.endsWith('/throw')) throw new Error('thrown');
        return new Response('x');
      },
      async ({ ask }, events) => {
        await ask(get('/deny'));
        await ask(get('/throw'));
        await ask(message('HEAD /'));
        assert.deepEqual(
          of(events, 'request:end').map(({ status }) => status),
          [503, 500, 200],
        );
      },
    ));

  test('there is an end for each start and a start for each end, also while the server is busy', () =>
    observed(
      () => new Response(),
      async ({ ask, server }, events) => {
        await ask(get());
        server.busy = true;
        await ask(get());
        assert.equal(of(events, 'request:start').length, of(events, 'request:end').length);
      },
    ));

  test('a request that is refused says why, and neither starts nor ends', () =>
    observed(
      () => assert.fail('fetch() was called'),
      async ({ ask }, events) => {
        await ask('GET / HTTP/1.1\r\n\r\n');
        await ask('GET / HTTP/2.0\r\n\r\n');
        assert.deepEqual(
          of(events, 'request:rejected').map(({ reason, status, section, remoteAddress }) => [
            reason,
            status,
            section,
            remoteAddress?.address,
          ]),
          [
            ['HostMissing', 400, 'RFC 9112 §3.2', '127.0.0.1'],
            ['VersionNotSupported', 505, 'RFC 9110 §15.6.6', '127.0.0.1'],
          ],
        );
        assert.deepEqual([of(events, 'request:start'), of(events, 'request:end')], [[], []]);
      },
    ));

  test('a fault names the error, the place and the request, once', async () => {
    const thrown = new Error('thrown');
    await withServer(
      () => {
        throw thrown;
      },
      async ({ ask, faults }) => {
        await ask(get());
        assert.deepEqual(faults, [{ error: thrown, where: 'fetch()', method: 'GET', path: '/' }]);
      },
    );
  });

  test('a stream that fails after it began is a fault, and the client sees a cut', async () => {
    const thrown = new Error('SECRET');
    let pulls = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls++;
        if (pulls > 3) throw thrown;
        controller.enqueue(Uint8Array.of(0x78));
      },
    });
    await withServer(
      () => new Response(body),
      async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send(get());
        const { text } = await connection.receiveAll();
        assert.doesNotMatch(text, /SECRET|\r\n0\r\n/);
        assert.deepEqual(
          faults.map(({ error }) => error),
          [thrown],
        );
      },
    );
  });
});

test('a store that is bound to serval:request:start holds for the handler and all that it awaits', async () => {
  const store = new AsyncLocalStorage<string>();
  const start = channel('serval:request:start');
  start.bindStore(store, (message) => `${(message as { path: string }).path} in store`);
  try {
    const handler = async (request: Request) => {
      const before = store.getStore();
      await request.text();
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response(`${before}, ${store.getStore()}`);
    };
    await withServer(handler, async ({ ask }) => {
      const answers = await Promise.all(
        ['/a', '/b'].map((path) => ask(message(`POST ${path}`, [], 'content'))),
      );
      assert.deepEqual(
        answers.map(({ text }) => text),
        ['/a in store, /a in store', '/b in store, /b in store'],
      );
      assert.equal(store.getStore(), undefined);
    });
  } finally {
    start.unbindStore(store);
  }
});
