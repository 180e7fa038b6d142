/**
 * Loads a server and looks at every octet that it answers: the first answer is what all the others have to be.
 *
 *     node build/scripts/load.js http://127.0.0.1:4221/ [connections] [seconds]
 *
 * Fails when anything at all goes wrong.
 */
import process from 'node:process';
import { Client } from '../src/client/index.ts';
import { load } from '../test/support/load.ts';

const [url, connections = '64', seconds = '5'] = process.argv.slice(2);
if (url === undefined || !(Number(connections) > 0) || !(Number(seconds) > 0)) {
  console.error('usage: node build/scripts/load.js <url> [connections] [seconds]');
  process.exit(2);
}
const client = new Client({ decode: false });
const first = await client.fetch(url);
const what = { url, status: first.status, content: await first.bytes() };
await client.close();
const report = await load({
  connections: Number(connections),
  milliseconds: Number(seconds) * 1_000,
  request: () => what,
});
const { requests, latency, failures } = report;
const inMs = (time: number) => `${time.toFixed(2)} ms`;
console.log(
  `${requests} requests in ${report.seconds.toFixed(1)} s, ${Math.round(requests / report.seconds)}/s`,
);
console.log(
  `latency: p50 ${inMs(latency.p50)}, p90 ${inMs(latency.p90)}, p99 ${inMs(latency.p99)}, p99.9 ${inMs(latency.p999)}, most ${inMs(latency.most)}`,
);
for (const [kind, count] of failures) console.log(`WRONG  ${kind}: ${count}`);
if (failures.size > 0) process.exitCode = 1;
