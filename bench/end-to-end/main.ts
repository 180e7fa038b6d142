/**
 * `npm run bench`: measures Serval beside its peers and writes the results.
 *
 *     npm run bench -- --help
 */
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { type BenchArguments, parseArguments, UsageError } from './arguments.ts';
import { type BenchCase, CASES, isHttp2, isSecure } from './cases.ts';
import { helpText } from './help.ts';
import { RESULTS } from './places.ts';
import { makePlan, type Plan, planSeconds } from './plan.ts';
import { duration } from './progress.ts';
import { markdown } from './report/markdown.ts';
import { writeReport } from './report/report.ts';
import { merge, type Results, readResults } from './results.ts';
import { run } from './run.ts';
import { otherServal } from './servers.ts';
import { makeSite } from './site.ts';
import { compileFloor, installPeers, installTools, makeCertificate } from './tools.ts';

const ORDER = CASES.map(({ id }) => id);

process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  const { message, stack } = error as Error;
  console.error(process.env['BENCH_STACK'] === undefined ? `bench: ${message}` : stack);
  process.exit(error instanceof UsageError ? 2 : 1);
}

async function main(options: BenchArguments): Promise<void> {
  if (options.help) return console.log(helpText());
  if (os.platform() !== 'linux')
    throw new Error('it reads /proc and pins processes to cores, which works on Linux only.');
  installPeers();
  const other = options.against === undefined ? undefined : otherServal(resolve(options.against));
  const whole = makePlan({ ...options, other });
  const plan = withoutMissingTools(whole, options.list);
  for (const line of plan.skipped) console.log(`Skipped: ${line}`);
  if (plan.cases.length === 0) throw new Error('no case is left to measure.');
  if (options.list) return list(plan, options);
  if (os.availableParallelism() < 2)
    throw new Error('it needs two cores: one for the server, one for the load.');

  const site = makeSite();
  if (plan.cases.some(({ contenders }) => contenders.some(({ key }) => key === 'c-epoll')))
    compileFloor(site);
  if (plan.cases.some(({ bench }) => isSecure(bench.over))) makeCertificate(site);
  const folder = resolve(options.results ?? RESULTS);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'latest.json');
  let results: Results = options.merge ? readResults(file) : { format: 1, cases: {} };
  console.log(`${duration(planSeconds(plan, options))} for everything; results go to ${folder}`);
  await run(plan, site, options, options.shared, (id, result) => {
    results = merge(results, { format: 1, cases: { [id]: result } }, ORDER);
    writeReport(folder, results);
  });
  console.log(`\n${markdown(results)}`);
}

/** Installs the programs of the plan, and drops servers whose program cannot be installed. */
function withoutMissingTools(plan: Plan, onlyList: boolean): Plan {
  if (onlyList) return plan;
  const tools = plan.cases.flatMap(({ contenders }) => contenders.flatMap(({ server }) => server.tool ?? []));
  const needed = new Set(plan.cases.map(({ bench }) => loadProgram(bench)));
  if (plan.cases.some(({ bench }) => isSecure(bench.over))) needed.add('openssl');
  const missing = installTools([...needed], [...new Set(tools)]);
  const skipped = [...plan.skipped, ...[...missing].map((tool) => `${tool} is not installed`)];
  const cases = plan.cases.map((planned) => ({
    ...planned,
    contenders: planned.contenders.filter(({ server: { tool } }) => tool === undefined || !missing.has(tool)),
  }));
  return { cases, skipped };
}

/** The Debian package of a case's load generator. */
function loadProgram({ kind, over }: BenchCase): string {
  if (kind === 'handshakes') return 'openssl';
  return isHttp2(over) ? 'nghttp2-client' : 'wrk';
}

function list(plan: Plan, options: BenchArguments): void {
  for (const planned of plan.cases) {
    const seconds = planSeconds({ cases: [planned], skipped: [] }, options);
    console.log(`\n${planned.bench.id}: ${planned.bench.title} (${duration(seconds)})`);
    for (const { label, key, mostRounds } of planned.contenders) {
      const rounds = Math.min(planned.rounds, mostRounds);
      console.log(`  ${key.padEnd(30)} ${label.padEnd(46)} ${rounds} rounds`);
    }
  }
  console.log(`\n${duration(planSeconds(plan, options))} for everything`);
}
