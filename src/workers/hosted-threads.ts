/** The application's module in several threads of one process. They live and die together. */
import { extname } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import {
  type Assignment,
  type FromThread,
  type FromWorker,
  isOurs,
  NOTHING_TO_DO,
  type ToWorker,
} from './messages.ts';

const ENTRY = new URL(`./worker-thread${extname(import.meta.url)}`, import.meta.url);

export class HostedThreads {
  readonly #assignments: readonly Assignment[];
  readonly #send: (message: FromWorker) => void;
  readonly #threads = new Set<Worker>();
  #ready = 0;
  #ended: (() => void) | undefined;
  #allEnded: Promise<void> | undefined;

  /** @param send to the supervisor. */
  constructor(assignments: readonly Assignment[], send: (message: FromWorker) => void) {
    this.#assignments = assignments;
    this.#send = send;
  }

  /** Fulfils when all of them listen. Rejects with the error that ends the first one before that. */
  start(): Promise<void> {
    // What threads print goes out from here, where they can't see that nobody reads it any more.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
    return new Promise((resolve, reject) => {
      for (const [thread, assignment] of this.#assignments.entries()) {
        const worker = new Worker(ENTRY, { workerData: { assignment, thread }, argv: process.argv.slice(2) });
        this.#threads.add(worker);
        let error: unknown;
        worker.on('error', (thrown) => {
          error = thrown;
        });
        worker.on('exit', (code) => {
          this.#threads.delete(worker);
          const isIdle = code === 0 && this.#ready < this.#assignments.length;
          this.#onExit(error ?? new Error(isIdle ? NOTHING_TO_DO : `a thread exited with ${code}`), reject);
        });
        worker.on('message', (message: unknown) => {
          if (isOurs<FromThread>(message)) this.#onMessage(worker, message, resolve);
        });
      }
    });
  }

  drain(grace: number, delay: number): Promise<void> {
    return this.#end({ serval: 'drain', grace, delay });
  }

  destroy(): Promise<void> {
    return this.#end({ serval: 'destroy' });
  }

  #end(message: ToWorker): Promise<void> {
    this.#allEnded ??= new Promise((resolve) => {
      this.#ended = resolve;
      if (this.#threads.size === 0) resolve();
    });
    for (const worker of this.#threads) worker.postMessage(message);
    return this.#allEnded;
  }

  #onMessage(worker: Worker, message: FromThread, onReady: () => void): void {
    switch (message.serval) {
      case 'ready':
        this.#ready++;
        if (this.#ready < this.#assignments.length) return;
        this.#send(message);
        onReady();
        break;
      case 'drained':
        this.#threads.delete(worker);
        if (this.#threads.size === 0) this.#ended?.();
        break;
      default:
        this.#send(message);
    }
  }

  #onExit(error: unknown, rejectStart: (error: unknown) => void): void {
    if (this.#ended !== undefined) {
      if (this.#threads.size === 0) this.#ended();
    } else if (this.#ready < this.#assignments.length) {
      rejectStart(error);
    } else {
      console.error(error);
      const reason = `lost a thread: ${error instanceof Error ? error.message : String(error)}`;
      this.#send({ serval: 'leaving', reason, crashed: true });
    }
  }
}
