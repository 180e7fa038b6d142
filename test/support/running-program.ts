/** A program in a process of its own, until it ends, is disposed of, or this process ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { takesConnections } from './ports.ts';

export interface Program {
  readonly file: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** The program reads commands on standard input. */
  readonly hasInput?: true;
}

const START_PATIENCE_MS = 20_000;
const STOP_PATIENCE_MS = 5_000;

// The programs end with this process, and 'exit' is not emitted for these signals by default.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

export class RunningProgram implements AsyncDisposable {
  readonly child: ChildProcess;
  /** Fulfils with how it ended. */
  readonly exited: Promise<string>;
  #end: string | undefined;
  #output = '';

  constructor(
    { file, words, environment = {}, folder, hasInput }: Program,
    onLine: (line: string) => void = () => {},
  ) {
    this.child = spawn(file, words, {
      stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      ...(folder === undefined ? {} : { cwd: folder }),
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
        this.#output = (this.#output + text).slice(-8_000);
      });
    }
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(error.message));
      this.child.once('exit', (code, signal) => resolve(`${signal ?? `status ${code}`}`));
    });
    void this.exited.then((end) => {
      this.#end = end;
      process.off('exit', kill);
    });
  }

  /**
   * Starts a program and waits until it accepts connections.
   *
   * @throws {Error} with its output, when it ends or does not listen in time.
   */
  static async listening(program: Program, port: number, host?: string): Promise<RunningProgram> {
    const running = new RunningProgram(program);
    const deadline = performance.now() + START_PATIENCE_MS;
    while (!(await takesConnections(port, host))) {
      if (running.#end !== undefined || performance.now() > deadline) {
        const why = running.#end ?? `it does not listen on port ${port}`;
        await running[Symbol.asyncDispose]();
        throw new Error(`${[program.file, ...program.words].join(' ')}: ${why}\n${running.#output}`);
      }
      await sleep(50);
    }
    return running;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The end of what it printed. */
  get output(): string {
    return this.#output;
  }

  /** Ends it by SIGTERM, and by SIGKILL if that takes too long. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await this.exited;
    clearTimeout(timer);
  }
}
