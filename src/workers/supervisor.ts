/** Runs a module in several processes on the same sockets, and replaces those that end. It never accepts a connection. */
import { Deferred } from '../io/deferred.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import { TicketKeys } from '../tls/ticket-keys.ts';
import { type BoundSocket, bindSocket, checkSupport } from './bound-socket.ts';
import { HEAR_EVENTS, type SupervisorEvent, type SupervisorEventType } from './events.ts';
import { FigureSums } from './figure-sums.ts';
import { Generation, type GenerationHost } from './generation.ts';
import type { WorkerLoad } from './load/worker-load.ts';
import { messageOf } from './messages.ts';
import { checkDrain, checkWorkers, type Reload, resolveReload, type WorkerSettings } from './options.ts';
import { handleSignals } from './signals.ts';
import type { WorkerProcess, WorkerState } from './worker.ts';

export interface WorkerInfo {
  readonly pid: number | undefined;
  readonly generation: number;
  readonly state: WorkerState;
  /** When it entered that state. */
  readonly since: Date;
  /** The number of its connections, as of its last heartbeat. */
  readonly connections: number;
  /** What else it had to do then. */
  readonly load: WorkerLoad;
}

export class Supervisor implements AsyncDisposable {
  /** Fulfils when all workers listen. Rejects with EADDRINUSE and the like, or if one of the first workers fails to start. */
  readonly ready: Promise<void>;

