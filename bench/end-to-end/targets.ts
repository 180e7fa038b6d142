/** The targets: ratios of two servers in the same round. */
import type { FigureName } from './measured.ts';

export interface Target {
  readonly case: string;
  readonly figure: FigureName;
  readonly ours: string;
  /** `undefined`: the bound applies to the figure itself. */
  readonly theirs?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const cpu = (id: string, ours: string, theirs: string, atMost: number): Target => ({
  case: id,
  figure: 'cpu',
  ours,
  theirs,
  atMost,
});
const rate = (id: string, ours: string, theirs: string, atLeast: number): Target => ({
  case: id,
  figure: 'rate',
  ours,
  theirs,
  atLeast,
});

const SERVAL = 'serval@node24';

export const TARGETS: readonly Target[] = [
  cpu('hello', SERVAL, 'bare@node24', 0.97),
  cpu('hello', SERVAL, 'bare-shared@node24', 1.08),
  cpu('hello', 'serval@node26', 'bare@node26', 1.1),
  cpu('hello', 'serval@node20', 'bare@node20', 1.15),
  cpu('hello-async', SERVAL, 'bare@node24', 1.1),
  cpu('hello', SERVAL, 'c-epoll', 1.45),
  cpu('hello', SERVAL, 'node-http@node24', 0.63),
  cpu('hello', SERVAL, 'hono-node@node24', 0.52),
  cpu('hello', SERVAL, 'srvx@node24', 0.42),
  cpu('hello', SERVAL, 'express@node24', 0.27),
  cpu('hello', 'serval@bun', 'bun-serve@bun', 1),
  rate('hello-pipelined', SERVAL, 'node-http@node24', 11),
  rate('hello-pipelined', SERVAL, 'bun-serve@bun', 6),
  rate('hello-pipelined', SERVAL, 'deno-serve@deno', 6),
  rate('hello-pipelined', SERVAL, 'nginx', 6),
  cpu('json', SERVAL, 'node-http@node24', 0.65),
  cpu('headers', SERVAL, 'node-http@node24', 0.65),
  cpu('stream', SERVAL, 'node-http@node24', 0.5),
  cpu('hono', 'hono-serval-globals@node24', 'hono-node@node24', 0.6),
  cpu('hono', 'hono-serval@node24', 'hono-node@node24', 0.75),
  cpu('upload', SERVAL, 'bare@node24', 0.6),
  cpu('upload', SERVAL, 'node-http@node24', 0.45),
  rate('file-small', SERVAL, 'sirv@node24', 10),
  rate('file-small', SERVAL, 'http-server@node24', 10),
  rate('file-small', SERVAL, 'caddy', 5),
  rate('file-small', SERVAL, 'nginx', 1),
  { case: 'file-large', figure: 'throughput', ours: SERVAL, theirs: 'nginx', atLeast: 1.3 },
  cpu('file-large', SERVAL, 'nginx', 1.3),
  { case: 'file-large', figure: 'throughput', ours: SERVAL, theirs: 'caddy', atLeast: 1.6 },
  { case: 'file-large', figure: 'throughput', ours: SERVAL, theirs: 'sirv@node24', atLeast: 2.7 },
  { case: 'idle', figure: 'memory', ours: SERVAL, theirs: 'node-http@node24', atMost: 0.42 },
  { case: 'idle', figure: 'memory', ours: SERVAL, atMost: 5_000 },
  rate('connect', SERVAL, 'node-http@node24', 1.2),
  // The same target in CPU: opening connections keeps the load generator as busy as the server.
  cpu('connect', SERVAL, 'node-http@node24', 0.8),
  cpu('https-hello', SERVAL, 'node-http@node24', 0.75),
  cpu('https-hello', SERVAL, 'bare@node24', 1.1),
  cpu('https-connect', SERVAL, 'node-http@node24', 1),
  cpu('https-resume', SERVAL, 'node-http@node24', 1),
  cpu('h2c-1', SERVAL, 'node-http@node24', 0.45),
  cpu('h2c-10', SERVAL, 'node-http@node24', 0.15),
  cpu('h2c-100', SERVAL, 'node-http@node24', 0.1),
  cpu('h2c-1', SERVAL, 'nginx', 1.1),
  cpu('h2c-10', SERVAL, 'nginx', 0.35),
  cpu('h2c-100', SERVAL, 'nginx', 0.2),
  cpu('h2-1', SERVAL, 'node-http@node24', 0.5),
  cpu('h2-10', SERVAL, 'node-http@node24', 0.22),
  cpu('h2-100', SERVAL, 'node-http@node24', 0.12),
  cpu('h2-1', SERVAL, 'nginx', 1.3),
  cpu('h2-10', SERVAL, 'nginx', 0.6),
  cpu('h2-100', SERVAL, 'nginx', 0.35),
  cpu('h2-file-small', SERVAL, 'nginx', 0.5),
  { case: 'h2-file-large', figure: 'throughput', ours: SERVAL, theirs: 'nginx', atLeast: 0.9 },
  cpu('h2c-upload', SERVAL, 'node-http@node24', 0.5),
  cpu('h2-upload', SERVAL, 'node-http@node24', 0.5),
  { case: 'parse', figure: 'throughput', ours: SERVAL, atLeast: 1e9 },
];
