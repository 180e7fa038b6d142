/** What an SDK of OpenTelemetry gets. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { PROTOCOL_MARKER, Response, type ServerContext, serve } from '../../src/index.ts';
import { setRoute } from '../../src/metrics/index.ts';
import { tracing } from '../../src/tracing/index.ts';
import { gate, get, message, type Running, until, withServer } from '../server/with-server.ts';

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

/** The only span, as soon as it has ended. */
async function onlySpan(): Promise<ReadableSpan> {
  await until('a span has ended', () => exporter.getFinishedSpans().length > 0);
  const [span, ...others] = exporter.getFinishedSpans();
  assert.deepEqual(others, []);
  return span!;
}

/** The request is the only one. */
async function spanOf(
  handler: (request: Request, ctx: ServerContext) => Response | Promise<Response>,
  use: (running: Running) => Promise<unknown>,
): Promise<ReadableSpan> {
  await withServer(tracing(handler), async (running) => void (await use(running)));
  return onlySpan();
}

const hello = () => new Response('hello');
const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('tracing', () => {
  beforeEach(() => exporter.reset());

  test('a request is a span with the attributes of the semantic conventions', async () => {
    let port = 0;
    const span = await spanOf(
      () => new Response('x', { status: 201 }),
      async (running) => {
        port = running.port;
        await running.ask(`POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: test\r\n\r\n`);
      },
    );
    assert.equal(span.kind, SpanKind.SERVER);
    assert.equal(span.name, 'POST');
    assert.equal(span.parentSpanContext, undefined);
    assert.equal(span.status.code, SpanStatusCode.UNSET);
    assert.deepEqual(span.attributes, {
      'http.request.method': 'POST',
      'http.response.status_code': 201,
      'url.scheme': 'http',
      'url.path': '/a%20b',
      'url.query': 'c=d',
      'server.address': '127.0.0.1',
      'server.port': port,
      'client.address': '127.0.0.1',
      'user_agent.original': 'test',
      'network.protocol.version': '1.1',
    });
  });

  test('traceparent names the parent, and the span is active in the handler, also after it has waited', async () => {
    const active: (string | undefined)[] = [];
    await withServer(
      tracing(async () => {
        active.push(trace.getActiveSpan()?.spanContext().spanId);
        await new Promise((resolve) => setTimeout(resolve, 5));
        active.push(trace.getActiveSpan()?.spanContext().spanId);
        trace.getTracer('app').startSpan('query').end();
        return new Response('x');
      }),
      async ({ ask }) => void (await ask(get('/', `traceparent: ${PARENT}`))),
    );
    await until('both have ended', () => exporter.getFinishedSpans().length === 2);
    const [query, request] = exporter.getFinishedSpans();
    const { traceId, spanId } = request!.spanContext();
    assert.equal(query?.name, 'query');
    assert.equal(query?.parentSpanContext?.spanId, spanId);
    assert.equal(traceId, PARENT.split('-')[1]);
    assert.equal(request?.parentSpanContext?.spanId, PARENT.split('-')[2]);
    assert.deepEqual(active, [spanId, spanId]);
  });

  test('a traceparent that is not valid is ignored', async () => {
    const span = await spanOf(hello, ({ ask }) => ask(get('/', 'traceparent: 00-zz')));
    assert.equal(span.parentSpanContext, undefined);
  });

  test('a handler that throws is an error with its exception; the status is what was sent', async () => {
    for (const handler of [
      () => {
        throw new RangeError('thrown');
      },
      () => Promise.reject(new RangeError('thrown')),
    ]) {
      exporter.reset();
      const span = await spanOf(handler, ({ ask }) => ask(get()));
      assert.equal(span.status.code, SpanStatusCode.ERROR);
      assert.equal(span.attributes['http.response.status_code'], 500);
      assert.equal(span.attributes['error.type'], '500');
      assert.equal(span.events[0]?.name, 'exception');
      assert.equal(span.events[0]?.attributes?.['exception.type'], 'RangeError');
    }
  });

  test('5xx is an error of the server, 4xx is not', async () => {
    const unavailable = await spanOf(
      () => new Response('x', { status: 503 }),
      ({ ask }) => ask(get()),
    );
    assert.deepEqual(
      [unavailable.status.code, unavailable.attributes['error.type']],
      [SpanStatusCode.ERROR, '503'],
    );
    exporter.reset();
    const missing = await spanOf(
      () => new Response('x', { status: 404 }),
      ({ ask }) => ask(get()),
    );
    assert.deepEqual(
      [missing.status.code, missing.attributes['error.type']],
      [SpanStatusCode.UNSET, undefined],
    );
  });

  test('a client that leaves ends the span with the reason', async () => {
    const started = gate();
    await withServer(
      tracing(() => {
        started.open();
        return new Promise<Response>(() => {});
      }),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get());
        await started.opened;
        connection.reset();
        const span = await onlySpan();
        assert.equal(span.status.code, SpanStatusCode.ERROR);
        assert.equal(span.attributes['error.type'], 'ERR_HTTP_CONNECTION_RESET');
        assert.equal(span.attributes['http.response.status_code'], undefined);
      },
    );
  });

  test('the span ends with the last byte of the response', async () => {
    const finish = gate();
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Uint8Array.of(0x78));
        await finish.opened;
        controller.close();
      },
    });
    await spanOf(
      () => new Response(body),
      async ({ ask }) => {
        const answer = ask(get());
        await new Promise((resolve) => setTimeout(resolve, 50));
        assert.deepEqual(exporter.getFinishedSpans(), []);
        finish.open();
        await answer;
      },
    );
  });

  test('the route is in the name and an attribute; an unknown method is neither', async () => {
    const routed = await spanOf(
      (_, ctx) => {
        setRoute(ctx, '/users/:id');
        return new Response('x');
      },
      ({ ask }) => ask(get('/users/1')),
    );
    assert.deepEqual([routed.name, routed.attributes['http.route']], ['GET /users/:id', '/users/:id']);
    exporter.reset();
    const unknown = await spanOf(hello, ({ ask }) => ask(message('BREW /')));
    assert.equal(unknown.name, 'HTTP');
    assert.equal(unknown.attributes['http.request.method'], '_OTHER');
    assert.equal(unknown.attributes['http.request.method_original'], 'BREW');
  });

  test('signatures in the query are left out', async () => {
    const span = await spanOf(hello, ({ ask }) => ask(get('/?sig=SECRET&a=sig&X-Goog-Signature=SECRET')));
    assert.equal(span.attributes['url.query'], 'sig=REDACTED&a=sig&X-Goog-Signature=REDACTED');
  });

  test('a marked handler, and a request that another server or a test passes in', async () => {
    await withServer(tracing({ [PROTOCOL_MARKER]: 1, fetch: hello }), async ({ ask }) => {
      await ask(get());
      assert.equal((await onlySpan()).attributes['http.response.status_code'], 200);
    });
    exporter.reset();
    await tracing(() => new Response('x', { status: 500 }))(new Request('https://[::1]/'));
    const span = await onlySpan();
    assert.equal(span.status.code, SpanStatusCode.ERROR);
    assert.deepEqual([span.attributes['server.address'], span.attributes['server.port']], ['::1', 443]);
  });

  test('HTTP/2 and server.fetch', async () => {
    const server = serve(tracing(hello), { port: 0 });
    await server.ready;
    await server.fetch('/local');
    assert.equal((await onlySpan()).attributes['url.path'], '/local');
    exporter.reset();
    const { Client } = await import('../../src/client/index.ts');
    const client = new Client({ http2: 'prior-knowledge' });
    await (await client.fetch(server.url!)).text();
    assert.equal((await onlySpan()).attributes['network.protocol.version'], '2');
    await client.close();
    await server.close();
  });
});