  readonly #module: string;
  /** They outlive a reload. */
  readonly #tickets = new TicketKeys(Date.now());
  readonly #figures = new FigureSums();
  #settings: WorkerSettings;
  readonly #sockets: BoundSocket[] = [];
  #addresses: readonly SocketAddress[] = [];
  /** The serving generation, and those that are draining or starting. */
  readonly #generations = new Set<Generation>();
  #current: Generation | undefined;
  #count = 0;
  #isReloading = false;
  #phase: 'open' | 'closing' | 'closed' = 'open';
  #delay: NodeJS.Timeout | undefined;
  /** The reason that `closed` will reject with. */
  #error: unknown;
  /** Settles when the current reload or resize is over; the next one waits for it. */
  #turn: Promise<unknown>;
  #stopHandlingSignals: (() => void) | undefined;
  readonly #closed = new Deferred();
  readonly #listeners = new Set<(event: SupervisorEvent) => void>();
  readonly #host: GenerationHost = {
    onEvent: (type, worker, message) => this.#emit(type, worker, message),
    onBatch: (from, octets, count) => {
      for (const { members } of this.#generations)
        for (const worker of members) if (worker !== from) worker.deliver(octets, count);
    },
    onCrashLoop: (generation, error) => {
      // A reload that is in progress may fix the fault.
      if (generation === this.#current && !this.#isReloading) this.#fail(error);
    },
    onEnd: (generation) => {
      this.#generations.delete(generation);
      this.#settleIfEnded();
    },
  };

  /** @internal Not for applications: see `supervise`. */
  constructor(module: string, settings: WorkerSettings) {
    checkSupport();
    this.#module = module;
    this.#settings = settings;
    const opened = this.#open();
    // `ready` is not handled here: an unhandled rejection of it should end the process.
    this.ready = opened.then(() => {});
    this.#turn = opened.catch(() => {});
    if (settings.signals) this.#stopHandlingSignals = handleSignals(this);
  }

  /** Fulfils after `drain` or `close`. Rejects after `destroy`, and if the workers keep dying. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** The addresses that the workers listen on, once `ready`. */
  get addresses(): readonly SocketAddress[] {
    return this.#addresses;
  }

  /** The workers that have not exited. */
  get workers(): readonly WorkerInfo[] {
    const workers = [...this.#generations].flatMap(({ members }) => [...members]);
    return workers.map(({ pid, generation, state, since, load }) => ({
      ...{ pid, generation, state, since, connections: load.connections, load },
    }));
  }

  /**
   * Starts as many new workers, which load the module again. When all are ready, the old ones drain and the promise fulfils; it
   * does not wait until they have exited.
   *
   * Rejects if a new worker could not be started; then the old ones continue. Rejects with an `AbortError` if the supervisor is
   * asked to end meanwhile.
   *
   * @param changes options that the new workers get instead of the old ones.
   * @throws {TypeError} for an option that a reload cannot change, and for an invalid value.
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
        // A crash loop of the old workers was tolerated during the reload.
        if (old.failure !== undefined) this.#fail(old.failure);
        throw new Error(`${messageOf(error)}; the old workers continue`, { cause: error });
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
   * Changes the number of workers. Fulfils when new ones are ready, and surplus ones are draining. Rejects if a new one could not
   * be started; then the number stays the same.
   *
   * @throws {TypeError | RangeError} for an invalid number.
   */
  resize(workers: number): Promise<void> {
    checkWorkers(workers);
    return this.#inTurn((current) => current.resize(workers));
  }

  /**
   * Ends without losing a request: the workers accept no more connections, but still answer requests on open ones, with
   * `Connection: close`. Fulfils when all workers have exited.
   *
   * @param options in milliseconds; the defaults are those of `supervise`. `grace`: how long open connections may still bring
   *   requests. `delay`: how long everything continues before that, while the servers of the workers are already `draining`. A
   *   worker that dies during the delay is not replaced.
   * @throws {RangeError} for an invalid grace or delay.
   */
  drain({
    grace = this.#settings.grace,
    delay = this.#settings.drainDelay,
  }: {
    grace?: number;
    delay?: number;
  } = {}): Promise<void> {
    checkDrain(grace, delay);
    this.#expectUnready();
    this.#end((generation) => generation.drain(grace, delay), delay);
    return this.closed;
  }

  /** Ends gracefully: requests in progress are finished, idle connections are closed. */
  close(): Promise<void> {
    return this.drain({ grace: 0, delay: 0 });
  }

  /** Ends everything at once. When the workers have exited, `closed` rejects with `error`, or with an `AbortError`. */
  destroy(error: unknown = new DOMException('The supervisor was destroyed', 'AbortError')): void {
    this.closed.catch(() => {});
    this.#expectUnready();
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
      // `ready` reports it.
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
      tickets: this.#tickets,
      figures: this.#figures,
      beat: heartbeatOf(settings.hangTimeout),
    };
    const generation = new Generation(++this.#count, spec, this.#host);
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
    // While ending, a worker that never becomes ready is no failure.
    if (this.#phase !== 'open') return;
    this.#error ??= error;
    this.#end((generation) => generation.drain(this.#settings.grace));
  }

  /** The caller has ended the supervisor, possibly before it listened: a rejection of `ready` is expected. */
  #expectUnready(): void {
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

  /** From now on clients are refused, instead of waiting to be accepted. */
  #closeSockets(): void {
    for (const socket of this.#sockets.splice(0)) socket.close();
  }

  #settleIfEnded(): void {
    if (this.#phase !== 'closing' || this.#generations.size > 0) return;
    this.#phase = 'closed';
    clearTimeout(this.#delay);
    this.#closeSockets();
    this.#stopHandlingSignals?.();
    if (this.#error === undefined) this.#closed.resolve();
    else this.#closed.reject(this.#error);
  }

  /** @internal For the inspector. */
  [HEAR_EVENTS](listener: (event: SupervisorEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #emit(type: SupervisorEventType, worker: WorkerProcess | undefined, message: string): void {
    const generation = worker?.generation ?? this.#count;
    const event = { type, pid: worker?.pid, generation, message };
    this.#settings.onEvent(event);
    for (const listener of this.#listeners) listener(event);
  }
}

/** Frequent enough to tell a blocked worker from a busy one, and rare enough to cost nothing. In milliseconds. */
function heartbeatOf(hangTimeout: number): number {
  return hangTimeout === 0 ? 1_000 : Math.max(10, Math.min(1_000, Math.floor(hangTimeout / 5)));
}
