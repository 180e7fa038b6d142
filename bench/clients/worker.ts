/**
 * Runs one client against one server: first a warm-up, then the requests that are measured.
 *
 *     node worker.js <client> <url> <case> <requests> <connections>
 */
import process from 'node:process';
import { Client } from '../../src/client/index.ts';
import { CASES, type ClientCase, type ClientName } from './cases.ts';
import { undici } from './undici.ts';

const [name, url = '', id, requests, connections] = process.argv.slice(2);
const what = CASES.find((one) => one.id === id);
if (what === undefined) throw new Error(`unknown case "${id}"`);

/** Sends one request and reads the response. @returns the bytes of its content. */
type Ask = () => Promise<number>;

async function asker(client: ClientName, { method, body }: ClientCase): Promise<Ask> {
  const most = Number(connections);
  const init = { method, ...(body === undefined ? {} : { body }) };
  switch (client) {
    case 'serval': {
      const serval = new Client({ limits: { maxConnections: most } });
      return async () => (await (await serval.fetch(url, init)).text()).length;
    }
    case 'undici.request': {
      const { Agent, request } = await undici();
      const dispatcher = new Agent({ connections: most });
      return async () => (await (await request(url, { ...init, dispatcher })).body.text()).length;
    }
    case 'undici.fetch': {
      const { Agent, fetch } = await undici();
      const dispatcher = new Agent({ connections: most });
      return async () => (await (await fetch(url, { ...init, dispatcher })).text()).length;
    }
    case 'node:fetch':
      return async () => (await (await fetch(url, init)).text()).length;
    default:
      throw new Error(`unknown client "${client}"`);
  }
}

const ask = await asker(name as ClientName, what);
const expected = await ask();
if (what.bytes >= 0 && expected !== what.bytes)
  throw new Error(`expected ${what.bytes} bytes, got ${expected}`);

async function run(count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const bytes = await ask();
      if (bytes !== expected) throw new Error(`expected ${expected} bytes, got ${bytes}`);
    }
  };
  await Promise.all(Array.from({ length: Number(connections) }, worker));
}

await run(Number(requests) / 2);
const cpu = process.cpuUsage();
const start = performance.now();
await run(Number(requests));
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(cpu);
const perSecond = Number(requests) / seconds;
process.stdout.write(JSON.stringify({ perSecond, cpuMicros: (user + system) / Number(requests) }));
process.exit(0);
