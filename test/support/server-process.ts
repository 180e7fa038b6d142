/**
 * Starts a server in a process of its own: how every test that speaks over TCP gets its server.
 *
 * `SERVAL_RUNTIME` names the binary that runs it (a node, a bun or a deno; by default the one that runs the test), so
 * the very same tests judge Serval on every runtime. Apart from the port, the only thing that connects a test with its
 * server are lines on stdin and stdout, see `servers/launch.ts`.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const LAUNCH = fileURLToPath(new URL('./servers/launch.js', import.meta.url));

/** A cold start of the slowest runtime takes one second on a busy machine, which may stand still for some more. */
const START_PATIENCE = 60_000;
const COMMAND_PATIENCE = 60_000;
const STOP_PATIENCE = 3_000;

export const RUNTIME = process.env['SERVAL_RUNTIME'] ?? process.execPath;
export const RUNTIME_NAME: 'node' | 'bun' | 'deno' = nameOf(RUNTIME);

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resident memory of the server, in octets. */
  rss(): Promise<number>;
  /** Has the fixture do something (see its commands) and gives what it answered. */
  command<T = unknown>(name: string, argument?: unknown): Promise<T>;
  /** What the server has written to stderr so far. */
  stderr(): string;
  /** Fulfils when the process has gone. */
  readonly exited: Promise<string>;
  /** Ends the process. Fails when it had gone by itself: a server never exits on account of a client. */
  stop(): Promise<void>;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

export async function startServer(fixture: string, options: object = {}): Promise<ServerProcess> {
  const flags = RUNTIME_NAME === 'deno' ? ['run', '-A', '--no-lock'] : [];
  const child = spawn(RUNTIME, [...flags, LAUNCH, fixture, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const running = new Running(child, fixture);
  await running.listening;
  return running;
}

class Running implements ServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #fixture: string;
  readonly #pending = new Map<number, Pending>();
  readonly listening: Promise<void>;
  readonly exited: Promise<string>;
  #commands = 0;
  #stderr = '';
  #stopping = false;
  #gone: string | null = null;
  #port = 0;

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, fixture: string) {
    this.#child = child;
    this.#fixture = fixture;
    child.stdin.on('error', () => {}); // Its exit is reported below.
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-20_000);
    });
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => resolve(`exited with ${signal ?? code}`));
    });
    this.exited.then((how) => {
      this.#gone = how;
      // Whoever only talks to its port sees nothing but refused connections.
      if (!this.#stopping) console.error(`${this.#failure(how).message}\n${this.#stderr}`);
      for (const { reject } of this.#pending.values()) reject(this.#failure(how));
      this.#pending.clear();
    });
    const started = this.#expect<number>(0, 'listening', START_PATIENCE);
    this.listening = started.then((port) => {
      this.#port = port;
    });
    createInterface({ input: child.stdout }).on('line', (line) => this.#heard(line));
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  rss(): Promise<number> {
    return this.command<number>('rss');
  }

  command<T>(name: string, argument: unknown = null): Promise<T> {
    this.#commands++;
    const answer = this.#expect<T>(this.#commands, name, COMMAND_PATIENCE);
    this.#child.stdin.write(`${JSON.stringify([this.#commands, name, argument])}\n`);
    return answer;
  }

  stderr(): string {
    return this.#stderr;
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    if (this.#gone !== null) throw this.#failure(`was expected to run, but ${this.#gone}`);
    // The end of its stdin is the sign to leave; no server outlives a test that died, either.
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_PATIENCE);
    await this.exited;
    clearTimeout(timer);
  }

  #expect<T>(id: number, what: string, patience: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        if (id === 0) this.#child.kill('SIGKILL');
        reject(this.#failure(`did not answer '${what}' within ${patience} ms`));
      }, patience);
      this.#pending.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value as T);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  }

  #heard(line: string): void {
    const listening = /^listening (\d+)$/.exec(line);
    if (listening !== null) this.#settle([0, 'ok', Number(listening[1])]);
    else if (line.startsWith('[')) this.#settle(JSON.parse(line));
    else this.#stderr += `${line}\n`; // Whatever else a fixture prints is for the reader of a failure.
  }

  #settle([id, outcome, value]: [number, 'ok' | 'error', unknown]): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    if (outcome === 'ok') pending.resolve(value as never);
    else pending.reject(this.#failure(`answered with an error: ${value}`));
  }

  #failure(what: string): Error {
    const said = this.#stderr === '' ? '' : `\n--- its stderr ---\n${this.#stderr}`;
    return new Error(`the server '${this.#fixture}' on ${basename(RUNTIME)} ${what}${said}`);
  }
}

function nameOf(binary: string): 'node' | 'bun' | 'deno' {
  const name = basename(binary);
  if (name.startsWith('bun')) return 'bun';
  if (name.startsWith('deno')) return 'deno';
  return 'node';
}

/**
 * The same fixture with Serval's `Response` and with the runtime's own. Both start before any test is registered: while a
 * file waits between its tests, the runner may take those it knows for all, and call `after`.
 */
export async function startBothFlavours(
  fixture: string,
  options: object = {},
): Promise<['serval' | 'native', ServerProcess][]> {
  return [
    ['serval', await startServer(fixture, { ...options, flavour: 'serval' })],
    ['native', await startServer(fixture, { ...options, flavour: 'native' })],
  ];
}
