/** One worker process, from the supervisor's side: starting, ready, draining, gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Deferred } from '../io/deferred.ts';
import type { TicketKeys } from '../tls/ticket-keys.ts';
import type { BoundSocket } from './bound-socket.ts';
import type { FigureSums } from './figure-sums.ts';
import { sumOfLoads, type WorkerLoad } from './load/worker-load.ts';
import {
  type FigureReport,
  type FromWorker,
  isServalMessage,
  NOT_SERVING,
  type ToWorker,
} from './messages.ts';
import { MAX_MS, type WorkerSettings } from './options.ts';
import { Outbox } from './outbox.ts';

/** The program of a worker process. */
export const WORKER_ENTRY = fileURLToPath(
  new URL(`./worker-process${extname(import.meta.url)}`, import.meta.url),
);

/** The first descriptor after the standard streams, as with systemd. */
const FIRST_SOCKET = 3;

/** How long to wait for the remaining messages of a process that has exited. */
const LAST_MESSAGES_MS = 500;

/** What all workers of a generation have in common. */
export interface WorkerSpec {
  /** A URL. */
  readonly module: string;
  readonly sockets: readonly BoundSocket[];
  readonly settings: WorkerSettings;
  readonly tickets: TicketKeys;
  readonly figures: FigureSums;
  /** The interval of heartbeats in milliseconds. */
  readonly beat: number;
}

export interface WorkerHost {
  onExit(worker: WorkerProcess): void;
  onLeaving(worker: WorkerProcess, reason: string, crashed: boolean): void;
  /** It has published messages for the topics of other workers. */
  onBatch(worker: WorkerProcess, octets: Uint8Array, count: number): void;
  /** It was blocked for so long that messages for its topics were lost. */
  onLoss(worker: WorkerProcess, count: number): void;
}

export type WorkerState = 'starting' | 'ready' | 'draining' | 'gone';

export class WorkerProcess {
  readonly generation: number;
  state: WorkerState = 'starting';
  /** When it entered its state. */
  since = new Date();
  /** How it ended, such as `exited with 1` or `was killed by SIGKILL`. */
  end = '';
  /** It continues, but is to be replaced. */
  isLeaving = false;
  /** It has sent no heartbeat for too long. */
  isHung = false;
  /** It was asked or forced to end. */
  isEnding = false;
  wasKilled = false;

  readonly #child: ChildProcess | undefined;
  readonly #host: WorkerHost;
  readonly #figures: FigureSums;
  readonly #ready = new Deferred();
  readonly #exited = new Deferred();
  #readySince: number | undefined;
  #reason: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** It continues as before until its drain delay is over. */
  #isDelaying = false;
  /** When it closes connections without a request; infinite until it is asked to end. */
  #graceEnd = Infinity;
  /** By thread: the ticks since its last heartbeat. */
  readonly #silence: number[];
  /** Set once it takes batches. */
  #outbox: Outbox | undefined;
  /** By thread, as of its last heartbeat. */
  readonly #loads = new Map<number, WorkerLoad>();

