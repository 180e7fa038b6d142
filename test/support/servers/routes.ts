/**
 * The application that the tests in `test/tcp` talk to: a route for each thing a server must get right.
 *
 * It keeps a record of each connection, by the client's port: which requests reached the handler and what became of
 * their content. A 400 on the wire is only half a proof; the other half is that the handler never saw the request.
 */
import { subscribe } from 'node:diagnostics_channel';
import * as serval from '../../../src/index.ts';
import type { Fixture } from './launch.ts';

export interface RoutesOptions {
  /** Handed on to `serve()`. */
  readonly serve?: serval.ServerOptions;
  /** Whose `Response` the routes answer with: Serval's own, or the runtime's. */
  readonly flavour?: 'serval' | 'native';
  /** With an `error()` handler, which answers 500 with the error's code. */
  readonly explain?: boolean;
}

/** What one connection did, as the tests ask for it with the command `connection`. */
export interface ConnectionRecord {
  /** `POST /echo`: method and request-target as they stood on the wire. */
  readonly handled: string[];
  /**
   * `read 5`, or `failed ERR_HTTP_…` when reading the content failed; `aborted ERR_HTTP_…` when the client went away,
   * `cancelled ERR_HTTP_…` when it did while a stream was on its way to it.
   */
  readonly outcomes: string[];
}

type Route = (exchange: Exchange) => Response | Promise<Response>;

interface Exchange {
  readonly request: Request;
  readonly context: serval.ServerContext;
  readonly url: URL;
  readonly target: string;
  readonly record: ConnectionRecord;
}

const encoder = new TextEncoder();

export default function routes(options: RoutesOptions): Fixture {
  const records = new Map<number, ConnectionRecord>();
  // Some thousand connections later the system gives a client a port that another one has had.
  subscribe('serval:connection:open', (message) => {
    records.delete((message as { remoteAddress: { port: number } }).remoteAddress.port);
  });
  const gates = new Map<string, () => void>();
  const Answer = options.flavour === 'native' ? globalThis.Response : serval.Response;
  const json = (value: unknown) =>
    new Answer(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });

  const table: Record<string, Route> = {
    '/': () => new Answer('hello'),
    '/method': ({ request }) => new Answer(request.method),
    '/url': ({ request }) => new Answer(request.url),
    '/target': ({ target }) => new Answer(target),
    '/headers': ({ request }) => json([...request.headers]),
    '/head': ({ context }) => new Answer(context.receivedHead),
    '/tls': ({ context: { encrypted, alpnProtocol, serverName, peerCertificate } }) =>
      json([encrypted, alpnProtocol, serverName, peerCertificate?.subject ?? null]),
    '/count': ({ url }) => json(recordOf(records, Number(url.searchParams.get('port')))),

    '/echo': async (exchange) => new Answer(await collect(exchange)),
    '/echo-stream': ({ request }) => new Answer(request.body),
    '/length': async (exchange) => new Answer(String((await collect(exchange)).byteLength)),
    '/discard': () => new Answer('discarded'),
    '/trailers': async (exchange) => {
      await collect(exchange);
      return json(await trailersOf(exchange.request));
    },

    '/stream': ({ request, url, record }) => {
      const size = Number(url.searchParams.get('size') ?? 5);
      const stream = streamOf(
        Number(url.searchParams.get('n') ?? 3),
        'x'.repeat(size),
        record,
        request.signal,
      );
      return new Answer(stream);
    },
    '/fixed': ({ url }) => new Answer('x'.repeat(Number(url.searchParams.get('size') ?? 5))),
    '/utf8': () => new Answer('caf\u00e9 \u2603'),
    '/sse': ({ url }) => {
      const gate = new Promise<void>((resolve) => gates.set(url.searchParams.get('name') ?? '', resolve));
      return new Answer(eventsAround(gate), { headers: { 'content-type': 'text/event-stream' } });
    },
    '/length-short': () => new Answer(streamOf(1, 'hello'), { headers: { 'content-length': '10' } }),
    '/length-long': () => new Answer(streamOf(1, 'hello world'), { headers: { 'content-length': '5' } }),
    '/stream-error': () => new Answer(failingStream()),

    '/slow': async ({ url }) => {
      await sleep(Number(url.searchParams.get('ms') ?? 100));
      return new Answer('slow');
    },
    '/gate': async ({ url }) => {
      await new Promise<void>((resolve) => gates.set(url.searchParams.get('name') ?? '', resolve));
      return new Answer('released');
    },
    '/never': ({ request, record }) => {
      request.signal.addEventListener('abort', () =>
        record.outcomes.push(`aborted ${codeOf(request.signal.reason)}`),
      );
      return new Promise<Response>(() => {});
    },
    '/wait-until': ({ context, url }) => {
      context.waitUntil(
        new Promise<void>((resolve) => gates.set(url.searchParams.get('name') ?? '', resolve)),
      );
      return new Answer('waiting');
    },
    '/throw': () => {
      throw new Error('SECRET thrown by the handler');
    },
    '/reject': () => Promise.reject(new Error('SECRET rejected by the handler')),
    '/not-a-response': () => 'a string' as unknown as Response,

    '/status': ({ url }) => {
      const status = Number(url.searchParams.get('code') ?? 200);
      const content = [101, 204, 205, 304].includes(status) ? null : `status ${status}`;
      return new Answer(content, { status });
    },
    '/not-modified': () => new Answer(null, { status: 304, headers: { etag: '"a"' } }),
    '/no-content-with-length': () => new Answer(null, { status: 204, headers: { 'content-length': '0' } }),
    '/close': () => new Answer('last', { headers: { connection: 'close' } }),
    '/informational': ({ context }) => {
      context.sendInformational(103, { link: '</style.css>; rel=preload' });
      return new Answer('after 103');
    },
    '/informational-1.0': ({ context }) => {
      try {
        context.sendInformational(103, { link: '</style.css>; rel=preload' });
        return new Answer('sent');
      } catch (error) {
        return new Answer((error as Error).name);
      }
    },
    '/continue': async (exchange) => {
      exchange.context.sendInformational(100);
      return new Answer(await collect(exchange));
    },
    '/deny': ({ context }) => {
      context.deny(new Error('SECRET denied'));
      return new Answer('too late');
    },
    '/bad-field': () => new Answer('ok', { headers: { 'x-bad': 'a\r\nx-smuggled: 1' } }),
    '/bad-reason': () => new Answer('ok', { statusText: 'a\r\nx-smuggled: 1' }),
  };

  const fetch = async (request: Request, context: serval.ServerContext): Promise<Response> => {
    const target = targetOf(context);
    const record = recordOf(records, context.remoteAddress.port);
    record.handled.push(`${request.method} ${target}`);
    if (target === '*') return new Answer('asterisk');
    const url = new URL(request.url);
    const route = Object.hasOwn(table, url.pathname) ? table[url.pathname] : undefined;
    if (route === undefined) return new Answer('not found', { status: 404 });
    return route({ request, context, url, target, record });
  };
  const error = (_context: serval.ServerContext, fault: unknown) =>
    new Answer(codeOf(fault), { status: 500 });

  const controller = new AbortController();
  const server = serval.serve(fetch, {
    ...(options.explain === true ? { error } : {}),
    ...(options.serve?.path === undefined ? { hostname: '127.0.0.1', port: 0 } : {}),
    signal: controller.signal,
    ...options.serve,
  });

  return {
    server,
    commands: {
      /** The record of the connection from a client's port; asking forgets it, as ports are used again. */
      connection: (port: number) => {
        const record = recordOf(records, port);
        records.delete(port);
        return record;
      },
      /** The same, for a test that waits for something to appear in it. */
      peek: (port: number) => recordOf(records, port),
      release: (name: string) => gates.get(name)?.(),
      /** The gates at which a handler waits. */
      waiting: () => [...gates.keys()],
      /** Aborts the signal that `serve()` was given. */
      abort: () => controller.abort(),
      /** What `ready` of a second server rejects with that wants the port of the first. */
      'listen-again': async (port: number) => {
        const second = serval.serve(fetch, { hostname: '127.0.0.1', port });
        try {
          await second.ready;
          return 'listening';
        } catch (reason) {
          return codeOf(reason);
        }
      },
    },
  };

  async function collect({ request, record }: Exchange): Promise<ArrayBuffer> {
    try {
      const content = await request.arrayBuffer();
      record.outcomes.push(`read ${content.byteLength}`);
      return content;
    } catch (reason) {
      record.outcomes.push(`failed ${codeOf(reason)}`);
      throw reason;
    }
  }
}

