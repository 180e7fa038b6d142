/** A supervisor with its workers, in a process of its own, and the ways to change them. */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RunningProgram } from '../../support/running-program.ts';

const PROGRAM = fileURLToPath(new URL('./pool-program.js', import.meta.url));
/** A worker takes a second to start on a busy machine, and a reload waits for slow answers. */
const PATIENCE_MS = 60_000;

export type WorkerKind = 'processes' | 'threads';

export interface PoolWorker {
  readonly pid: number;
}

export interface PoolOptions {
  readonly kind: WorkerKind;
  readonly workers: number;
  /** HAProxy is in front and sends PROXY headers. */
  readonly behindProxy?: boolean;
}

export class Pool implements AsyncDisposable {
  readonly kind: WorkerKind;
  readonly #running: RunningProgram;
  readonly #waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  #port = 0;

  private constructor({ kind, workers, behindProxy = false }: PoolOptions) {
    this.kind = kind;
    const words = [PROGRAM, kind, String(workers), ...(behindProxy ? ['proxy'] : [])];
    this.#running = new RunningProgram({ file: process.execPath, words, hasInput: true }, (line) =>
      this.#onLine(line),
    );
    void this.#running.exited.then((how) => {
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure(`ended: ${how}`));
    });
  }

  static async start(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options);
    try {
      pool.#port = (await pool.#answer('start')) as number;
    } catch (error) {
      await pool[Symbol.asyncDispose]();
      throw error;
    }
    return pool;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#running.pid;
  }

  /** The workers that serve, neither starting nor draining; the oldest comes first. */
  workers(): Promise<PoolWorker[]> {
    return this.#do('workers') as Promise<PoolWorker[]>;
  }

  /** Reloads the pool by SIGHUP. Fulfils when none of the workers before serves any more. */
  async hangUp(): Promise<void> {
    const before = await this.workers();
    const isNew = ({ pid }: PoolWorker) => !before.some((worker) => worker.pid === pid);
    process.kill(this.pid, 'SIGHUP');
    await this.#until('SIGHUP', (workers) => workers.length >= before.length && workers.every(isNew));
  }

  async resize(workers: number): Promise<void> {
    await this.#do(`resize ${workers}`);
  }

  /** Sends one worker a signal, and waits until another serves in its place. */
  async signal(worker: PoolWorker, signal: NodeJS.Signals): Promise<void> {
    const { length } = await this.workers();
    process.kill(worker.pid, signal);
    await this.#until(
      signal,
      (workers) => workers.length === length && workers.every(({ pid }) => pid !== worker.pid),
    );
  }

  async #until(what: string, isDone: (workers: PoolWorker[]) => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!isDone(await this.workers())) {
      if (performance.now() > deadline) throw this.#failure(`${what} had no effect`);
      await sleep(50);
    }
  }

  #do(line: string): Promise<unknown> {
    this.#running.child.stdin!.write(`${line}\n`);
    return this.#answer(line);
  }

  async #answer(what: string): Promise<unknown> {
    const late = sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
      throw this.#failure(`${what}: no answer within ${PATIENCE_MS} ms`);
    });
    const answer = new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return Promise.race([answer, late]);
  }

  /** Other lines are the workers' own; a failure shows them. */
  #onLine(line: string): void {
    if (!line.startsWith('pool ')) return;
    const { value, error } = JSON.parse(line.slice(5)) as { value?: unknown; error?: string };
    const waiting = this.#waiting.shift();
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(this.#failure(error));
  }

  #failure(what: string): Error {
    return new Error(`the pool of ${this.kind} ${what}\n${this.#running.output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
  }
}
