/** The cases: the request, the expected response, and the measured servers. */
import type { Expected } from './answer.ts';
import { type RequestShape, requestFor } from './request.ts';
import { FIELDS_READ, type Order, receiptFor } from './servers/applications.ts';
import type { Site } from './site.ts';

/** A server in a case, before the installed runtimes are known. */
export interface Place {
  readonly server: string;
  /** `main`: the runtime of the comparison. `native`: none. Otherwise the name of a runtime. */
  readonly at: string;
  /** Gives context only, without a target: three rounds are enough. */
  readonly context?: true;
}

export type CaseKind = 'load' | 'handshakes' | 'scale' | 'idle' | 'idle-load' | 'parse';

/** What the requests go over. `h2` is HTTP/2 over TLS, `h2c` without. */
export type Carrier = 'http' | 'https' | 'h2c' | 'h2';
export const isSecure = (over: Carrier): boolean => over === 'https' || over === 'h2';
export const isHttp2 = (over: Carrier): boolean => over === 'h2c' || over === 'h2';

export interface BenchCase {
  readonly id: string;
  readonly title: string;
  readonly kind: CaseKind;
  readonly over: Carrier;
  /** HTTP/2: streams at once on each connection. */
  readonly streams?: number;
  /** Handshakes that resume a session. */
  readonly resumes?: true;
  /** The application that the servers run. */
  readonly app: string;
  readonly shape: (server: string) => RequestShape;
  readonly expected: (site: Site, port: number) => Expected;
  readonly places: readonly Place[];
  readonly connections: number;
  /** Requests sent at once. */
  readonly pipelined: number;
  /** Bytes of content per request, in cases that measure bytes and not requests. */
  readonly moves?: number;
  /** At most this many rounds. */
  readonly mostRounds?: number;
}

const MIB = 1024 * 1024;
export const UPLOAD_OCTETS = 64 * MIB;

/** On the main runtime. */
const main = (...servers: string[]): Place[] => servers.map((server) => ({ server, at: 'main' }));
const native = (...servers: string[]): Place[] => servers.map((server) => ({ server, at: 'native' }));
const context = (places: Place[]): Place[] => places.map((place) => ({ ...place, context: true }));
const on = (at: string, ...servers: string[]): Place[] => servers.map((server) => ({ server, at }));

const HELLO = Buffer.from('Hello, world!');
const answer = (content: string | Buffer, coding?: string): Expected => ({
  status: 200,
  content: Buffer.from(content as string),
  ...(coding === undefined ? {} : { coding }),
});

const LOAD = {
  kind: 'load',
  over: 'http',
  shape: () => ({}),
  expected: () => answer(HELLO),
  connections: 64,
  pipelined: 1,
} as const;

/** `h2load` opens 16 connections (BENCH: 1, 10 and 100 streams on each). */
const HTTP2 = { ...LOAD, over: 'h2', app: 'hello', connections: 16 } as const;

/** The same text at 1, 10 and 100 streams a connection. */
const atStreams = (over: 'h2c' | 'h2', what: string, places: readonly Place[]): BenchCase[] =>
  [1, 10, 100].map((streams) => ({
    ...HTTP2,
    id: `${over}-${streams}`,
    title: `${what}: a plain text of 13 bytes, ${streams} ${streams === 1 ? 'stream' : 'streams'} a connection`,
    over,
    streams,
    places,
  }));

/** An order of about 1 KB. */
const ORDER: Order & Record<string, unknown> = {
  id: 482_113,
  customer: { name: 'Ada Lovelace' },
  items: Array.from({ length: 11 }, (_, i) => ({
    article: `A-${10_000 + 37 * i}`,
    title: `Part number ${i} of a difference engine`,
    price: 100 + 7 * i,
    quantity: 1 + (i % 3),
  })),
};
const ORDER_OCTETS = Buffer.from(JSON.stringify(ORDER));

const HONO_ID = '42';

