/** Runs a module in several processes on the same sockets, and keeps them running. It never takes a request itself. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SocketAddress } from '../io/socket-address.ts';
import { type BoundSocket, bindSocket, checkSupport } from './bound-socket.ts';
import type { SupervisorEvent, SupervisorEventType } from './events.ts';
import { Generation, type GenerationHost } from './generation.ts';
import {
  checkDelay,
  checkGrace,
  checkWorkers,
  type Reload,
  resolveReload,
  resolveSettings,
  type SuperviseOptions,
  type WorkerSettings,
} from './options.ts';
import { obeySignals } from './signals.ts';
import type { WorkerProcess, WorkerState } from './worker.ts';
import { isWorker } from './worker-data.ts';

export interface WorkerInfo {
  readonly pid: number | undefined;
  readonly generation: number;
  readonly state: WorkerState;
  /** Since when it is in that state. */
  readonly since: Date;
  /** How many connections it has, as of its last sign of life. */
  readonly connections: number;
}

/**
 * Runs a module in several processes, or threads, that all accept connections from the same sockets.
 *
 * The module serves either by itself, `serve(handler, { port })` with an address that is given here, or by what it exports
 * as default: a handler, as `serve` takes them.
 *
 * ```ts
 * const supervisor = supervise(new URL('./app.js', import.meta.url), { port: 4221, signals: true });
 * await supervisor.ready;
 * ```
 *
 * One file can be both: `if (isWorker()) serve(…); else supervise(import.meta.url, …)`.
 *
 * @param module a URL, or a path that is absolute or begins with a dot, from the current folder.
 * @throws {TypeError | RangeError} for an option that is none, naming it and its value.
 * @throws {DOMException} `NotSupportedError` on Windows, Bun and Deno, which can't hand a listening socket on;
 *   `InvalidStateError` in a worker, which would start more and more of itself.
 */
export function supervise(module: string | URL, options: SuperviseOptions = {}): Supervisor {
  if (isWorker()) throw new DOMException('supervise: this is a worker already', 'InvalidStateError');
  return new Supervisor(moduleUrl(module), resolveSettings(options));
}

export class Supervisor implements GenerationHost, AsyncDisposable {
  /**
   * Fulfils when every worker listens. Rejects with EADDRINUSE and the like, or with what became of the first worker that
   * could not be started.
   */
  readonly ready: Promise<void>;
  /** Fulfils after `drain` or `close`; rejects after `destroy`, and with the reason when the workers keep dying. */
  readonly closed: Promise<void>;

  readonly #module: string;
  #settings: WorkerSettings;
  readonly #sockets: BoundSocket[] = [];
  #addresses: readonly SocketAddress[] = [];
  /** The one that serves, and those that drain or start. */
  readonly #generations = new Set<Generation>();
  #current: Generation | undefined;
  #count = 0;
  #isReloading = false;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #delay: NodeJS.Timeout | undefined;
  /** What `closed` will reject with. */
  #error: unknown;
  /** Reloads and the like go one after the other. */
  #turn: Promise<unknown>;
  #disobey: (() => void) | undefined;
  #settle!: { resolve(): void; reject(error: unknown): void };

  /** Not for applications: see {@link supervise}. */
  constructor(module: string, settings: WorkerSettings) {
    checkSupport();
    this.#module = module;
    this.#settings = settings;
    this.closed = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    const opened = this.#open();
    // Nothing in here looks at `ready` or `closed` itself: one that fails, and that nobody looks at, ends the process.
    this.ready = opened.then(() => {});
    this.#turn = opened.catch(() => {});
    if (settings.signals) this.#disobey = obeySignals(this);
  }

  /** Where the workers listen, once `ready`. */
  get addresses(): readonly SocketAddress[] {
    return this.#addresses;
  }