function recordOf(records: Map<number, ConnectionRecord>, port: number): ConnectionRecord {
  let record = records.get(port);
  if (record === undefined) {
    record = { handled: [], outcomes: [] };
    records.set(port, record);
  }
  return record;
}

function targetOf(context: serval.ServerContext): string {
  const [line = ''] = context.receivedHead.replace(/^(\r\n)+/, '').split('\r\n', 1);
  return line.slice(line.indexOf(' ') + 1, line.lastIndexOf(' '));
}

/** One chunk a turn of the event loop, so that each is a chunk of its own on the wire. */
function streamOf(
  count: number,
  text: string,
  record?: ConnectionRecord,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent === count) return controller.close();
      await sleep(0);
      sent++;
      controller.enqueue(encoder.encode(text));
    },
    cancel() {
      record?.outcomes.push(`cancelled ${codeOf(signal?.reason)}`);
    },
  });
}

/** One event at once, the other one when the gate opens. */
function eventsAround(gate: Promise<void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(encoder.encode('data: first\n\n'));
      await gate;
      controller.enqueue(encoder.encode('data: second\n\n'));
      controller.close();
    },
  });
}

function failingStream(): ReadableStream<Uint8Array> {
  let pulled = false;
  return new ReadableStream({
    async pull(controller) {
      await sleep(0);
      if (pulled) throw new Error('SECRET thrown by the stream');
      pulled = true;
      controller.enqueue(encoder.encode('hello'));
    },
  });
}

async function trailersOf(request: Request): Promise<unknown> {
  const { trailers } = request as Request & { trailers?: Headers | Promise<Headers> };
  const fields = await trailers;
  return fields === undefined ? null : [...fields];
}

function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return error instanceof Error ? error.name : String(error);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
