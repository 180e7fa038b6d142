/** A server of server-sent events that counts what it holds: `server.js HOST serval|native|hono EVERY`. */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { Response as ServalResponse, type ServerContext, serve } from '../../../src/index.ts';
import { answerQuestions } from './asked-program.ts';

export interface Held {
  /** Requests that a handler was called for. */
  readonly opened: number;
  /** Streams whose source was told to stop. */
  readonly cancelled: number;
  /** `ctx.completed` fulfilled or rejected. */
  readonly settled: number;
  readonly aborted: number;
  /** As the server counts them. */
  readonly connections: number;
  /** Sockets of this port by their state. */
  readonly established: number;
  readonly closeWait: number;
  /** All sockets of this port but the one that listens. */
  readonly sockets: number;
  readonly descriptors: number;
  /** Bytes, after a collection of garbage. */
  readonly heap: number;
  readonly resident: number;
}

const [hostname = '', flavour = '', every = '0'] = process.argv.slice(2);
const counted = { opened: 0, cancelled: 0, settled: 0, aborted: 0 };
const octets = new TextEncoder();

function note(request: Request, ctx: ServerContext): void {
  counted.opened++;
  const settle = (): void => void counted.settled++;
  ctx.completed.then(settle, settle);
  request.signal.addEventListener('abort', () => counted.aborted++);
}

/** One event at once; then one each so many milliseconds, or none. */
function events(): ReadableStream<Uint8Array> {
  let timer: NodeJS.Timeout | undefined;
  return new ReadableStream({
    start(controller) {
      const send = () => controller.enqueue(octets.encode('data: 1\n\n'));
      send();
      if (Number(every) > 0) timer = setInterval(send, Number(every));
    },
    cancel() {
      clearInterval(timer);
      counted.cancelled++;
    },
  });
}

const headers = { 'Content-Type': 'text/event-stream' };
const hono = new Hono().get('/', (c) =>
  streamSSE(c, async (stream) => {
    let leave = (): void => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    stream.onAbort(() => {
      counted.cancelled++;
      leave();
    });
    await stream.writeSSE({ data: '1' });
    while (Number(every) > 0 && !stream.aborted) {
      await stream.sleep(Number(every));
      await stream.writeSSE({ data: '1' });
    }
    await left;
  }),
);
const flavours: Readonly<Record<string, (request: Request, ctx: ServerContext) => unknown>> = {
  serval: () => new ServalResponse(events(), { headers }),
  native: () => new Response(events(), { headers }),
  hono: (request) => hono.fetch(request),
};
const answer = flavours[flavour]!;
const server = serve(
  {
    fetch(request: Request, ctx: ServerContext) {
      note(request, ctx);
      return answer(request, ctx) as Response;
    },
  },
  { hostname, port: 0, limits: { maxConnections: 20_000 } },
);
await server.ready;
const { port } = [...server][0]!.address;

await answerQuestions({ port: () => port, held });
process.exit();

function held(): Held {
  (globalThis as unknown as { gc(): void }).gc();
  const states = readFileSync('/proc/self/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local]) => local?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`))
    .map((words) => words[3]);
  const count = (state: string) => states.filter((one) => one === state).length;
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    ...counted,
    connections: server.counts.connections,
    // The numbers of include/net/tcp_states.h.
    established: count('01'),
    closeWait: count('08'),
    sockets: states.length - count('0A') - count('06'),
    descriptors: readdirSync('/proc/self/fd').length,
    heap: heapUsed + external,
    resident: rss,
  };
}
