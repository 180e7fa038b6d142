/**
 * Fuzzes Serval with mutated messages until an invariant breaks or the time is over. docs/FUZZING.md lists the invariants.
 *
 *     npm run fuzz                            one minute, all modes
 *     npm run fuzz -- --minutes 20 --mode core
 *     npm run fuzz -- --seed 7 --mode server
 *     npm run fuzz -- --mode responses        the client's end of the core
 *     npm run fuzz -- --mode differential     Serval and node:http, message by message
 *     npm run fuzz -- --corpus other/folder   start from other messages
 *     npm run fuzz -- --seed 8 --jobs 1       the core on one processor core: only the messages of seed 8
 */
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Failure } from './broken.ts';
import { type CoreMode, fuzzCoreOnCores } from './core-jobs.ts';
import { CORPUS, RESPONSE_CORPUS, readCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { fuzzDifferentially } from './differential-campaign.ts';
import { grouped, reportFailure } from './report.ts';
import { fuzzServer } from './server-campaign.ts';

const MODES = ['core', 'responses', 'server', 'differential', 'all'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    mode: { type: 'string', default: 'all' },
    corpus: { type: 'string', default: CORPUS },
    jobs: { type: 'string', default: String(availableParallelism()) },
  },
});

const minutes = Number(values.minutes);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
const { mode } = values;

if (
  !(minutes > 0) ||
  !Number.isSafeInteger(seed) ||
  !(Number.isSafeInteger(jobs) && jobs > 0) ||
  !MODES.includes(mode)
) {
  console.error(
    'usage: npm run fuzz -- [--minutes N] [--seed N] [--jobs N] [--mode core|responses|server|differential|all] [--corpus DIR]',
  );
  process.exit(2);
}

const messagesIn = (folder: string) => readCorpus(folder).map(({ octets }) => octets);
const corpus = messagesIn(values.corpus);
const responses = values.corpus === CORPUS ? messagesIn(RESPONSE_CORPUS) : corpus;
console.log(`seed ${seed}, ${corpus.length} messages in the corpus`);
const share = (part: number) => minutes * 60_000 * (mode === 'all' ? part : 1);

if (mode === 'core' || mode === 'all') await runCore('core', corpus, share(0.7));
if (mode === 'responses' || mode === 'all') await runCore('responses', responses, share(0.1));
if (mode === 'server' || mode === 'all') await runServer(share(0.1));
if (mode === 'differential' || mode === 'all') await runDifferential(share(0.1));

async function runCore(end: CoreMode, messages: readonly Buffer[], milliseconds: number): Promise<void> {
  const result = await fuzzCoreOnCores({ mode: end, seed, corpus: messages, milliseconds }, jobs);
  const { executions, seconds, signatures, outcomes, found, failures } = result;
  const rate = grouped(Math.round(executions / seconds));
  const seeds = jobs === 1 ? `seed ${seed}` : `seeds ${seed} to ${seed + jobs - 1}`;
  console.log(`\n${end}: ${grouped(executions)} executions in ${seconds.toFixed(1)} s, ${rate}/s, ${seeds}`);
  console.log(`${grouped(signatures)} signatures, ${outcomes.size} outcomes:\n${outcomes.table()}`);
  for (const { message, ...failure } of failures) fail(end, message, failure);
  if (end === 'core' && failures.length === 0) await tellCoverage([...messages, ...found]);
}

async function tellCoverage(messages: readonly Buffer[]): Promise<void> {
  const coverage = new Coverage();
  await coverage.reaches(messages);
  await coverage.stop();
  console.log(`${grouped(coverage.reached)} characters of the compiled core reached; not reached:`);
  for (const place of coverage.unreached) console.log(`  ${place}`);
}

async function runServer(milliseconds: number): Promise<void> {
  const result = await fuzzServer({ seed, corpus, milliseconds, executions: Infinity });
  const { executions, seconds, outcomes } = result;
  const rate = grouped(Math.round(executions / seconds));
  console.log(
    `\nserver: ${grouped(executions)} connections in ${seconds.toFixed(1)} s, ${rate}/s, seed ${seed}`,
  );
  console.log(`${outcomes.table()}\n${result.memory}`);
  if (result.failure !== undefined) fail('server', result.failure.message, result.failure);
}

async function runDifferential(milliseconds: number): Promise<void> {
  const result = await fuzzDifferentially({ seed, corpus, milliseconds, executions: Infinity });
  const { executions, seconds } = result;
  const rate = grouped(Math.round(executions / seconds));
  console.log(
    `\ndifferential: ${grouped(executions)} messages in ${seconds.toFixed(1)} s, ${rate}/s, seed ${seed}`,
  );
  console.log(result.report);
  for (const { message, ...failure } of result.unexplained) fail('differential', message, failure);
}

function fail(name: string, message: Uint8Array, failure: Failure & { seed?: number }): void {
  reportFailure(name, failure.seed ?? seed, message, failure);
  process.exitCode = 1;
}
