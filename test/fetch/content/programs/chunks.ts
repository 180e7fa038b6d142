/** Makes and drops chunks of 64 KiB, 1 GiB in all, and prints how often the collector has marked the whole heap. */
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { paceCollector } from '../../../../src/fetch/content/collector-pace.ts';

const CHUNK = 64 * 1024;
const isPaced = process.argv[2] === 'paced';

let marked = 0;
const observer = new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries() as (PerformanceEntry & { detail: { kind: number } })[])
    if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) marked++;
});
observer.observe({ entryTypes: ['gc'] });
// Something that lives, as a server has: it takes long to mark.
const alive = Array.from({ length: 400_000 }, (_, at) => ({ at }));
let chunk: Uint8Array | undefined;
for (let turn = 0; turn < 16_384; turn++) {
  chunk = Buffer.allocUnsafeSlow(CHUNK);
  if (isPaced) paceCollector(CHUNK);
  await setImmediate();
}
await setImmediate();
observer.disconnect();
console.log(JSON.stringify({ marked, alive: alive.length, last: chunk?.length }));
