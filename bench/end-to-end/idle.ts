/** Idle kept connections: their memory, and whether they slow down other connections. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Durations } from './durations.ts';
import type { LoadTarget, Measured } from './measured.ts';
import { COMPILED, LOAD_CORE } from './places.ts';
import type { ServerProcess } from './server-process.ts';

/** Enough to compile the code and fill the pools, and too few to change the figure. */
const FIRST_CONNECTIONS = 100;
const IDLE_CONNECTIONS = 10_000;
const SETTLE_MS = 700;

/** Bytes of resident memory that each kept connection adds after its first response. */
export async function measureIdle(
  server: ServerProcess,
  target: LoadTarget,
  connections: number,
): Promise<Measured> {
  const client = new KeptConnections(server.port, target.request, target.wireOctets);
  try {
    await client.open(FIRST_CONNECTIONS);
    const before = await settledResident(server);
    await client.open(connections);
    const resident = await settledResident(server);
    const kept = await client.count();
    const invalid = kept === FIRST_CONNECTIONS + connections ? [] : [`only ${kept} connections were kept`];
    return {
      figures: { memory: (resident - before) / connections, resident },
      invalid,
      disturbed: [],
      loadBound: false,
    };
  } finally {
    client.close();
  }
}

/** The same load without and with idle connections: points 0 and 10,000. */
export async function measureIdleLoad(
  server: ServerProcess,
  target: LoadTarget,
  load: (seconds: number) => Promise<Measured>,
  { warmUp, counted }: Durations,
): Promise<Measured[]> {
  await load(warmUp);
  const without = await load(counted);
  const client = new KeptConnections(server.port, target.request, target.wireOctets);
  try {
    await client.open(IDLE_CONNECTIONS);
    const loaded = await load(counted);
    const kept = await client.count();
    const invalid = [...loaded.invalid];
    if (kept < IDLE_CONNECTIONS) invalid.push(`only ${kept} of ${IDLE_CONNECTIONS} connections were kept`);
    return [
      { ...without, point: 0 },
      { ...loaded, invalid, point: IDLE_CONNECTIONS },
    ];
  } finally {
    client.close();
  }
}

async function settledResident(server: ServerProcess): Promise<number> {
  await sleep(SETTLE_MS);
  server.signal('SIGUSR2');
  await sleep(SETTLE_MS);
  return server.residentOctets();
}

/** A process that opens connections, sends a request on each, reads the answer, and keeps them. */
class KeptConnections {
  readonly #child;
  readonly #lines: AsyncIterator<string>;

  constructor(port: number, request: Buffer, wireOctets: number) {
    const words = [join(COMPILED, 'kept-connections.js'), String(port), String(wireOctets)];
    this.#child = spawn('taskset', ['-c', LOAD_CORE, process.execPath, ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, BENCH_REQUEST: request.toString('latin1') },
    });
    this.#child.stdin.on('error', () => {}); // The end of the process is noticed on stdout.
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws {Error} when a connection cannot be opened. */
  async open(count: number): Promise<void> {
    const answer = await this.#command(`open ${count}`);
    if (answer !== 'opened') throw new Error(`idle connections: ${answer}`);
  }

  /** The number of open connections. */
  async count(): Promise<number> {
    return Number(await this.#command('count'));
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }

  async #command(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const { value, done } = await this.#lines.next();
    return done ? 'the client has gone' : value;
  }
}
