/** Runs the built command line in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export class ServalProcess {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #exited: Promise<unknown[]>;

  /** @param sockets descriptors that it gets as systemd hands them over. */
  constructor(
    words: readonly string[],
    env: Record<string, string> = {},
    cwd?: string,
    sockets: readonly number[] = [],
  ) {
    const node = [process.execPath, MAIN, ...words];
    // LISTEN_PID is the number of the process itself, which is not known before there is one.
    const [program, ...rest] =
      sockets.length === 0
        ? node
        : ['/bin/sh', '-c', `LISTEN_FDS=${sockets.length} LISTEN_PID=$$ exec "$0" "$@"`, ...node];
    this.child = spawn(program!, rest, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', ...sockets],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.#exited = once(this.child, 'close');
    // A test that is cancelled never reaches its end.
    const kill = (): void => void this.child.kill('SIGKILL');
    process.once('exit', kill);
    this.child.once('close', () => process.off('exit', kill));
  }

  /** Starts a server on a port that is free. */
  static async serve(
    words: readonly string[],
    env?: Record<string, string>,
    cwd?: string,
  ): Promise<ServalProcess> {
    const serval = new ServalProcess([...words, '--port', '0'], env, cwd);
    await serval.says(/Press Ctrl-C to stop/);
    return serval;
  }

  /** The origin of the first URL that was printed. */
  get origin(): string {
    return /http:\/\/[^/\s]+/.exec(this.stdout)![0];
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  /** Waits until standard output matches. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout)) {
      const ended = await Promise.race([once(this.child.stdout!, 'data').then(() => false), this.#exited]);
      if (ended && !pattern.test(this.stdout)) throw new Error(`It ended: ${this.stdout}${this.stderr}`);
    }
  }

  /** Waits for a line on standard error, which is a pipe of its own, and returns all that there is. */
  async complaint(): Promise<string> {
    while (!this.stderr.endsWith('\n')) await once(this.child.stderr!, 'data');
    return this.stderr;
  }

  /** Waits for the end, and returns the exit code. */
  async exit(): Promise<number | null> {
    const [code] = await this.#exited;
    return code as number | null;
  }

  /** Ends it, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#exited;
  }
}
