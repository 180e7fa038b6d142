/** The application's module in several threads of one process. The threads start and end together. */
import { extname } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { Deferred } from '../io/deferred.ts';
import {
  type Assignment,
  type BatchMessage,
  type FigureSum,
  type FromThread,
  type FromWorker,
  isServalMessage,
  messageOf,
  NOT_SERVING,
  type ToThread,
  type ToWorker,
} from './messages.ts';
import { type Outbox, PortOutbox, warnOfLoss } from './outbox.ts';

const ENTRY = new URL(`./worker-thread${extname(import.meta.url)}`, import.meta.url);

export class HostedThreads {
  readonly #assignments: readonly Assignment[];
  readonly #send: (message: FromWorker) => void;
  /** To the supervisor. */
  readonly #outbox: Outbox;
  /** Those of the threads that take batches. */
  readonly #takers = new Map<Worker, PortOutbox>();
  readonly #threads = new Set<Worker>();
  /** By the number of the thread. */
  readonly #workers: Worker[] = [];
  #ready = 0;
  /** Set once they have been asked to end. */
  #ended: Deferred | undefined;

  /** @param send sends to the supervisor, and `outbox` sends batches there. */
  constructor(assignments: readonly Assignment[], send: (message: FromWorker) => void, outbox: Outbox) {
    this.#outbox = outbox;
    this.#assignments = assignments;
    this.#send = send;
  }

  /** Fulfils when all threads listen. Rejects with the error of the first thread that ends before that. */
  start(): Promise<void> {
    // The output of threads is written here. They cannot notice that its reader has closed the pipe.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
    return new Promise((resolve, reject) => {
      for (const [thread, assignment] of this.#assignments.entries()) {
        const worker = new Worker(ENTRY, { workerData: { assignment, thread }, argv: process.argv.slice(2) });
        this.#threads.add(worker);
        this.#workers[thread] = worker;
        let error: unknown;
        worker.on('error', (thrown) => {
          error = thrown;
        });
        worker.on('exit', (code) => {
          this.#threads.delete(worker);
          this.#takers.delete(worker);
          const isIdle = code === 0 && this.#ready < this.#assignments.length;
          this.#onExit(error ?? new Error(isIdle ? NOT_SERVING : `a thread exited with ${code}`), reject);
        });
        worker.on('message', (message: unknown) => {
          if (isServalMessage<FromThread>(message)) this.#onMessage(worker, message, resolve);
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

  /** Hands a batch of another process to all threads. */
  deliver(octets: Uint8Array, count: number, from?: Worker): void {
    for (const [worker, outbox] of this.#takers) if (worker !== from) outbox.send(octets, count);
  }

  onSum(sum: FigureSum): void {
    this.#workers[sum.thread]?.postMessage(sum);
  }

  #end(message: ToWorker): Promise<void> {
    this.#ended ??= new Deferred();
    if (this.#threads.size === 0) this.#ended.resolve();
    for (const worker of this.#threads) worker.postMessage(message);
    return this.#ended.promise;
  }

  #onMessage(worker: Worker, message: FromThread, onReady: () => void): void {
    switch (message.serval) {
      case 'ready':
        this.#ready++;
        if (this.#ready < this.#assignments.length) return;
        this.#send(message);
        onReady();
        break;
      case 'joins':
        if (this.#takers.size === 0) this.#send(message);
        this.#takers.set(worker, new PortOutbox(worker, (lost) => warnOfLoss('a thread', lost)));
        break;
      case 'taken':
        this.#takers.get(worker)?.onTaken();
        break;
      case 'batch':
        this.#onBatch(worker, message);
        break;
      case 'drained':
        this.#threads.delete(worker);
        if (this.#threads.size === 0) this.#ended?.resolve();
        break;
      default:
        this.#send(message);
    }
  }

  #onBatch(worker: Worker, { octets, count }: BatchMessage): void {
    worker.postMessage({ serval: 'taken' } satisfies ToThread);
    this.#outbox.send(octets, count);
    this.deliver(octets, count, worker);
  }

  #onExit(error: unknown, rejectStart: (error: unknown) => void): void {
    if (this.#ended !== undefined) {
      if (this.#threads.size === 0) this.#ended.resolve();
    } else if (this.#ready < this.#assignments.length) {
      rejectStart(error);
    } else {
      console.error(error);
      this.#send({ serval: 'leaving', reason: `lost a thread: ${messageOf(error)}`, crashed: true });
    }
  }
}
