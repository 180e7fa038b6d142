/**
 * Attacks a server over HTTP/2 from many connections, one attack after the other, while an honest client asks it. It shows
 * whether the honest requests are answered, and what the attack costs the server. The attacks are those of
 * `test/conformance/attacks/http2`, which runs each for a moment.
 */
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { HTTP2_ATTACKS, type Http2Attack } from '../conformance/attacks/http2/http2-attacks.ts';
import { type Command, wholeNumber } from '../support/commands.ts';
import { percentiles } from '../support/load.ts';
import { inMs, markdownTable, thousands } from '../support/markdown-table.ts';
import { RunningProgram } from '../support/running-program.ts';
import type { Orders, Spoils } from './http2-attacks/attacker.ts';

const HELP = `[options] [WORD…]

  --seconds NUMBER       for each attack (4)
  --connections NUMBER   at once (16)

Only attacks whose name contains a WORD; all by default.`;

/** Mebibytes by which the server may grow: 16 connections hold 6 MiB, the rest is garbage. */
const MOST_GROWN = 96;
/** An honest request that takes longer counts as lost. */
const PATIENCE_MS = 10_000;
const BETWEEN_REQUESTS_MS = 10;

export const http2Attacks: Command = {
  summary: 'rapid reset and the other attacks on HTTP/2: are others served, at what cost?',
  help: HELP,
  async run(args) {
    const options = {
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '16' },
    } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const seconds = wholeNumber('--seconds', values.seconds, 1);
    const connections = wholeNumber('--connections', values.connections, 1);
    const faults: string[] = [];
    const rows: string[][] = [];
    for (const attack of HTTP2_ATTACKS) {
      if (positionals.length > 0 && !positionals.some((word) => attack.name.includes(word))) continue;
      console.error(attack.name);
      const { row, faults: found } = await suffer(attack, connections, seconds);
      rows.push(row);
      faults.push(...found.map((fault) => `${attack.name}: ${fault}`));
    }
    const headings = ['attack', 'connections', 'ended by', 'sent, MiB', 'CPU, %', 'ms a MiB', 'grown, MiB'];
    const alignment = ['---', '--:', '---', '--:', '--:', '--:', '--:', '--:', '--:', '--:'];
    console.log(`\n${markdownTable([...headings, 'others', 'p50', 'p99'], alignment, rows)}`);
    return faults;
  },
};

async function suffer(attack: Http2Attack, connections: number, seconds: number) {
  const program = {
    file: process.execPath,
    words: [fileURLToPath(new URL('./http2-attacks/target.js', import.meta.url))],
  };
  let port = 0;
  await using target = new RunningProgram(program, (line) => {
    port = Number(/^port (\d+)/.exec(line)?.[1] ?? port);
  });
  for (let i = 0; i < 500 && port === 0; i++) await sleep(20);
  const honest = new HonestClient(port);
  // What the server needs once: code and buffers.
  await honest.askUntil(performance.now() + 500);
  const before = usageOf(target.pid);
  honest.latencies.length = 0;
  const spoils = attackWith({ attack: attack.name, port, connections, seconds });
  let peak = 0;
  const began = performance.now();
  const watching = (async () => {
    while (performance.now() - began < seconds * 1_000) {
      peak = Math.max(peak, usageOf(target.pid).resident);
      await sleep(50);
    }
  })();
  await Promise.all([honest.askUntil(began + seconds * 1_000), watching]);
  const cpu = usageOf(target.pid).cpu - before.cpu;
  const { octets, ends, connections: opened } = await spoils;
  honest.close();
  const faults = [...honest.faults];
  const grown = (peak - before.resident) / 2 ** 20;
  if (grown > MOST_GROWN) faults.push(`the server grew by ${Math.round(grown)} MiB`);
  if (honest.latencies.length === 0) faults.push('no other request was answered');
  for (const end of Object.keys(ends)) {
    const isExpected =
      attack.code === undefined ? !end.includes('GOAWAY') : end === attack.code || end === 'closed';
    if (!isExpected) faults.push(`${ends[end]} connections: ${end}`);
  }
  const mebibytes = octets / 2 ** 20;
  const { p50, p99 } = percentiles(honest.latencies);
  const row = [
    attack.name,
    thousands(opened),
    Object.entries(ends)
      .map(([end, count]) => `${end}: ${count}`)
      .join(', '),
    mebibytes.toFixed(1),
    String(Math.round((100 * cpu) / seconds)),
    ((1_000 * cpu) / mebibytes).toFixed(0),
    grown.toFixed(0),
    `${honest.latencies.length} of ${honest.latencies.length + honest.faults.length}`,
    inMs(p50),
    inMs(p99),
  ];
  return { row, faults };
}

function attackWith(orders: Orders): Promise<Spoils> {
  const worker = new Worker(new URL('./http2-attacks/attacker.js', import.meta.url), { workerData: orders });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** One request after the other, over one connection. */
class HonestClient {
  readonly latencies: number[] = [];
  readonly faults: string[] = [];
  readonly #session: http2.ClientHttp2Session;

  constructor(port: number) {
    this.#session = http2.connect(`http://127.0.0.1:${port}`);
    this.#session.on('error', (error) => this.faults.push(error.message));
    this.#session.on('goaway', (code) => this.faults.push(`GOAWAY ${code}`));
  }

  async askUntil(end: number): Promise<void> {
    while (performance.now() < end) {
      const began = performance.now();
      try {
        await this.#ask();
        this.latencies.push(performance.now() - began);
      } catch (error) {
        this.faults.push((error as Error).message);
        await sleep(100);
      }
      await sleep(BETWEEN_REQUESTS_MS);
    }
  }

  async #ask(): Promise<void> {
    const stream = this.#session.request({ ':path': '/hello' });
    stream.setTimeout(PATIENCE_MS, () => stream.destroy(new Error('no answer')));
    let text = '';
    for await (const piece of stream) text += piece;
    if (text !== 'hello') throw new Error(`another answer: ${JSON.stringify(text)}`);
  }

  close(): void {
    this.#session.destroy();
  }
}

/** CPU seconds and resident bytes of a process, as Linux has them. */
function usageOf(pid: number): { cpu: number; resident: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, resident: Number(fields[21]) * 4_096 };
}
