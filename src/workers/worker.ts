/** One worker, as its supervisor sees it: a process that is started, ready, draining, gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { BoundSocket } from './bound-socket.ts';
import { type FromWorker, isOurs, NOTHING_TO_DO, type ToWorker } from './messages.ts';
import { MOST_MS, type WorkerSettings } from './options.ts';

const ENTRY = fileURLToPath(new URL(`./worker-process${extname(import.meta.url)}`, import.meta.url));

/** Standard streams come first; systemd numbers its sockets so, too. */
const FIRST_SOCKET = 3;

/** What is left of the messages of a process that has exited is read by then. */
const LAST_WORDS_MS = 500;

/** What all workers of a generation are started with. */
export interface WorkerSpec {
  /** A URL. */
  readonly module: string;
  readonly sockets: readonly BoundSocket[];
  readonly settings: WorkerSettings;
  /** Milliseconds between signs of life. */
  readonly beat: number;
}

export interface WorkerHost {
  onExit(worker: WorkerProcess): void;
  onLeaving(worker: WorkerProcess, reason: string, crashed: boolean): void;
}

export type WorkerState = 'starting' | 'ready' | 'draining' | 'gone';

export class WorkerProcess {
  readonly generation: number;
  /** Fulfils when every thread of it listens on every socket. Rejects when it ends before, or takes too long. */
  readonly ready: Promise<void>;
  /** Fulfils when it has gone. Never rejects. */
  readonly exited: Promise<void>;
  state: WorkerState = 'starting';
  /** Since when it is in its state. */
  since = new Date();
  /** `exited with 1`, `was killed by SIGKILL`, … once it has gone. */
  end = '';
  /** It goes on, but another one is to take its place. */
  isLeaving = false;
  /** It was found to be silent for too long. */
  isHung = false;
  /** It was told to end, or made to. */
  isEnding = false;
  wasKilled = false;

  readonly #child: ChildProcess | undefined;
  readonly #host: WorkerHost;
  #settleReady!: { resolve(): void; reject(error: Error): void };
  #settleExited!: () => void;
  #readySince: number | undefined;
  #reason: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** It goes on as before until its delay is over, and may be told to drain at once. */
  #isDelaying = false;
  /** When it closes connections without a request; infinite until it is told to end. */
  #graceEnd = Infinity;
  /** By thread: how many ticks ago the last sign of life came, and the connections it told of. */
  readonly #silence: number[];
  readonly #connections: number[];

  constructor(generation: number, spec: WorkerSpec, host: WorkerHost) {
    const { settings, sockets } = spec;
    this.generation = generation;
    this.#host = host;
    this.#silence = new Array(settings.threads).fill(0);
    this.#connections = new Array(settings.threads).fill(0);
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.exited = new Promise((resolve) => {
      this.#settleExited = resolve;
    });
    const descriptors = this.#silence.flatMap(() => sockets.map(({ fd }) => fd));
    try {
      this.#child = spawn(process.execPath, [...settings.execArgv, ENTRY, ...settings.args], {
        stdio: ['ignore', 'inherit', 'inherit', ...descriptors, 'ipc'],
        env: { ...process.env, ...settings.env },
      });
    } catch (error) {
      // No memory for one more process, for example.
      setImmediate(() => this.#onExit(`could not be started: ${(error as Error).message}`));
      return;
    }
    this.#listen(this.#child);
    this.#tell(startMessage(spec));
    const { readyTimeout } = settings;
    if (readyTimeout > 0) {
      const expire = () =>
        this.#settleReady.reject(new Error(`${this} did not listen within ${readyTimeout} ms`));
      this.#timer = setTimeout(expire, readyTimeout);
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** As of its last sign of life. */
  get connections(): number {
    return this.#connections.reduce((sum, count) => sum + count, 0);
  }

  /** Milliseconds since it was ready; 0 if it never was. */
  get life(): number {
    return this.#readySince === undefined ? 0 : performance.now() - this.#readySince;
  }

  /** Counts how long it has been silent. A clock would take a supervisor that stood still itself for a worker that does. */
  tick(): void {
    for (const thread of this.#silence.keys()) this.#silence[thread]!++;
  }

  /** In ticks, of its most silent thread. */
  get silence(): number {
    return Math.max(...this.#silence);
  }

  /**
   * Told once more, it goes by that if it is to be sooner, as when all is to end while the old workers of a reload still have time.
   *
   * @param killTimeout milliseconds after the grace; 0: never.
   * @param delay milliseconds before the grace in which it goes on as before, unless it is told to drain once more.
   */
  drain(grace: number, killTimeout: number, delay = 0): void {
    const graceEnd = performance.now() + delay + grace;
    if (this.state === 'gone' || (!this.#isDelaying && graceEnd >= this.#graceEnd)) return;
    this.isEnding = true;
    this.#isDelaying = delay > 0;
    this.#graceEnd = graceEnd;
    this.#become('draining');
    this.#settleReady.reject(new Error(`${this} was told to end before it was ready`));
    this.#tell({ serval: 'drain', grace, delay });
    if (killTimeout === 0) return;
    this.#timer = setTimeout(() => this.kill(), Math.min(delay + grace + killTimeout, MOST_MS));
  }

  /** Breaks off what it is doing, with as much time as it takes to tidy up. */
  destroy(patience: number): void {
    if (this.state === 'gone') return;
    this.isEnding = true;
    this.#graceEnd = 0;
    this.#become('draining');
    this.#tell({ serval: 'destroy' });
    this.#timer = setTimeout(() => this.kill(), patience);
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
      if (isOurs<FromWorker>(message)) this.#onMessage(message);
    });
    let isOver = false;
    const onEnd = (end: string): void => {
      if (isOver) return;
      isOver = true;
      this.#onExit(end);
    };
    child.on('error', (error) => {
      // Also of a message that did not get through to a process that is just ending: then the exit tells more.
      if (child.pid === undefined) onEnd(`could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      const end = signal === null ? `exited with ${code}` : `was killed by ${signal}`;
      if (!child.connected) {
        onEnd(end);
        return;
      }
      const timer = setTimeout(onEnd, LAST_WORDS_MS, end);
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
        this.#settleReady.resolve();
        break;
      case 'failed':
        this.#reason = message.reason;
        break;
      case 'leaving':
        if (this.state === 'ready') this.#host.onLeaving(this, message.reason, message.crashed);
        break;
      case 'beat':
        this.#silence[message.thread] = 0;
        this.#connections[message.thread] = message.connections;
    }
  }

  #onExit(end: string): void {
    const why =
      this.#reason ?? (this.state === 'starting' && end === 'exited with 0' ? NOTHING_TO_DO : undefined);
    this.end = why === undefined ? end : `${end}: ${why}`;
    this.#become('gone');
    this.#settleReady.reject(new Error(`${this} ${this.end}`));
    this.#host.onExit(this);
    this.#settleExited();
  }

  #become(state: WorkerState): void {
    clearTimeout(this.#timer);
    this.state = state;
    this.since = new Date();
  }

  #tell(message: ToWorker): void {
    if (this.#child?.connected) this.#child.send(message, () => {});
  }
}

function startMessage({ module, sockets, settings, beat }: WorkerSpec): ToWorker {
  const { threads, data, grace, killTimeout } = settings;
  const assignments = Array.from({ length: threads }, (_, thread) => ({
    ...{ module, data, beat },
    sockets: sockets.map(({ description }, index) => ({
      ...description,
      fd: FIRST_SOCKET + thread * sockets.length + index,
    })),
  }));
  return { serval: 'start', assignments, grace, killTimeout };
}