export const CASES: readonly BenchCase[] = [
  {
    ...LOAD,
    id: 'hello',
    title: 'A plain text of 13 bytes',
    app: 'hello',
    places: [
      ...native('c-epoll'),
      ...main('bare', 'bare-shared', 'serval', 'node-http'),
      ...main('hono-node', 'srvx', 'express'),
      ...context(main('fastify', 'srvx-fast')),
      ...on('node20', 'bare', 'serval'),
      ...on('node26', 'bare', 'serval'),
      ...on('bun', 'serval', 'bun-serve'),
      ...context([...on('deno', 'deno-serve'), ...native('nginx')]),
    ],
  },
  {
    ...LOAD,
    id: 'hello-async',
    title: 'The same from an async handler that reads the path of the URL',
    app: 'hello-async',
    places: [...main('bare', 'serval'), ...context(main('bare-shared', 'node-http'))],
  },
  {
    ...LOAD,
    id: 'hello-pipelined',
    title: 'A plain text of 13 bytes, 16 requests at once',
    app: 'hello',
    pipelined: 16,
    places: [
      ...main('serval', 'node-http'),
      ...on('bun', 'bun-serve'),
      ...on('deno', 'deno-serve'),
      ...native('nginx'),
      ...context(main('bare', 'bare-shared')),
    ],
  },
  {
    ...LOAD,
    id: 'json',
    title: 'POST of 1 KB of JSON, parsed and answered',
    app: 'json',
    shape: () => ({
      method: 'POST',
      target: '/orders',
      content: ORDER_OCTETS,
      contentType: 'application/json',
    }),
    expected: () => answer(JSON.stringify(receiptFor(ORDER))),
    places: main('serval', 'node-http'),
  },
  {
    ...LOAD,
    id: 'headers',
    title: 'The handler reads five fields and the query of the URL',
    app: 'headers',
    shape: () => ({ target: '/search?term=octets&page=7' }),
    expected: (_, port) => answer(`7 ${fieldsRead(port)}`),
    places: main('serval', 'node-http'),
  },
  {
    ...LOAD,
    id: 'stream',
    title: 'A stream of 10 chunks of 1 KB',
    app: 'stream',
    shape: (server) => ({ target: server.startsWith('hono') ? '/stream' : '/' }),
    expected: () => answer('a'.repeat(10 * 1024)),
    places: [...main('serval', 'node-http'), ...context(main('hono-node'))],
  },
  {
    ...LOAD,
    id: 'hono',
    title: 'The same Hono application: a route with a parameter, a field, JSON',
    app: 'hono',
    shape: () => ({ target: `/users/${HONO_ID}` }),
    expected: (_, port) => answer(JSON.stringify({ id: HONO_ID, agent: fieldOf(port, 'user-agent') })),
    places: main('hono-serval', 'hono-serval-globals', 'hono-node'),
  },
  {
    ...LOAD,
    id: 'upload',
    title: 'POST of 64 MiB, counted by the handler',
    app: 'upload',
    connections: 2,
    moves: UPLOAD_OCTETS,
    shape: () => ({ method: 'POST', target: '/upload', content: Buffer.alloc(UPLOAD_OCTETS, 'u') }),
    expected: () => answer(String(UPLOAD_OCTETS)),
    places: [...main('bare', 'serval', 'node-http'), ...context(main('bare-shared'))],
  },
  {
    ...LOAD,
    id: 'file-small',
    title: 'A file of 2.7 KB',
    app: 'files',
    shape: () => ({ target: '/small.png' }),
    expected: (site) => answer(site.small),
    places: [
      ...main('serval', 'sirv', 'http-server'),
      ...native('caddy', 'nginx'),
      ...context(main('serve')),
    ],
  },
  {
    ...LOAD,
    id: 'file-large',
    title: 'A file of 10 MiB',
    app: 'files',
    moves: 10 * MIB,
    shape: () => ({ target: '/large.mp4' }),
    expected: (site) => answer(site.large),
    places: [...main('serval', 'sirv'), ...native('caddy', 'nginx')],
  },
  {
    ...LOAD,
    id: 'gzip',
    title: '50 KB of text, compressed for each request at level 6',
    app: 'gzip',
    shape: (server) => ({
      target: server === 'nginx' || server === 'caddy' ? '/text.txt' : '/',
      acceptEncoding: 'gzip',
    }),
    expected: (site) => answer(site.text, 'gzip'),
    places: context([...main('serval', 'node-http'), ...native('nginx', 'caddy')]),
  },
  {
    ...LOAD,
    id: 'connect',
    title: 'One request a connection',
    app: 'connect',
    shape: () => ({ close: true }),
    places: [...main('serval', 'node-http'), ...context(main('bare', 'bare-shared'))],
  },
  {
    ...LOAD,
    id: 'idle',
    title: 'Memory of 4,000 idle kept connections',
    kind: 'idle',
    app: 'hello',
    connections: 4_000,
    places: main('bare', 'serval', 'node-http'),
  },
  {
    ...LOAD,
    id: 'scale',
    title: 'CPU per request at 1 to 5,000 active connections',
    kind: 'scale',
    app: 'hello',
    mostRounds: 2,
    places: main('bare', 'serval', 'node-http'),
  },
  {
    ...LOAD,
    id: 'idle-load',
    title: 'Load on 64 connections, without and with 10,000 idle ones',
    kind: 'idle-load',
    app: 'hello',
    mostRounds: 3,
    places: main('serval', 'node-http'),
  },
  {
    ...LOAD,
    id: 'parse',
    title: 'The request decoder alone on a head of 367 octets',
    kind: 'parse',
    app: '',
    places: main('serval'),
  },
  {
    ...LOAD,
    id: 'https-hello',
    title: 'A plain text of 13 bytes over TLS, kept connections',
    over: 'https',
    app: 'hello',
    places: [...main('bare', 'serval', 'node-http'), ...context(native('nginx', 'caddy'))],
  },
  {
    ...LOAD,
    id: 'https-connect',
    title: 'One request a connection, each with a full TLS handshake',
    kind: 'handshakes',
    over: 'https',
    app: 'connect',
    connections: 1,
    places: [...main('serval', 'node-http'), ...context([...main('bare'), ...native('nginx', 'caddy')])],
  },
  {
    ...LOAD,
    id: 'https-resume',
    title: 'One request a connection, each with a resumed TLS session',
    kind: 'handshakes',
    over: 'https',
    resumes: true,
    app: 'connect',
    connections: 1,
    places: [...main('serval', 'node-http'), ...context([...main('bare'), ...native('nginx', 'caddy')])],
  },
  ...atStreams('h2c', 'HTTP/2 without TLS', [
    ...main('serval', 'node-http'),
    ...native('nginx'),
    ...context(native('caddy')),
  ]),
  ...atStreams('h2', 'HTTP/2 over TLS', [
    ...main('serval', 'node-http'),
    ...native('nginx'),
    ...context(native('caddy', 'h2o')),
  ]),
  {
    ...HTTP2,
    id: 'h2-file-small',
    title: 'HTTP/2 over TLS: a file of 2.7 KB, 100 streams a connection',
    streams: 100,
    app: 'files',
    shape: () => ({ target: '/small.png' }),
    expected: (site) => answer(site.small),
    places: [...main('serval'), ...native('nginx'), ...context(native('caddy', 'h2o'))],
  },
  {
    ...HTTP2,
    id: 'h2-file-large',
    title: 'HTTP/2 over TLS: a file of 10 MiB',
    streams: 1,
    connections: 4,
    app: 'files',
    moves: 10 * MIB,
    shape: () => ({ target: '/large.mp4' }),
    expected: (site) => answer(site.large),
    places: [...main('serval'), ...native('nginx'), ...context(native('caddy', 'h2o'))],
  },
  ...(['h2c', 'h2'] as const).map(
    (over): BenchCase => ({
      ...HTTP2,
      id: `${over}-upload`,
      title: `HTTP/2 ${over === 'h2' ? 'over' : 'without'} TLS: POST of 64 MiB, counted by the handler`,
      over,
      streams: 1,
      connections: 2,
      app: 'upload',
      moves: UPLOAD_OCTETS,
      shape: () => ({ method: 'POST', target: '/upload', content: Buffer.alloc(UPLOAD_OCTETS, 'u') }),
      expected: () => answer(String(UPLOAD_OCTETS)),
      places: main('serval', 'node-http'),
    }),
  ),
];

/** The cases and peers of `--quick`. */
export const QUICK_CASES = ['hello', 'hello-pipelined', 'file-small'];
export const QUICK_PEERS = ['bare', 'c-epoll', 'node-http', 'nginx'];

function fieldsRead(port: number): string {
  return FIELDS_READ.map((name) => fieldOf(port, name)).join(' ');
}

/** The value of a field, read from the octets that are sent. */
function fieldOf(port: number, name: string): string {
  const line = requestFor(port, {})
    .toString('latin1')
    .split('\r\n')
    .find((candidate) => candidate.toLowerCase().startsWith(`${name}: `));
  if (line === undefined) throw new Error(`the request has no field ${name}`);
  return line.slice(name.length + 2);
}
