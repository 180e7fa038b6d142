/**
 * Kills a server in the middle of uploads, and tells whether anything was lost. See `upload-kills/lives.ts`.
 *
 *     npm run kills                                200 kills
 *     npm run kills -- --count 1000 --seed 7       more, or the same moments again
 *
 * Exits with 1 when a file was lost, or a part of one found under its name.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { killUploads } from './kills/lives.ts';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '200' }, seed: { type: 'string', default: '' } },
});
const count = Number(values.count);
const seed = values.seed === '' ? Date.now() % 2 ** 31 : Number(values.seed);
if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
  console.error('--count and --seed are numbers');
  process.exit(1);
}

const began = performance.now();
const { kills, found, acknowledged, swept, faults } = await killUploads(count, seed, (so) => {
  if (so % 20 === 0) console.error(`${so} kills`);
});
for (const fault of faults) console.error(fault);
console.log(
  [
    `${kills} kills in ${Math.round((performance.now() - began) / 1000)} s, seed ${seed}.`,
    `Uploads under way: ${found.old} left the old file, ${found.new} the new one, ${found.absent} none.`,
    `Acknowledged: ${acknowledged}, all whole. Parts left: ${swept}, all swept.`,
    faults.length === 0 ? 'No partial file, no lost file.' : `${faults.length} FAULTS.`,
  ].join('\n'),
);
if (faults.length > 0) process.exitCode = 1;
