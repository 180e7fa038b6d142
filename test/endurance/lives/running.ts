/** A program that serves on a port, until it is told to go or we are. */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { takesConnections } from '../../../bench/end-to-end/server-process.ts';

export interface Program {
  readonly file: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** It is told on standard input what to do. */
  readonly hasInput?: true;
}

const START_PATIENCE_MS = 20_000;
const STOP_PATIENCE_MS = 5_000;

// Programs go with us, however we do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

export class RunningProgram implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Fulfils with how it ended. */
  readonly exited: Promise<string>;
  #gone: string | undefined;
  #said = '';

  constructor(
    { file, words, environment = {}, hasInput }: Program,
    onLine: (line: string) => void = () => {},
  ) {
    this.child = spawn(file, words, {
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    const kill = (): void => void this.child.kill('SIGKILL');
    process.once('exit', kill);
    let rest = '';
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      lines.forEach(onLine);
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.on('data', (text: Buffer | string) => {
        this.#said = (this.#said + text).slice(-8_000);
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(error.message));
      this.child.once('exit', (code, signal) => resolve(`${signal ?? `status ${code}`}`));
    });
    void this.exited.then((how) => {
      this.#gone = how;
      process.off('exit', kill);
    });
  }

  /**
   * Starts it and waits until it takes connections.
   *
   * @throws {Error} with what it said, when it does not.
   */
  static async listening(program: Program, port: number, host?: string): Promise<RunningProgram> {
    const running = new RunningProgram(program);
    try {
      await running.takesConnections(port, host);
      return running;
    } catch (error) {
      await running[Symbol.asyncDispose]();
      throw error;
    }
  }

  async takesConnections(port: number, host?: string): Promise<void> {
    const deadline = performance.now() + START_PATIENCE_MS;
    while (!(await takesConnections(port, host))) {
      if (this.#gone !== undefined || performance.now() > deadline) {
        const why = this.#gone ?? 'it does not listen';
        throw new Error(`${this.child.spawnargs.join(' ')}: ${why}\n${this.#said}`);
      }
      await sleep(50);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The end of what it printed. */
  get said(): string {
    return this.#said;
  }

  get hasEnded(): boolean {
    return this.#gone !== undefined;
  }

  /** Ends it: politely, and then at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.exited;
    clearTimeout(timer);
  }
}
