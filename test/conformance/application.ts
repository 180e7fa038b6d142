/**
 * The application that the conformance suite talks to, in this process and in one of its own: small answers that depend on
 * nothing but the request, so that every octet of them can be written down.
 */

import { compression } from '../../src/compression/index.ts';
import { type ConnectContext, Response, type ServerContext, serve } from '../../src/index.ts';
import type { Fixture } from '../support/servers/launch.ts';

export interface ApplicationOptions {
  /** With a `connect()` handler, which accepts every tunnel and sends back what comes through it. */
  readonly tunnels?: boolean;
}

export interface Application extends Fixture {
  /** What the handler saw of the connection from this port, and forgets then. */
  handled(port: number): string[];
}

type Route = (request: Request, context: ServerContext, rest: string) => Response | Promise<Response>;

const fields = (section: Iterable<[string, string]>): string =>
  [...section].map(([name, value]) => `${name}: ${value}\n`).join('');

/** A stream that has its next piece ready whenever it is asked; `null` is a fault. */
function streamOf(...pieces: (string | null)[]): ReadableStream<Uint8Array> {
  const left = [...pieces];
  return new ReadableStream({
    pull(controller) {
      if (left.length === 0) return controller.close();
      const piece = left.shift();
      if (typeof piece !== 'string') throw new Error('A fault in the middle of a stream');
      controller.enqueue(new TextEncoder().encode(piece));
    },
  });
}

const coded = compression(() => new Response('hello'), { codings: ['gzip'], threshold: 0 });

/** By the first segment of the path; `rest` is what follows it. */
const ROUTES: Record<string, Route> = {
  '': () => new Response('hello'),
  // The URL of OPTIONS *.
  '*': () => new Response('asterisk'),
  next: () => new Response('next'),
  method: ({ method }) => new Response(method),
  url: ({ url }) => new Response(url),
  target: (_, { receivedHead }) => new Response(receivedHead.trimStart().split(' ')[1] ?? ''),
  fields: ({ headers }) => new Response(fields(headers)),
  echo: async (request) => new Response(await request.text()),
  octets: async (request) => new Response(new Uint8Array(await request.arrayBuffer())),
  trailers: async (request) => {
    const content = await request.text();
    const { trailers } = request as Request & { trailers: Promise<Headers> };
    return new Response(`${content}\n--\n${fields(request.headers)}--\n${fields(await trailers)}`);
  },
  unread: () => new Response('unread'),
  status: (_request, _context, rest) => new Response(null, { status: Number(rest) }),
  reason: () => new Response('hello', { statusText: 'Fine' }),
  stream: () => new Response(streamOf('hello', ' ', 'world')),
  'empty-pieces': () => new Response(streamOf('', 'hello', '')),
  'with-length': () => new Response(streamOf('hello'), { headers: { 'Content-Length': '5' } }),
  'too-short': () => new Response(streamOf('hell'), { headers: { 'Content-Length': '5' } }),
  'broken-stream': () => new Response(streamOf('hello', null)),
  'with-trailers': () =>
    new Response(streamOf('hello'), { trailers: () => ({ 'X-Sum': '5', 'Content-Length': '9', Host: 'b' }) }),
  'wrong-length': () => new Response('hello', { headers: { 'Content-Length': '4' } }),
  'own-coding': () => new Response('hello', { headers: { 'Transfer-Encoding': 'gzip' } }),
  'length-204': () => new Response(null, { status: 204, headers: { 'Content-Length': '0' } }),
  'length-304': () => new Response(null, { status: 304, headers: { 'Content-Length': '5', ETag: '"a"' } }),
  'announced-trailers': () =>
    new Response(streamOf('hello'), { headers: { Trailer: 'X-Sum' }, trailers: () => ({ 'X-Sum': '5' }) }),
  splitting: () => new Response('hello', { headers: [['X', 'a\r\nSet-Cookie: b']] }),
  truncating: () => new Response('hello', { headers: [['X', 'a\u010d\u010aSet-Cookie: b']] }),
  'splitting-name': () => new Response('hello', { headers: [['X: a\r\nY', 'b']] }),
  'splitting-reason': () => new Response('hello', { statusText: 'a\r\nX: b' }),
  cookies: () =>
    new Response('hello', {
      headers: [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
    }),
  date: () => new Response('hello', { headers: { Date: 'Sun, 06 Nov 1994 08:49:37 GMT' } }),
  octet: () => new Response(new Uint8Array([0, 13, 10, 255])),
  snowman: () => new Response('\u2603'),
  last: () => new Response('last', { headers: { Connection: 'close' } }),
  hop: () => new Response('hello', { headers: { Connection: 'X-Hop', 'Keep-Alive': 'timeout=5' } }),
  'upgrade-required': () => new Response('hello', { status: 426, headers: { Upgrade: 'chat' } }),
  informational: (_, context) => {
    context.sendInformational(103, { Link: '</a.css>' });
    return new Response('hello');
  },
  'two-informational': (_, context) => {
    context.sendInformational(102);
    context.sendInformational(103, { Link: '</a.css>' });
    return new Response('hello');
  },
  'informational-framing': (_, context) => {
    context.sendInformational(103, {
      'Content-Length': '5',
      'Transfer-Encoding': 'chunked',
      Link: '</a.css>',
    });
    return new Response('hello');
  },
  'informational-or': (_, context) => {
    try {
      context.sendInformational(103);
      return new Response('sent');
    } catch (error) {
      return new Response((error as Error).name);
    }
  },
  slow: async (_request, _context, rest) => {
    await new Promise((resolve) => setImmediate(resolve));
    return new Response(rest);
  },
  fault: () => {
    throw new Error('SECRET');
  },
  deny: (_, context) => {
    context.deny();
    return undefined as unknown as Response;
  },
  coded: (request, context) => coded(request, context, context),
};

export default function application(options: ApplicationOptions): Application {
  const seen = new Map<number, string[]>();

  const note = (context: ServerContext, method: string) => {
    const { port } = context.remoteAddress;
    const [, target = ''] = context.receivedHead.trimStart().split(' ');
    const requests = seen.get(port);
    if (requests === undefined) seen.set(port, [`${method} ${target}`]);
    else requests.push(`${method} ${target}`);
  };

  const fetch = (request: Request, context: ServerContext): Response | Promise<Response> => {
    note(context, request.method);
    const [, first = '', rest = ''] = new URL(request.url).pathname.split('/');
    const route = Object.hasOwn(ROUTES, first) ? ROUTES[first] : undefined;
    return route === undefined ? new Response('nothing', { status: 404 }) : route(request, context, rest);
  };

  const connect = async (context: ConnectContext) => {
    note(context, context.connectProtocol === null ? 'CONNECT' : `Upgrade: ${context.connectProtocol}`);
    const { readable, writable } = await context.accept({
      headers: { 'Content-Length': '5', 'X-Tunnel': 'yes' },
    });
    readable.pipeTo(writable).catch(() => {});
  };

  const server = serve(fetch, {
    hostname: '127.0.0.1',
    port: 0,
    ...(options.tunnels === true ? { connect } : {}),
    // A client that has ended its side is answered (RFC 9112 §9.6), and no Keep-Alive field stands in the exact answers.
    halfOpen: true,
    timeouts: { idle: 0 },
  });

  const handled = (port: number): string[] => {
    const requests = seen.get(port) ?? [];
    seen.delete(port);
    return requests;
  };
  return { server, handled, commands: { handled } };
}
