/** The application's module in one thread of a worker: loads it, serves it, and ends it. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Handler, serve } from '../index.ts';
import { installFigureLink } from '../io/workers/worker-figures.ts';
import { installRelay } from '../io/workers/worker-relay.ts';
import { inheritSockets } from '../server/inherited-sockets.ts';
import { noteOpenServers, type OpenServer } from '../server/open-servers.ts';
import { setTicketSeed } from '../tls/ticket-keys.ts';
import { FigureReports } from './figure-reports.ts';
import { loadOf } from './load/measured-load.ts';
import type { Assignment, FigureSum, FromThread } from './messages.ts';
import { MAX_MS } from './options.ts';
import type { Outbox } from './outbox.ts';
import { setWorkerData } from './worker-data.ts';

export class HostedModule {
  readonly #assignment: Assignment;
  readonly #thread: number;
  readonly #send: (message: FromThread) => void;
  readonly #servers: ReadonlySet<OpenServer>;
  /** Hands a batch of another worker to the topics of this one. */
  readonly deliver: (octets: Uint8Array) => void;
  readonly #reports: FigureReports;
  #lastBeat = 0;
  /** In milliseconds; set once it is draining. */
  #grace: number | undefined;

  /**
   * @param thread the number of the thread in this worker.
   * @param send sends to the supervisor, directly or through the process of the thread.
   * @param outbox sends batches there.
   */
  constructor(assignment: Assignment, thread: number, send: (message: FromThread) => void, outbox: Outbox) {
    this.#assignment = assignment;
    this.#thread = thread;
    this.#send = send;
    this.deliver = installRelay({
      join: () => send({ serval: 'joins' }),
      send: (octets, count) => outbox.send(octets, count),
    });
    this.#reports = new FigureReports(thread, send);
    installFigureLink(this.#reports);
    // A server that is created while the others drain must drain as well.
    this.#servers = noteOpenServers((server) => {
      if (this.#grace !== undefined) void server.drain({ grace: this.#grace });
    });
  }

  /** Loads the module. Fulfils when it listens on every socket; rejects with the error that the module throws. */
  async start(): Promise<void> {
    const { module, sockets, data, tickets, beat } = this.#assignment;
    this.#lastBeat = performance.now();
    if (beat > 0) setInterval(() => this.#beat(), beat).unref();
    setWorkerData(data);
    setTicketSeed(tickets);
    // As if the module had been started directly.
    if (module.startsWith('file:')) process.argv[1] = fileURLToPath(module);
    const inherited = inheritSockets(sockets);
    const { default: handler } = (await import(module)) as { default?: unknown };
    if (isHandler(handler)) {
      for (const { fd, givenFd } of inherited.free()) await serve(handler, { fd: givenFd ?? fd }).ready;
    }
    await inherited.listening;
    this.#send({ serval: 'ready' });
  }

  /**
   * Continues for `delay`, then accepts no more connections but answers requests on the open ones. Fulfils when all are closed.
   * Times are in milliseconds. A second call shortens the first.
   */
  async drain(grace: number, delay: number): Promise<void> {
    const isHurried = this.#grace !== undefined;
    this.#grace = grace;
    const servers = [...this.#servers];
    const closed = servers.map((server) => server.drain({ grace, delay }));
    const close = () => servers.forEach((server) => void server.close());
    if (isHurried) setTimeout(close, Math.min(delay + grace, MAX_MS)).unref();
    await Promise.allSettled(closed);
    // The counts of the last requests.
    this.#reports.report(undefined);
  }

  /** The supervisor sends what this thread has asked for. */
  onSum(sum: FigureSum): void {
    this.#reports.onSum(sum);
  }

  /** Ends everything at once. */
  destroy(): void {
    for (const server of this.#servers) server.destroy();
  }

  /** Proves that the event loop is not blocked. */
  #beat(): void {
    const now = performance.now();
    const delay = Math.max(0, now - this.#lastBeat - this.#assignment.beat);
    this.#lastBeat = now;
    this.#send({ serval: 'beat', thread: this.#thread, load: loadOf(this.#servers, delay) });
    this.#reports.reportRegularly();
  }
}

/** A function, or an object with a `fetch` method, such as the application object of a framework. */
function isHandler(value: unknown): value is Handler {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function';
}
