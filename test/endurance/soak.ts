/**
 * Looks whether a pool of two workers leaks: minutes of mixed load, with a reload each minute. It prints the memory, descriptors
 * and handles of the supervisor and each worker before, during and after the load.
 *
 * The load: small responses, JSON and other POSTs, files, streams, requests that the client abandons, clients that read slowly.
 * Every response is checked.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CheckingClient, type CheckingReport } from '../support/checking-client.ts';
import { type Command, UsageError } from '../support/commands.ts';
import { markdownTable, thousands } from '../support/markdown-table.ts';
import { Pool } from './pool/pool.ts';
import { type Holding, holdingOf } from './soak/holding.ts';
import { mixedRequests } from './soak/requests.ts';
import { giveUp, readSlowly, repeat } from './soak/rude-clients.ts';
import { failed } from './table.ts';

const HELP = `[options]

  --minutes NUMBER        minutes of load (20)
  --reload-every NUMBER   minutes between reloads, 0 for none (1)
  --threads               threads instead of processes`;

const WORKERS = 2;
const CLIENTS = { keptLanes: 16, singleLanes: 4, givingUp: 4, slow: 4 };
const MIB = 2 ** 20;
/** How much the supervisor may grow: memory that the garbage collector has not looked at yet. */
const MOST_RISE_MIB = 32;
/** Descriptors and handles of the connections that ask for them, which are closed a moment later. */
const SLACK = 2;
/** Closed sockets are released within this time. */
const SETTLE_MS = 3_000;

export const soak: Command = {
  summary: 'minutes of mixed load: do memory, descriptors or handles grow?',
  help: HELP,
  async run(words) {
    const { values } = parseArgs({
      args: [...words],
      options: {
        minutes: { type: 'string', default: '20' },
        'reload-every': { type: 'string', default: '1' },
        threads: { type: 'boolean' },
      },
    });
    const minutes = Number(values.minutes);
    const reloadEvery = Number(values['reload-every']);
    if (!(minutes > 0)) throw new UsageError(`--minutes: expected a number above 0, got ${values.minutes}`);
    if (!(reloadEvery >= 0))
      throw new UsageError(`--reload-every: expected a number from 0, got ${values['reload-every']}`);
    await using pool = await Pool.start({
      kind: values.threads ? 'threads' : 'processes',
      workers: WORKERS,
    });
    return await new Soak(pool).run(minutes, reloadEvery);
  },
};

class Soak {
  readonly #pool: Pool;
  readonly #lines: string[][] = [];
  readonly #faults: string[] = [];

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @returns what went wrong. */
  async run(minutes: number, reloadEvery: number): Promise<readonly string[]> {
    await this.#warmUp();
    const atStart = await this.#sample('start, idle');
    const rest = await this.#load(minutes, reloadEvery);
    await sleep(SETTLE_MS);
    const atEnd = await this.#sample('end, idle', rest);
    console.log(
      markdownTable(
        ['when', 'requests', 'failed', 'supervisor', 'descriptors', 'workers', 'descriptors', 'handles'],
        ['---', '--:', '---', '--:', '--:', '--:', '--:', '--:'],
        this.#lines,
      ),
    );
    return [...this.#faults, ...growth(atStart, atEnd)];
  }

  async #warmUp(): Promise<void> {
    const url = `http://127.0.0.1:${this.#pool.port}/text/1`;
    const request = () => fetch(url, { headers: { Connection: 'close' } });
    await Promise.all(Array.from({ length: WORKERS * 8 }, request));
    await sleep(SETTLE_MS);
  }

  /** @returns the report of the time since the last sample. */
  async #load(minutes: number, reloadEvery: number): Promise<CheckingReport> {
    const { port } = this.#pool;
    const client = new CheckingClient({ port, ...CLIENTS, request: mixedRequests() });
    const stop = new AbortController();
    const rude = [
      ...Array.from({ length: CLIENTS.givingUp }, () => repeat(() => giveUp(port), stop.signal)),
      ...Array.from({ length: CLIENTS.slow }, () => repeat(() => readSlowly(port), stop.signal)),
    ];
    const began = performance.now();
    const stepMs = Math.min(1, reloadEvery || 1, minutes) * 60_000;
    for (let step = 1; step * stepMs <= minutes * 60_000; step++) {
      await sleep(began + step * stepMs - performance.now());
      const minute = (step * stepMs) / 60_000;
      await this.#sample(`${minute.toFixed(minute < 1 ? 2 : 0)} min`, client.take());
      if (reloadEvery > 0 && step % Math.round((reloadEvery * 60_000) / stepMs) === 0)
        await this.#pool.hangUp();
    }
    stop.abort();
    await Promise.all(rude).catch((error: Error) => this.#faults.push(`a slow reader: ${error.message}`));
    return client.stop();
  }

  async #sample(when: string, report?: CheckingReport): Promise<Holding> {
    const holding = await holdingOf(this.#pool);
    const { supervisor, workers } = holding;
    const inMib = (bytes: number) => `${(bytes / MIB).toFixed(0)} MiB`;
    const each = (of: (worker: Holding['workers'][number]) => string | number) => workers.map(of).join(', ');
    if (report !== undefined && report.failures.size > 0)
      this.#faults.push(`${when}: ${failed(report.failures)}`);
    const line = [
      when,
      report === undefined ? '' : thousands(report.requests),
      report === undefined ? '' : failed(report.failures),
      ...[inMib(supervisor.resident), String(supervisor.descriptors)],
      ...[each(({ resident }) => inMib(resident)), each(({ descriptors }) => descriptors)],
      each(({ handles }) => handles),
    ];
    this.#lines.push(line);
    console.error(line.join('  '));
    return holding;
  }
}

function growth(atStart: Holding, atEnd: Holding): string[] {
  const faults: string[] = [];
  const rise = (atEnd.supervisor.resident - atStart.supervisor.resident) / MIB;
  if (rise > MOST_RISE_MIB) faults.push(`the supervisor grew by ${rise.toFixed(1)} MiB`);
  if (atEnd.supervisor.descriptors > atStart.supervisor.descriptors + SLACK)
    faults.push('the supervisor holds more descriptors than at the start');
  const most = (holding: Holding, what: 'descriptors' | 'handles') =>
    Math.max(...holding.workers.map((worker) => worker[what]));
  for (const what of ['descriptors', 'handles'] as const)
    if (most(atEnd, what) > most(atStart, what) + SLACK)
      faults.push(`a worker holds more ${what} than at the start`);
  return faults;
}
