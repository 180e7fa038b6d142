/**
 * `npm run bench:clients` compares Serval's client with undici's `request` and `fetch` and the runtime's `fetch`: requests a
 * second, and the CPU time of the client for each request. The clients take turns in each round. The program prints medians,
 * and the medians of the ratios of each round.
 *
 *     npm run bench:clients -- [rounds] [requests] [connections] [case …]
 *
 * The server and the client run on different cores.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { LOAD_CORE, ROOT } from '../end-to-end/places.ts';
import { ServerProcess } from '../end-to-end/server-process.ts';
import { median, ratios } from '../end-to-end/statistics.ts';
import { CASES, CLIENTS, type ClientCase, type ClientName } from './cases.ts';
import { FOLDER, PACKAGE } from './undici.ts';

const words = process.argv.slice(2);
const [rounds = 5, requests = 40_000, connections = 64] = words
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const only = words.filter((word) => CASES.some(({ id }) => id === word));
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));
const SERVER = join(ROOT, 'build/bench/end-to-end/servers/serval.js');

interface Measured {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

function installUndici(): string {
  const manifest = join(FOLDER, 'node_modules', PACKAGE, 'package.json');
  if (!existsSync(manifest))
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' });
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

function measure(client: ClientName, url: string, { id }: ClientCase): Measured {
  const words = [
    '-c',
    LOAD_CORE,
    process.execPath,
    WORKER,
    client,
    url,
    id,
    String(requests),
    String(connections),
  ];
  const { stdout, stderr, status } = spawnSync('taskset', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${client}, ${id}: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

async function bench(what: ClientCase): Promise<void> {
  const server = await ServerProcess.start((port) => ({
    file: process.execPath,
    words: [SERVER, String(port), what.app],
    environment: { SERVAL_DIST: join(ROOT, 'build/src') },
  }));
  const rates = new Map(CLIENTS.map((client) => [client, new Map<number, number>()]));
  const times = new Map(CLIENTS.map((client) => [client, new Map<number, number>()]));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const client of CLIENTS) {
        const { perSecond, cpuMicros } = measure(client, `http://127.0.0.1:${server.port}/`, what);
        rates.get(client)!.set(round, perSecond);
        times.get(client)!.set(round, cpuMicros);
      }
    }
  } finally {
    await server.stop();
  }
  console.log(
    `\n| ${what.label} | requests/s | CPU µs each | Serval's CPU, as a part of this |\n|---|--:|--:|--:|`,
  );
  for (const client of CLIENTS) {
    const ratio = ratios(times.get('serval')!, times.get(client)!)!;
    const part =
      client === 'serval'
        ? ''
        : `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`;
    const rate = Math.round(median([...rates.get(client)!.values()])).toLocaleString('en-US');
    console.log(`| ${client} | ${rate} | ${median([...times.get(client)!.values()]).toFixed(1)} | ${part} |`);
  }
}

console.log(
  `Node ${process.version}, undici ${installUndici()}, ${rounds} rounds of ${requests} requests, ${connections} connections`,
);
for (const what of CASES) if (only.length === 0 || only.includes(what.id)) await bench(what);
process.exit(0);
