/** A server under test: a process on its own core, from the first accepted connection to its end. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, takesConnections } from '../../test/support/ports.ts';
import { SERVER_CORE } from './places.ts';
import { cpuSeconds, residentOctets } from './process-tree.ts';

export interface Command {
  readonly file: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

const START_PATIENCE_MS = 15_000;
const STOP_PATIENCE_MS = 3_000;

const running = new Set<ServerProcess>();
process.on('exit', () => {
  for (const server of running) server.kill();
});

export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #output = '';
  #end: string | undefined;
  readonly #exited: Promise<void>;

  private constructor(command: Command, port: number) {
    this.port = port;
    // taskset executes the command, so the process is the server itself. Its own process group includes its workers.
    this.#child = spawn('taskset', ['-c', SERVER_CORE, command.file, ...command.words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, NODE_ENV: 'production', NO_UPDATE_CHECK: '1', ...command.environment },
      ...(command.folder === undefined ? {} : { cwd: command.folder }),
    });
    const onText = (text: Buffer) => {
      this.#output = (this.#output + text).slice(-4_000);
    };
    this.#child.stdout.on('data', onText);
    this.#child.stderr.on('data', onText);
    this.#exited = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end = error.message;
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#end ??= `it ended with ${signal ?? `status ${code}`}`;
        running.delete(this);
        resolve();
      });
    });
  }

  /**
   * Starts a server and waits until it accepts connections.
   *
   * @param commandFor makes the command for a free port.
   * @throws {Error} with the server's output, when it does not.
   */
  static async start(commandFor: (port: number) => Command): Promise<ServerProcess> {
    const port = await freePort();
    const server = new ServerProcess(commandFor(port), port);
    running.add(server);
    const deadline = performance.now() + START_PATIENCE_MS;
    while (!(await takesConnections(port))) {
      const late = performance.now() > deadline;
      if (server.#end === undefined && !late) {
        await sleep(20);
        continue;
      }
      server.kill();
      await server.#exited;
      const why = late
        ? `it does not listen on port ${port} after ${START_PATIENCE_MS / 1000} s`
        : server.#end;
      throw new Error(`${why}${server.output()}`);
    }
    return server;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  cpuSeconds(): number {
    return cpuSeconds(this.pid);
  }

  residentOctets(): number {
    return residentOctets(this.pid);
  }

  /** The server's output for an error message; empty if there is none. */
  output(): string {
    return this.#output.trim() === '' ? '' : `\n${this.#output.trim().replace(/^/gm, '    | ')}`;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  kill(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }

  /** @throws {Error} when it has ended before. */
  async stop(): Promise<void> {
    const before = this.#end;
    // A server that drains would delay the next one, and no request is in progress.
    this.kill();
    await Promise.race([this.#exited, sleep(STOP_PATIENCE_MS, undefined, { ref: false })]);
    running.delete(this);
    if (before !== undefined) throw new Error(`${before} while it was measured${this.output()}`);
  }
}
