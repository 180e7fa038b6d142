/** The application's module in one thread of a worker: loaded, served, watched, and ended. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { type Handler, serve } from '../index.ts';
import { inheritSockets } from '../server/inherited-sockets.ts';
import { noteOpenServers, type OpenServer } from '../server/open-servers.ts';
import type { Assignment, FromThread } from './messages.ts';
import { MOST_MS } from './options.ts';
import { setWorkerData } from './worker-data.ts';

export class HostedModule {
  readonly #assignment: Assignment;
  readonly #thread: number;
  readonly #send: (message: FromThread) => void;
  readonly #servers: ReadonlySet<OpenServer>;
  /** Milliseconds, once it is draining. */
  #grace: number | undefined;

  /**
   * @param thread its number in this worker.
   * @param send to the supervisor, or to whoever passes it on.
   */
  constructor(assignment: Assignment, thread: number, send: (message: FromThread) => void) {
    this.#assignment = assignment;
    this.#thread = thread;
    this.#send = send;
    // A server that comes while the others are draining has come too late.
    this.#servers = noteOpenServers((server) => {
      if (this.#grace !== undefined) void server.drain({ grace: this.#grace });
    });
  }

  /** Loads the module; fulfils when it listens on every socket. Rejects with what the module throws. */
  async start(): Promise<void> {
    const { module, sockets, data, beat } = this.#assignment;
    if (beat > 0) setInterval(() => this.#beat(), beat).unref();
    setWorkerData(data);
    // What the module would find there if it were started by itself.
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
   * Goes on for the delay, then answers what comes on the connections there are and accepts no more. Fulfils when all of them
   * are closed. In milliseconds. Told once more, it is to be done sooner.
   */
  async drain(grace: number, delay: number): Promise<void> {
    const isHurried = this.#grace !== undefined;
    this.#grace = grace;
    const servers = [...this.#servers];
    const closed = servers.map((server) => server.drain({ grace, delay }));
    const close = () => servers.forEach((server) => void server.close());
    if (isHurried) setTimeout(close, Math.min(delay + grace, MOST_MS)).unref();
    await Promise.allSettled(closed);
  }

  /** Breaks off everything. */
  destroy(): void {
    for (const server of this.#servers) server.destroy();
  }

  /** That this gets through says that the event loop turns. */
  #beat(): void {
    let connections = 0;
    for (const server of this.#servers) {
      for (const listener of server) connections += listener.connectionCount;
    }
    this.#send({ serval: 'beat', thread: this.#thread, connections });
  }
}

/** A function, or an object with a `fetch`, as `serve` takes them: also what a framework exports. */
function isHandler(value: unknown): value is Handler {
  if (typeof value === 'function') return true;
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function';
}
