/** The server of the benchmark, a process of its own: alone, or with an inspector. It answers its parent with its figures. */
import process from 'node:process';
import { serve } from '../../src/index.ts';
import { inspector } from '../../src/inspector/index.ts';

/** What the parent gets for `figures`. */
export interface ServerFigures {
  /** Microseconds of CPU, of the user and of the system. */
  readonly cpu: number;
  /** Bytes of resident memory and of the JavaScript heap, after garbage collection. */
  readonly rss: number;
  readonly heap: number;
  readonly finished: number;
}

export interface Started {
  readonly port: number;
  /** Of the inspector's page; `undefined` without one. */
  readonly page: string | undefined;
}

const server = serve(() => new Response('Hello, world!'), { port: 0, hostname: '127.0.0.1' });
await server.ready;
const page = process.argv[2] === 'inspect' ? (await inspector(server)).url : undefined;

process.on('message', (question) => {
  if (question === 'cpu') return send(figures());
  globalThis.gc?.();
  send(figures());
});
process.on('disconnect', () => process.exit());
send({ port: server.port!, page } satisfies Started);

function figures(): ServerFigures {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return { cpu: user + system, rss, heap: heapUsed, finished: server.counts.requestsFinished };
}

function send(message: ServerFigures | Started): void {
  process.send!(message);
}
