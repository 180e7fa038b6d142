/**
 * `npm run bench:websocket` compares Serval's WebSocket with `ws` on node:http and with Bun.serve: CPU time of the server for each
 * message, and the memory of idle sockets. The servers take turns in each round.
 *
 * Memory is the growth of the resident set of the process, garbage collected twice before each of both looks.
 *
 *     npm run bench:websocket -- [rounds] [milliseconds] [--on node24] [--bun bun] [case …]
 *
 * `--on` and `--bun` name a runtime as in `npm run bench`, or `name=/path`. Server and load run on different cores.
 * uWebSockets.js is not on the npm registry; Bun's WebSockets are built on the same C++ library.
 */
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from '../end-to-end/places.ts';
import { findRuntime } from '../end-to-end/runtimes.ts';
import { type Command, ServerProcess } from '../end-to-end/server-process.ts';
import { median, ratios } from '../end-to-end/statistics.ts';
import { CASES, type WebSocketCase } from './cases.ts';
import { Load } from './load-process.ts';

const FOLDER = join(ROOT, 'build/bench/websocket');
const WARM_UP_MS = 1_000;
const SETTLE_MS = 500;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    on: { type: 'string' },
    bun: { type: 'string' },
    against: { type: 'string' },
  },
});
const [rounds = 5, milliseconds = 3_000] = positionals.filter((word) => /^\d+$/.test(word)).map(Number);
const only = positionals.filter((word) => CASES.some(({ id }) => id === word));
const node = values.on === undefined ? process.execPath : findRuntime(values.on).binary;

type CommandFor = (port: number) => Command;

function servers(): Map<string, CommandFor> {
  const onNode =
    (file: string, dist = ''): CommandFor =>
    (port) => ({
      file: node,
      words: ['--expose-gc', join(FOLDER, 'servers', file), String(port)],
      environment: { SERVAL_DIST: dist },
    });
  const all = new Map<string, CommandFor>([
    ['serval', onNode('serval.js', join(ROOT, 'build/src'))],
    ['ws', onNode('ws.js')],
  ]);
  if (values.against !== undefined)
    all.set('against', onNode('serval.js', join(values.against, 'build/src')));
  if (values.bun !== undefined) {
    const { binary } = findRuntime(values.bun);
    const script = join(ROOT, 'bench/websocket/servers/bun-serve.mjs');
    all.set('Bun.serve', (port) => ({ file: binary, words: [script, String(port)] }));
  }
  return all;
}

interface Sample {
  /** CPU µs for each message, or bytes for each socket. */
  readonly cost: number;
  /** Messages a second. */
  readonly rate: number;
}

/** RSS, with the garbage collected. */
async function settledResident(server: ServerProcess): Promise<number> {
  await sleep(SETTLE_MS);
  server.signal('SIGUSR2');
  await sleep(SETTLE_MS);
  return server.residentOctets();
}

async function measure(
  commandFor: CommandFor,
  { path, sockets, load, before: first = 0 }: WebSocketCase,
): Promise<Sample> {
  const server = await ServerProcess.start(commandFor);
  const client = new Load(server.port);
  try {
    if (load === undefined) {
      await client.run({ act: 'open', path, sockets: first });
      const before = await settledResident(server);
      await client.run({ act: 'open', path, sockets });
      const cost = ((await settledResident(server)) - before) / sockets;
      const { count } = await client.run({ act: 'count' });
      if (count !== first + sockets) throw new Error(`only ${count} sockets are open`);
      return { cost, rate: 0 };
    }
    await client.run({ act: 'open', path, sockets });
    await client.run({ ...load, milliseconds: WARM_UP_MS });
    const before = server.cpuSeconds();
    const { count, seconds } = await client.run({ ...load, milliseconds });
    return { cost: ((server.cpuSeconds() - before) * 1e6) / count, rate: count / seconds };
  } finally {
    client.end();
    await server.stop();
  }
}

async function bench(what: WebSocketCase): Promise<void> {
  const all = servers();
  const costs = new Map([...all.keys()].map((name) => [name, new Map<number, number>()]));
  const rates = new Map([...all.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++)
    for (const [name, commandFor] of all) {
      const { cost, rate } = await measure(commandFor, what);
      costs.get(name)!.set(round, cost);
      rates.get(name)!.push(rate);
    }
  const isIdle = what.load === undefined;
  const unit = isIdle ? 'bytes each' : 'CPU µs a message';
  console.log(`\n| ${what.label} | messages/s | ${unit} | Serval's, as a part of this |\n|---|--:|--:|--:|`);
  for (const name of all.keys()) {
    const ratio = ratios(costs.get('serval')!, costs.get(name)!)!;
    const target = name === 'ws' ? `, target ${what.target}` : '';
    const part =
      name === 'serval'
        ? ''
        : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})${target}`;
    const cost = median([...costs.get(name)!.values()]);
    const rate = isIdle ? '' : Math.round(median(rates.get(name)!)).toLocaleString('en-US');
    console.log(`| ${name} | ${rate} | ${isIdle ? Math.round(cost) : cost.toFixed(2)} | ${part} |`);
  }
}

console.log(`${rounds} rounds of ${milliseconds} ms`);
for (const what of CASES) if (only.length === 0 || only.includes(what.id)) await bench(what);
process.exit(0);
