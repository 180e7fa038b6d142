/**
 * `npm run bench:check` fails if a figure is more than 15 % worse than in bench/baseline.json.
 *
 *     npm run bench:check                        counts, and ratios of CPU time against the bare socket and node:http
 *     npm run bench:check -- --counts            only the counts; other programs may run meanwhile
 *     npm run bench:check -- --update            writes the baseline
 *
 * The baseline has a part for each major version of Node. Update it in a commit that says why, when a figure has improved or
 * must get worse.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ROOT } from '../end-to-end/places.ts';
import { installTools } from '../end-to-end/tools.ts';
import { type Comparison, compare, type Figures, missing, TOLERANCE } from './comparison.ts';
import {
  heapPerConnection,
  heapPerOneRequest,
  heapPerRequest,
  syscallsPerOneRequest,
  syscallsPerRequest,
} from './counts.ts';
import { cpuRatios } from './cpu-ratios.ts';

const BASELINE = join(ROOT, 'bench', 'baseline.json');
const PART = `node${process.versions.node.split('.', 1)[0]}`;

type Baseline = Record<string, Figures>;

try {
  await main();
} catch (error) {
  console.error(`bench:check: ${(error as Error).message}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: { type: 'boolean' }, counts: { type: 'boolean' } } });
  const countsOnly = values.counts === true;
  const baseline: Baseline = existsSync(BASELINE) ? JSON.parse(readFileSync(BASELINE, 'utf8')) : {};
  const former = baseline[PART];
  if (former === undefined && !values.update) {
    throw new Error(`${BASELINE} has nothing about ${PART}; --update writes it.`);
  }

  const absent = installTools(countsOnly ? [] : ['wrk'], ['strace']);
  const measured: Record<string, number> = {};
  const take = (figures: Figures) => {
    Object.assign(measured, figures);
    for (const comparison of compare(figures, former ?? {})) console.log(line(comparison));
  };
  if (!absent.has('strace')) {
    take(await syscallsPerRequest());
    take(await syscallsPerOneRequest());
  }
  take(await heapPerRequest());
  take(await heapPerConnection());
  take(await heapPerOneRequest());
  if (!countsOnly) take(await cpuRatios());

  if (values.update) {
    const figures = { ...former, ...measured };
    const parts = Object.entries({ ...baseline, [PART]: figures }).sort(([a], [b]) => a.localeCompare(b));
    writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(parts), null, 2)}\n`);
    console.log(`Written: ${BASELINE}`);
    return;
  }
  conclude(measured, former ?? {}, countsOnly);
}

function conclude(measured: Figures, former: Figures, countsOnly: boolean): void {
  const worse = compare(measured, former).filter(({ verdict }) => verdict === 'worse');
  const skipped = missing(measured, former).filter((name) => !(countsOnly && name.includes('CPU')));
  for (const name of skipped) console.log(`not measured: ${name}`);
  if (worse.length > 0) {
    const percent = `${TOLERANCE * 100} %`;
    console.log(
      `\n${worse.length} of ${Object.keys(measured).length} are more than ${percent} worse than the baseline:`,
    );
    for (const comparison of worse) console.log(line(comparison));
  }
  process.exitCode = worse.length > 0 || skipped.length > 0 ? 1 : 0;
}

function line({ name, value, baseline, verdict }: Comparison): string {
  const change =
    baseline === undefined || baseline === 0 ? '' : `${((value / baseline - 1) * 100).toFixed(1)} %`;
  return [
    verdict.padEnd(7),
    name.padEnd(52),
    String(value).padStart(9),
    `(${baseline ?? 'no baseline'})`.padStart(14),
    change.padStart(9),
  ].join(' ');
}