  constructor(generation: number, spec: WorkerSpec, host: WorkerHost) {
    const { settings, sockets } = spec;
    this.generation = generation;
    this.#host = host;
    this.#figures = spec.figures;
    this.#silence = new Array(settings.threads).fill(0);
    this.ready.catch(() => {});
    const descriptors = this.#silence.flatMap(() => sockets.map(({ fd }) => fd));
    try {
      this.#child = spawn(process.execPath, [...settings.execArgv, WORKER_ENTRY, ...settings.args], {
        stdio: ['ignore', 'inherit', 'inherit', ...descriptors, 'ipc'],
        env: { ...process.env, ...settings.env },
        // Octets would be arrays of numbers in JSON.
        serialization: 'advanced',
      });
    } catch (error) {
      // For example, because there is no memory for another process.
      setImmediate(() => this.#onExit(`could not be started: ${(error as Error).message}`));
      return;
    }
    this.#listen(this.#child);
    this.#send(startMessage(spec));
    const { readyTimeout } = settings;
    if (readyTimeout > 0) {
      const expire = () => this.#ready.reject(new Error(`${this} did not listen within ${readyTimeout} ms`));
      this.#timer = setTimeout(expire, readyTimeout);
    }
  }

  /** Fulfils when all its threads listen on all sockets. Rejects if it ends before that, or takes too long. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Fulfils when the process has exited. Never rejects. */
  get exited(): Promise<void> {
    return this.#exited.promise;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** As of the last heartbeats. */
  get load(): WorkerLoad {
    return sumOfLoads([...this.#loads.values()]);
  }

  /** Milliseconds since it was ready; 0 if it never was. */
  get lifetime(): number {
    return this.#readySince === undefined ? 0 : performance.now() - this.#readySince;
  }

  /** Counts time since the last heartbeats. A clock would blame the worker when the supervisor itself was suspended. */
  tick(): void {
    for (const thread of this.#silence.keys()) this.#silence[thread]!++;
  }

  /** Ticks since the last heartbeat, of the thread that has been silent for longest. */
  get silence(): number {
    return Math.max(...this.#silence);
  }

  /**
   * A second call counts only if it ends the worker sooner, as when everything is to end while old workers of a reload still drain.
   *
   * @param killTimeout milliseconds after the grace; 0: never.
   * @param delay milliseconds before the grace in which it continues as before, unless `drain` is called again.
   */
  drain(grace: number, killTimeout: number, delay = 0): void {
    const graceEnd = performance.now() + delay + grace;
    if (this.state === 'gone' || (!this.#isDelaying && graceEnd >= this.#graceEnd)) return;
    this.isEnding = true;
    this.#isDelaying = delay > 0;
    this.#graceEnd = graceEnd;
    this.#become('draining');
    this.#ready.reject(new Error(`${this} was asked to end before it was ready`));
    this.#send({ serval: 'drain', grace, delay });
    if (killTimeout === 0) return;
    this.#timer = setTimeout(() => this.kill(), Math.min(delay + grace + killTimeout, MAX_MS));
  }

  /** Ends it at once, with `timeout` milliseconds to clean up. */
  destroy(timeout: number): void {
    if (this.state === 'gone') return;
    this.isEnding = true;
    this.#graceEnd = 0;
    this.#become('draining');
    this.#send({ serval: 'destroy' });
    this.#timer = setTimeout(() => this.kill(), timeout);
  }

  /** Hands it messages for its topics. */
  deliver(octets: Uint8Array, count: number): void {
    this.#outbox?.send(octets, count);
  }

  kill(): void {
    this.isEnding = true;
    this.#graceEnd = 0;
    this.wasKilled = true;
    this.#child?.kill('SIGKILL');
  }

  toString(): string {
    return `worker ${this.pid ?? '(none)'}`;
  }

  #listen(child: ChildProcess): void {
    child.on('message', (message: unknown) => {
      if (isServalMessage<FromWorker>(message)) this.#onMessage(message);
    });
    let isOver = false;
    const onEnd = (end: string): void => {
      if (isOver) return;
      isOver = true;
      this.#onExit(end);
    };
    child.on('error', (error) => {
      // A message to a process that is ending fails as well; then the exit event says more.
      if (child.pid === undefined) onEnd(`could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      const end = signal === null ? `exited with ${code}` : `was killed by ${signal}`;
      if (!child.connected) {
        onEnd(end);
        return;
      }
      const timer = setTimeout(onEnd, LAST_MESSAGES_MS, end);
      child.once('disconnect', () => {
        clearTimeout(timer);
        onEnd(end);
      });
    });
  }

  #onMessage(message: FromWorker): void {
    switch (message.serval) {
      case 'ready':
        if (this.state !== 'starting') return;
        this.#readySince = performance.now();
        this.#silence.fill(0);
        this.#become('ready');
        this.#ready.resolve();
        break;
      case 'failed':
        this.#reason = message.reason;
        break;
      case 'leaving':
        if (this.state === 'ready') this.#host.onLeaving(this, message.reason, message.crashed);
        break;
      case 'joins':
        this.#outbox ??= new Outbox(
          (octets, count, onTaken) => this.#send({ serval: 'batch', octets, count }, onTaken),
          (lost) => this.#host.onLoss(this, lost),
        );
        break;
      case 'batch':
        this.#host.onBatch(this, message.octets, message.count);
        break;
      case 'figures':
        this.#onFigures(message);
        break;
      case 'beat':
        this.#silence[message.thread] = 0;
        this.#loads.set(message.thread, message.load);
    }
  }

  #onFigures({ thread, figures, number }: FigureReport): void {
    if (this.state === 'gone') return;
    this.#figures.note(this, thread, figures);
    if (number !== undefined) this.#send({ serval: 'sum', thread, number, figures: this.#figures.sum() });
  }

  #onExit(end: string): void {
    this.#figures.retire(this);
    const why =
      this.#reason ?? (this.state === 'starting' && end === 'exited with 0' ? NOT_SERVING : undefined);
    this.end = why === undefined ? end : `${end}: ${why}`;
    this.#become('gone');
    this.#ready.reject(new Error(`${this} ${this.end}`));
    this.#host.onExit(this);
    this.#exited.resolve();
  }

  #become(state: WorkerState): void {
    clearTimeout(this.#timer);
    this.state = state;
    this.since = new Date();
  }

  #send(message: ToWorker, onTaken = (): void => {}): void {
    if (this.#child?.connected) this.#child.send(message, () => onTaken());
  }
}

function startMessage({ module, sockets, settings, tickets, beat }: WorkerSpec): ToWorker {
  const { threads, grace, killTimeout } = settings;
  // Data is JSON, though the channel could carry more.
  const text = JSON.stringify(settings.data);
  const data: unknown = text === undefined ? undefined : JSON.parse(text);
  const assignments = Array.from({ length: threads }, (_, thread) => ({
    ...{ module, data, beat, tickets: tickets.seedAt(Date.now()) },
    sockets: sockets.map(({ description }, index) => ({
      ...description,
      fd: FIRST_SOCKET + thread * sockets.length + index,
    })),
  }));
  return { serval: 'start', assignments, grace, killTimeout };
}
