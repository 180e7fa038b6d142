/**
 * `npm run bench:inspector` measures what the inspector costs a server at a steady rate: CPU time for each request without an inspector,
 * with one that is not looked at, and with its page open. The three take turns in each round. Then 100,000 requests are sent while
 * the page is open, and memory is looked at before and after.
 *
 *     npm run bench:inspector -- [rounds] [requests a second] [--chromium]
 *
 * With `--chromium` a real page is open. Otherwise a program keeps what the page keeps.
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, ratios } from '../end-to-end/statistics.ts';
import { InspectedServer } from './inspected-server.ts';
import { PacedLoad } from './paced-load.ts';
import { openChromium, openProgram, type Viewer } from './viewers.ts';

const SECONDS = 3;
const MANY = 100_000;
const SETTLE_MS = 1_500;
const CASES = ['off', 'on', 'page open'] as const;
type Case = (typeof CASES)[number];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'boolean', default: false } },
});
const [rounds = 5, rate = 20_000] = positionals.map(Number);
const open = (url: string): Promise<Viewer> => (values.chromium ? openChromium(url) : openProgram(url));

const cpu = new Map<Case, Map<number, number>>(CASES.map((name) => [name, new Map()]));
const rates: number[] = [];
for (let round = 1; round <= rounds; round++) {
  for (const name of CASES) {
    const sample = await costOf(name);
    cpu.get(name)!.set(round, sample.cpu);
    rates.push(sample.rate);
    process.stderr.write(
      `round ${round}, ${name}: ${sample.cpu.toFixed(2)} µs, ${Math.round(sample.rate)}/s\n`,
    );
  }
}
console.log(
  `${Math.round(median(rates))} requests a second, ${rounds} rounds; CPU µs for each request, and the ratio to no inspector`,
);
for (const name of CASES) {
  const ratio = ratios(cpu.get(name)!, cpu.get('off')!)!;
  const range = `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`;
  console.log(
    `${name.padEnd(10)} ${median([...cpu.get(name)!.values()]).toFixed(2)}  ${ratio.median.toFixed(3)} (${range})`,
  );
}
await manyRequests();

async function costOf(name: Case): Promise<{ cpu: number; rate: number }> {
  using server = await InspectedServer.start(name !== 'off');
  const viewer = name === 'page open' ? await open(server.page!) : undefined;
  using load = await PacedLoad.connect(server.port);
  await load.send(rate, rate);
  const before = await server.figures('cpu');
  const count = rate * SECONDS;
  const reached = await load.send(count, rate);
  const after = await server.figures('cpu');
  await viewer?.[Symbol.asyncDispose]();
  return { cpu: (after.cpu - before.cpu) / count, rate: reached };
}

async function manyRequests(): Promise<void> {
  using server = await InspectedServer.start(true);
  await using viewer = await open(server.page!);
  using load = await PacedLoad.connect(server.port);
  // What is kept has a limit; memory is compared when it has been reached.
  await load.send(MANY / 2, rate);
  await sleep(SETTLE_MS);
  const [before, pageBefore] = [await server.figures('memory'), await viewer.heap()];
  const reached = await load.send(MANY, rate);
  await sleep(SETTLE_MS);
  const [after, pageAfter] = [await server.figures('memory'), await viewer.heap()];
  const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
  console.log(`${MANY} requests, ${Math.round(reached)}/s: ${after.finished - before.finished} answered`);
  console.log(
    `server: ${mib(before.rss)} to ${mib(after.rss)} MiB resident, heap ${mib(before.heap)} to ${mib(after.heap)} MiB`,
  );
  if (values.chromium) console.log(`page: heap ${mib(pageBefore)} to ${mib(pageAfter)} MiB`);
  console.log(`the page has ${await viewer.exchanges()} exchanges`);
}
