/**
 * Swaps a folder for a link to one outside the root, while a server reads, lists and stores files in it. See `swaps/attack.ts`.
 *
 *     npm run build:test && node build/test/endurance/swaps.js                   2,000 requests of each kind
 *     npm run build:test && node build/test/endurance/swaps.js --count 50000     more
 *
 * Exits with 1 when anything has left the root or landed outside it.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { attack, type Counted } from './swaps/attack.ts';

const { values } = parseArgs({ options: { count: { type: 'string', default: '2000' } } });
const count = Number(values.count);
if (!Number.isSafeInteger(count) || count < 1) {
  console.error('--count is a number');
  process.exit(1);
}
const { isAtomic, ...kinds } = await attack(count);
console.log(isAtomic ? 'Swapped by renameat2.' : 'Swapped by renames, between which a name is missing.');
for (const [kind, { answers, inside, leaks }] of Object.entries(kinds) as [string, Counted][]) {
  console.log(`${kind}: ${answers} answers, ${inside} from inside, ${leaks} leaks`);
  if (leaks > 0) process.exitCode = 1;
}