  /** Those that have not gone. */
  get workers(): readonly WorkerInfo[] {
    const workers = [...this.#generations].flatMap(({ members }) => [...members]);
    return workers.map(({ pid, generation, state, since, connections }) => ({
      ...{ pid, generation, state, since, connections },
    }));
  }

  /**
   * Starts as many new workers, with the module as it is now. When all of them are ready, the old ones drain. Fulfils then,
   * and not when they have gone.
   *
   * Rejects when a new one could not be started; then the old ones go on as if nothing had happened. Rejects with an
   * `AbortError` when the supervisor is told to end meanwhile.
   *
   * @param changes what the new ones get instead of what the old ones had.
   * @throws {TypeError} for what can't be changed, and for values that are none.
   */
  reload(changes: Reload = {}): Promise<void> {
    const changed = resolveReload(changes);
    return this.#inTurn(async (old) => {
      const settings = { ...this.#settings, ...changed };
      const generation = this.#generation(settings);
      this.#isReloading = true;
      try {
        await generation.resize(old.wanted);
      } catch (error) {
        generation.drain(settings.grace);
        if (this.#phase !== 'open') throw new DOMException(messageOf(error), 'AbortError');
        // The old ones were given time until now.
        if (old.failure !== undefined) this.#fail(old.failure);
        throw new Error(`${messageOf(error)}; the old workers go on`, { cause: error });
      } finally {
        this.#isReloading = false;
      }
      this.#settings = settings;
      this.#current = generation;
      old.drain(settings.grace);
      const serve = old.wanted === 1 ? 'worker serves' : 'workers serve';
      this.#emit('reloaded', undefined, `reloaded: ${old.wanted} new ${serve}`);
    });
  }

  /**
   * Has so many workers from now on. Fulfils when new ones are ready, or those too many drain. Rejects when a new one could not
   * be started; then there are as many as before.
   *
   * @throws {TypeError | RangeError} for what is no number of workers.
   */
  resize(workers: number): Promise<void> {
    checkWorkers(workers);
    return this.#inTurn((current) => current.resize(workers));
  }

  /**
   * Ends without losing a request: accepts no more, but the workers go on to answer what arrives on the connections there are,
   * each time with `Connection: close`. Fulfils when they have gone.
   *
   * @param options in milliseconds. `grace`: how long those connections are kept; default that of `supervise`. `delay`: for how
   *   long all goes on as before at first, while the servers of the workers are `draining` already; default that of
   *   `supervise`. A worker that dies in that time is not replaced.
   * @throws {RangeError} for a grace or a delay that is none.
   */
  drain({
    grace = this.#settings.grace,
    delay = this.#settings.drainDelay,
  }: {
    grace?: number;
    delay?: number;
  } = {}): Promise<void> {
    checkGrace(grace);
    checkDelay(delay);
    this.#excuseReady();
    this.#end((generation) => generation.drain(grace, delay), delay);
    return this.closed;
  }

  /** Ends gracefully: what is under way is finished, connections without a request are closed. */
  close(): Promise<void> {
    return this.drain({ grace: 0, delay: 0 });
  }

  /** Breaks off everything; `closed` rejects with `error`, or with an `AbortError`, when the workers have gone. */
  destroy(error: unknown = new DOMException('The supervisor was destroyed', 'AbortError')): void {
    this.closed.catch(() => {});
    this.#excuseReady();
    this.#error ??= error;
    this.#end((generation) => generation.destroy());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #open(): Promise<void> {
    try {
      await this.#bind();
      const generation = this.#generation(this.#settings);
      this.#current = generation;
      await generation.resize(this.#settings.workers);
    } catch (error) {
      // Whoever looks at `ready` knows.
      this.closed.catch(() => {});
      this.#fail(error);
      throw error;
    }
  }

  async #bind(): Promise<void> {
    for (const address of this.#settings.listen) {
      const socket = await bindSocket(address, this.#settings.backlog);
      if (this.#phase !== 'open') {
        socket.close();
        throw new DOMException('The supervisor was closed', 'AbortError');
      }
      this.#sockets.push(socket);
    }
    this.#addresses = this.#sockets.map(({ address }) => address);
  }

  #generation(settings: WorkerSettings): Generation {
    const spec = {
      module: this.#module,
      sockets: this.#sockets,
      settings,
      beat: beatOf(settings.hangTimeout),
    };
    const generation = new Generation(++this.#count, spec, this);
    this.#generations.add(generation);
    return generation;
  }

  #inTurn(act: (current: Generation) => Promise<void>): Promise<void> {
    const turn = this.#turn.then(() => {
      if (this.#phase !== 'open' || this.#current === undefined) {
        throw new DOMException('The supervisor is closed', 'InvalidStateError');
      }
      return act(this.#current);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #fail(error: unknown): void {
    // Who is told to end fails at nothing: a worker that does not listen yet never will.
    if (this.#phase !== 'open') return;
    this.#error ??= error;
    this.#end((generation) => generation.drain(this.#settings.grace));
  }

  /** Who ends what does not listen yet knows that it never will, and need not look at `ready`. */
  #excuseReady(): void {
    this.ready.catch(() => {});
  }

  #end(end: (generation: Generation) => void, delay = 0): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closing';
    clearTimeout(this.#delay);
    if (delay > 0) this.#delay = setTimeout(() => this.#closeSockets(), delay);
    else this.#closeSockets();
    for (const generation of [...this.#generations]) end(generation);
    this.#settleIfEnded();
  }

  /** From now on clients should be refused, and not wait for somebody to accept them. */
  #closeSockets(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }

  #settleIfEnded(): void {
    if (this.#phase !== 'closing' || this.#generations.size > 0) return;
    this.#phase = 'closed';
    clearTimeout(this.#delay);
    this.#closeSockets();
    this.#disobey?.();
    if (this.#error === undefined) this.#settle.resolve();
    else this.#settle.reject(this.#error);
  }

  onEvent(type: SupervisorEventType, worker: WorkerProcess, message: string): void {
    this.#emit(type, worker, message);
  }

  onCrashLoop(generation: Generation, error: Error): void {
    // A reload may be what puts it right.
    if (generation === this.#current && !this.#isReloading) this.#fail(error);
  }

  onEnd(generation: Generation): void {
    this.#generations.delete(generation);
    this.#settleIfEnded();
  }

  #emit(type: SupervisorEventType, worker: WorkerProcess | undefined, message: string): void {
    const generation = worker?.generation ?? this.#count;
    const event: SupervisorEvent = { type, pid: worker?.pid, generation, message };
    this.#settings.onEvent(event);
  }
}

/** Often enough to tell a worker that hangs from one that is busy, and seldom enough to cost nothing. */
function beatOf(hangTimeout: number): number {
  return hangTimeout === 0 ? 1_000 : Math.max(10, Math.min(1_000, Math.floor(hangTimeout / 5)));
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== 'string' || module === '')
    throw new TypeError(`module: no path and no URL: ${String(module)}`);
  if (isAbsolute(module) || module.startsWith('.')) return pathToFileURL(module).href;
  if (URL.canParse(module)) return module;
  throw new TypeError(`module: neither a URL nor a path that is absolute or begins with a dot: ${module}`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
