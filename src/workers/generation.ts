/** Workers with the same code and settings: started together, replaced one by one, ended together. */
import type { SupervisorEventType } from './events.ts';
import { MAX_SHORT_LIVES, RestartPolicy, SHORT_LIFE_MS } from './restart-policy.ts';
import { WorkerProcess, type WorkerSpec } from './worker.ts';

export interface GenerationHost {
  onEvent(type: SupervisorEventType, worker: WorkerProcess, message: string): void;
  onBatch(worker: WorkerProcess, octets: Uint8Array, count: number): void;
  /** Its workers keep dying, and it starts no more of them. */
  onCrashLoop(generation: Generation, error: Error): void;
  /** It was asked to end, and its last worker has exited. */
  onEnd(generation: Generation): void;
}

/** How long a worker that does not listen yet may take to end. */
const STARTING_TIMEOUT_MS = 2_000;
/** How long a destroyed worker may take to clean up. */
const DESTROY_TIMEOUT_MS = 1_000;

export class Generation {
  readonly number: number;
  /** Why it starts no more workers. */
  failure: Error | undefined;

  readonly #spec: WorkerSpec;
  readonly #host: GenerationHost;
  readonly #members = new Set<WorkerProcess>();
  /** Workers that `resize` is waiting for; it also handles their failures. */
  readonly #fresh = new Set<WorkerProcess>();
  readonly #policy = new RestartPolicy();
  readonly #ticker: NodeJS.Timeout;
  #wanted = 0;
  #isEnding = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(number: number, spec: WorkerSpec, host: GenerationHost) {
    this.number = number;
    this.#spec = spec;
    this.#host = host;
    this.#ticker = setInterval(() => this.#tick(), spec.beat).unref();
  }

  /** The workers that have not exited. */
  get members(): ReadonlySet<WorkerProcess> {
    return this.#members;
  }

  /** The target number of workers. */
  get wanted(): number {
    return this.#wanted;
  }

  /**
   * Changes the number of workers. Fulfils when all of them are ready and surplus ones are draining. Rejects if a new one could
   * not be started; then the number stays the same.
   */
  async resize(wanted: number): Promise<void> {
    const added = Array.from({ length: wanted - this.#serving().length }, () => this.#start(true));
    // One may die while the others are not ready yet.
    const losses = added.map((worker) =>
      worker.exited.then(() => Promise.reject(new Error(`${worker} ${worker.end}`))),
    );
    try {
      await Promise.race([Promise.all(added.map(({ ready }) => ready)), ...losses]);
      this.#wanted = wanted;
    } catch (error) {
      for (const worker of added) this.#retire(worker);
      throw error;
    } finally {
      for (const worker of added) this.#fresh.delete(worker);
      this.#reconcile();
    }
  }

  /** In milliseconds. */
  drain(grace: number, delay = 0): void {
    this.#end((worker) => worker.drain(grace, this.#spec.settings.killTimeout, delay));
  }

  destroy(): void {
    this.#end((worker) => worker.destroy(DESTROY_TIMEOUT_MS));
  }

  #end(end: (worker: WorkerProcess) => void): void {
    this.#isEnding = true;
    clearTimeout(this.#retry);
    clearInterval(this.#ticker);
    for (const worker of this.#members) end(worker);
    if (this.#members.size === 0) this.#host.onEnd(this);
  }

  // --- keeping the number of workers ---

  #start(isFresh: boolean): WorkerProcess {
    const worker = new WorkerProcess(this.number, this.#spec, this);
    this.#members.add(worker);
    if (isFresh) this.#fresh.add(worker);
    const onReady = (): void => {
      if (isFresh) this.#host.onEvent('ready', worker, `${worker} listens`);
      else this.#host.onEvent('replaced', worker, `${worker} listens as a replacement`);
      this.#reconcile();
    };
    worker.ready.then(onReady, (error: Error) => this.#onNotReady(worker, error));
    return worker;
  }

  /** The workers that serve now, or are starting to. */
  #serving(): WorkerProcess[] {
    return [...this.#members].filter(
      (worker) => !worker.isEnding && !worker.isLeaving && !this.#fresh.has(worker),
    );
  }

  /** Starts missing workers, and drains surplus and replaced ones. */
  #reconcile(): void {
    if (this.#isEnding || this.failure !== undefined) return;
    const serving = this.#serving();
    if (this.#retry === undefined) {
      for (let missing = this.#wanted - serving.length; missing > 0; missing--) this.#start(false);
    }
    for (const worker of serving.slice(this.#wanted)) this.#retire(worker);
    const ready = serving.filter(({ state }) => state === 'ready').length;
    const leaving = [...this.#members].filter(({ isLeaving, isEnding }) => isLeaving && !isEnding);
    const replaced = Math.max(0, ready + leaving.length - this.#wanted);
    for (const worker of leaving.slice(0, replaced)) this.#retire(worker);
  }

  /** Lets a worker finish its requests, unless it hangs. */
  #retire(worker: WorkerProcess): void {
    const { grace, killTimeout } = this.#spec.settings;
    if (worker.isHung && this.#isSilent(worker)) worker.kill();
    else if (worker.state === 'starting') worker.drain(0, STARTING_TIMEOUT_MS);
    else worker.drain(grace, killTimeout);
  }

  #onNotReady(worker: WorkerProcess, error: Error): void {
    // `onExit` handles a worker that has exited.
    if (worker.state !== 'starting' || this.#fresh.has(worker)) return;
    worker.kill();
    this.#onFailure('not started', worker, error.message);
  }

  onExit(worker: WorkerProcess): void {
    this.#members.delete(worker);
    const what = `${worker} ${worker.end}`;
    if (worker.isEnding) this.#host.onEvent(worker.wasKilled ? 'killed' : 'drained', worker, what);
    else if (!this.#fresh.has(worker))
      this.#onFailure(worker.lifetime > 0 ? 'died' : 'not started', worker, what);
    if (this.#isEnding && this.#members.size === 0) this.#host.onEnd(this);
    this.#reconcile();
  }

  onLeaving(worker: WorkerProcess, reason: string, crashed: boolean): void {
    if (worker.isLeaving || worker.isEnding) return;
    worker.isLeaving = true;
    const what = `${worker} ${reason}`;
    if (crashed) this.#onFailure('leaving', worker, what);
    else this.#host.onEvent('leaving', worker, `${what}; it ends once it is replaced`);
    this.#reconcile();
  }

  onBatch(worker: WorkerProcess, octets: Uint8Array, count: number): void {
    this.#host.onBatch(worker, octets, count);
  }

  onLoss(worker: WorkerProcess, count: number): void {
    this.#host.onEvent('behind', worker, `${worker} was blocked: ${count} messages for its topics were lost`);
  }

  #tick(): void {
    for (const worker of this.#members) {
      if (worker.state !== 'ready') continue;
      worker.tick();
      if (!this.#isSilent(worker) || worker.isLeaving || worker.isEnding) continue;
      worker.isHung = true;
      worker.isLeaving = true;
      const { hangTimeout } = this.#spec.settings;
      this.#onFailure('hung', worker, `${worker} has been blocked for ${hangTimeout} ms`);
      this.#reconcile();
    }
  }

  #isSilent(worker: WorkerProcess): boolean {
    const { hangTimeout } = this.#spec.settings;
    return hangTimeout > 0 && worker.silence * this.#spec.beat >= hangTimeout;
  }

  /** Decides when to replace a failed worker, or to give up. */
  #onFailure(type: SupervisorEventType, worker: WorkerProcess, what: string): void {
    const othersServe = this.#serving().some((other) => other !== worker && other.lifetime >= SHORT_LIFE_MS);
    const restart = this.#policy.onDeath(worker.lifetime, othersServe);
    clearTimeout(this.#retry);
    this.#retry = undefined;
    if (restart === 'give up') {
      const times = `${MAX_SHORT_LIVES} in a row lived for less than ${SHORT_LIFE_MS / 1_000} seconds`;
      this.failure = new Error(`the workers keep failing: ${times}; ${what}`);
      this.#host.onEvent(type, worker, what);
      this.#host.onCrashLoop(this, this.failure);
      return;
    }
    const { delay } = restart;
    this.#host.onEvent(type, worker, `${what}; restarting ${delay === 0 ? 'now' : `in ${delay} ms`}`);
    if (delay === 0) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#reconcile();
    }, delay);
  }
}
