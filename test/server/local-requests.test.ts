/** `server.fetch`: the same handlers and rules as over a connection, without one. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import {
  FALL_THROUGH,
  type Handler,
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
  type ServerOptions,
  serve,
} from '../../src/index.ts';
import { until } from '../support/until.ts';

const NativeResponse = globalThis.Response;

async function withFetch(
  handler: Handler,
  use: (server: ReturnType<typeof serve>) => Promise<void>,
  options: ServerOptions = {},
): Promise<void> {
  const server = serve(handler as never, options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

const isAbort = { name: 'AbortError' };

describe('server.fetch', () => {
  test('a path, a URL and a request; the server need not listen', () =>
    withFetch(
      async (request) =>
        Response.json([request.method, request.url, request.headers.get('a'), await request.text()]),
      async (server) => {
        const ask = async (...args: Parameters<typeof server.fetch>) => (await server.fetch(...args)).json();
        assert.deepEqual(await ask('/a?b=c'), ['GET', 'http://localhost/a?b=c', null, '']);
        assert.deepEqual(await ask(new URL('http://x.test:81/a')), ['GET', 'http://x.test:81/a', null, '']);
        const request = new Request('http://x.test/', { method: 'PUT', headers: { A: 'b' }, body: 'text' });
        assert.deepEqual(await ask(request), ['PUT', 'http://x.test/', 'b', 'text']);
        assert.deepEqual(await ask('/', { method: 'POST', body: 'x' }), [
          'POST',
          'http://localhost/',
          null,
          'x',
        ]);
        assert.equal(server.listening, false);
        assert.equal(server.counts.requestsFinished, 4);
      },
    ));

  test('the response is the runtime’s own: status, fields, cookies, content of each kind', () => {
    const bodies: Record<string, () => Response> = {
      '/text': () => new Response('héllo', { status: 201, statusText: 'Made', headers: { 'X-A': 'b' } }),
      '/bytes': () => new Response(new Uint8Array([1, 2, 3])),
      '/stream': () => new Response(new Blob(['a', 'b']).stream()),
      '/native': () => NativeResponse.json({ a: 1 }) as Response,
      '/none': () => new Response(null, { status: 204 }),
      '/reset': () => new Response(null, { status: 205 }),
      '/cookies': () =>
        new Response('', {
          headers: [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
          ],
        }),
    };
    return withFetch(
      (request) => bodies[new URL(request.url).pathname]!(),
      async (server) => {
        const text = await server.fetch('/text');
        assert.ok(text instanceof NativeResponse);
        assert.deepEqual([text.status, text.statusText, text.headers.get('x-a')], [201, 'Made', 'b']);
        assert.equal(text.headers.get('content-length'), '6');
        assert.equal(await text.text(), 'héllo');
        const bytes = await server.fetch('/bytes');
        assert.deepEqual([...new Uint8Array(await bytes.arrayBuffer())], [1, 2, 3]);
        assert.equal(await (await server.fetch('/stream')).text(), 'ab');
        assert.deepEqual(await (await server.fetch('/native')).json(), { a: 1 });
        for (const [path, status] of [
          ['/none', 204],
          ['/reset', 205],
        ] as const) {
          const response = await server.fetch(path);
          assert.deepEqual([response.status, response.body], [status, null]);
        }
        assert.deepEqual((await server.fetch('/cookies')).headers.getSetCookie(), ['a=1', 'b=2']);
        const head = await server.fetch('/text', { method: 'HEAD' });
        assert.deepEqual([head.headers.get('content-length'), await head.text()], ['6', '']);
      },
    );
  });

  test('all members of ctx have values, and what can be done without a connection works', async () => {
    let context!: ServerContext;
    const steps: string[] = [];
    const waited = withResolvers();
    const server = serve((_request, ctx) => {
      context = ctx;
      ctx.sendInformational(103, { Link: '</a.css>' });
      ctx.waitUntil(waited.promise.then(() => steps.push('waited')));
      void ctx.completed.then(() => steps.push('completed'));
      return new Response('ok');
    });
    const response = await server.fetch('https://x.test/a?b', { headers: { Priority: 'u=1' } });
    assert.equal(await response.text(), 'ok');
    const { remoteAddress, localAddress, alpnProtocol, encrypted, serverName, peerCertificate, path } =
      context;
    const loopback = { address: '127.0.0.1', port: 0, family: 'IPv4' };
    assert.deepEqual([remoteAddress, localAddress], [loopback, loopback]);
    assert.deepEqual(
      [alpnProtocol, encrypted, serverName, peerCertificate],
      ['http/1.1', true, 'x.test', null],
    );
    assert.deepEqual([path, context.clientPriority], ['/a?b', { urgency: 1, incremental: false }]);
    assert.equal(context.receivedHead, 'GET /a?b HTTP/1.1\r\nhost: x.test\r\npriority: u=1\r\n\r\n');
    assert.equal(context.server, server);
    assert.ok(context.request instanceof Request);
    const closed = server.close().then(() => steps.push('closed'));
    await context.completed;
    waited.resolve();
    await closed;
    assert.deepEqual(steps, ['completed', 'waited', 'closed']);
  });

  test('deny, a fault and error() answer as ever', async () => {
    const faults: unknown[] = [];
    const note = (message: unknown) => void faults.push((message as { error: unknown }).error);
    subscribe('serval:fault', note);
    const handler = {
      [PROTOCOL_MARKER]: 1 as const,
      fetch(ctx: ServerContext) {
        if (ctx.path === '/deny') return ctx.deny();
        throw new Error('broken');
      },
      error: (ctx: ServerContext) =>
        ctx.path === '/told' ? new Response('told', { status: 500 }) : undefined,
    };
    await withFetch(handler, async (server) => {
      assert.equal((await server.fetch('/deny')).status, 503);
      assert.equal(await (await server.fetch('/told')).text(), 'told');
      assert.equal((await server.fetch('/')).status, 500);
    });
    unsubscribe('serval:fault', note);
    assert.equal(faults.length, 1);
  });

  test('an upgrade is refused clearly: there is no connection', async () => {
    const offer = {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    };
    const refused = { name: 'NotSupportedError', message: /^server\.fetch: .*use a client and server\.url$/ };
    await withFetch(
      (_request, ctx) => {
        ctx.upgradeWebSocket();
        return new Response('unreached');
      },
      async (server) => {
        await assert.rejects(server.fetch('/', offer), refused);
        // Without an offer the handler is wrong.
        assert.equal((await server.fetch('/')).status, 500);
      },
    );
    const tunnels = {
      [PROTOCOL_MARKER]: 1 as const,
      fetch: () => new Response('fell through'),
      async connect(ctx: { path: string; accept(): Promise<unknown>; deny(how?: unknown): void }) {
        if (ctx.path === '/') await ctx.accept();
        else ctx.deny(FALL_THROUGH);
      },
    };
    await withFetch(tunnels as never, async (server) => {
      await assert.rejects(server.fetch('/', offer), refused);
      assert.equal(await (await server.fetch('/other', offer)).text(), 'fell through');
    });
  });

  test('limits hold: declared content beyond is not read, and other content is stopped', () =>
    withFetch(
      async (request) => new Response(await request.text()),
      async (server) => {
        const post = (body: string, headers = {}) => server.fetch('/', { method: 'POST', body, headers });
        assert.equal((await post('x'.repeat(10))).status, 200);
        assert.equal((await post('x'.repeat(11))).status, 413);
        assert.equal((await post('x', { 'Content-Length': '10' })).status, 200);
        assert.equal((await post('x', { 'Content-Length': '11' })).status, 413);
      },
      { limits: { maxRequestBodySize: 10 } },
    ));

  test('a stream is read no faster than its reader takes it, and is cancelled with it', async () => {
    let pulled = 0;
    let isCancelled = false;
    const source = () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled++;
            controller.enqueue(new Uint8Array(16 * 1024));
          },
          cancel() {
            isCancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
    let completed: unknown;
    await withFetch(
      (_request, ctx) => {
        ctx.completed.catch((error) => {
          completed = error;
        });
        return new Response(source());
      },
      async (server) => {
        const response = await server.fetch('/');
        await until('the stream is read', () => pulled >= 4);
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.ok(pulled <= 6, `${pulled} pieces were pulled`);
        await response.body!.cancel();
        await until('the stream is cancelled', () => isCancelled && completed !== undefined);
        assert.match((completed as Error).message, /client has gone/);
      },
    );
  });

  test('a response that fails later fails where it is read', async () => {
    subscribe('serval:fault', ignore);
    const failing = () =>
      new ReadableStream<Uint8Array>(
        {
          start: (controller) => controller.enqueue(new Uint8Array(1)),
          pull: (controller) => controller.error(new Error('source')),
        },
        { highWaterMark: 0 },
      );
    await withFetch(
      () => new Response(failing()),
      async (server) => {
        await assert.rejects((await server.fetch('/')).text());
      },
    );
    unsubscribe('serval:fault', ignore);
  });

  test('the signal of the request aborts the exchange', () =>
    withFetch(
      async (request) => {
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
        return new Response('late');
      },
      async (server) => {
        const controller = new AbortController();
        const answer = server.fetch('/', { signal: controller.signal });
        setTimeout(() => controller.abort(), 5);
        await assert.rejects(answer, isAbort);
        await assert.rejects(server.fetch('/', { signal: AbortSignal.abort() }), isAbort);
      },
    ));

  test('busy answers 503; closing waits; after the end it rejects', async () => {
    let go!: () => void;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const server = serve(async () => {
      await gate;
      return new Response('finished');
    });
    server.busy = true;
    assert.equal((await server.fetch('/')).status, 503);
    server.busy = false;
    const answer = server.fetch('/');
    await until('the request has begun', () => server.counts.requestsStarted === 2);
    const closed = server.close();
    await assert.rejects(server.fetch('/'), { name: 'InvalidStateError' });
    go();
    assert.equal(await (await answer).text(), 'finished');
    await closed;

    const other = serve(() => new Promise<Response>(() => {}));
    other.closed.catch(() => {});
    const never = other.fetch('/');
    other.destroy();
    await assert.rejects(never, isAbort);
  });
});

function ignore(): void {}

function withResolvers() {
  let resolve!: () => void;
  const promise = new Promise<void>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
