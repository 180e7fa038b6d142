/**
 * Fuzzes Serval with mutated messages until an invariant breaks or the time is over. docs/FUZZING.md lists the invariants.
 *
 *     npm run fuzz                            one minute, all modes
 *     npm run fuzz -- --minutes 20 --mode core
 *     npm run fuzz -- --seed 7 --mode server
 *     npm run fuzz -- --mode responses        the client's end of the core
 *     npm run fuzz -- --mode http2            the server's end of HTTP/2; http2-responses and hpack for the other parts
 *     npm run fuzz -- --mode differential     Serval and node:http, message by message
 *     npm run fuzz -- --mode http2-differential   Serval and node:http2, script by script
 *     npm run fuzz -- --corpus other/folder   start from other messages
 *     npm run fuzz -- --seed 8 --jobs 1       the core on one processor core: only the messages of seed 8
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Failure } from './broken.ts';
import { fuzzCoreOnCores } from './core-jobs.ts';
import { CORE_MODES, type CoreMode } from './core-modes.ts';
import { readCorpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { fuzzDifferentially } from './differential-campaign.ts';
import type { DifferentialOutcome } from './disagreements.ts';
import { fuzzHttp2Differentially } from './http2/differential.ts';
import { grouped, reportFailure } from './report.ts';
import { fuzzServer, type ServerOptions } from './server-campaign.ts';

const MODES = [...Object.keys(CORE_MODES), 'server', 'differential', 'http2-differential', 'all'];

const OPTIONS = {
  minutes: { type: 'string', default: '1' },
  seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  mode: { type: 'string', default: 'all' },
  corpus: { type: 'string' },
  jobs: { type: 'string', default: String(availableParallelism()) },
  help: { type: 'boolean', short: 'h' },
} as const;

const USAGE = `usage: npm run fuzz -- [--minutes N] [--seed N] [--jobs N] [--mode ${MODES.join('|')}] [--corpus DIR]`;

const values = readOptions();
const minutes = Number(values.minutes);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
const { mode } = values;

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (!(minutes > 0)) misuse(`--minutes: expected a number above 0, got "${values.minutes}"`);
if (!Number.isSafeInteger(seed)) misuse(`--seed: expected an integer, got "${values.seed}"`);
if (!(Number.isSafeInteger(jobs) && jobs > 0))
  misuse(`--jobs: expected an integer from 1, got "${values.jobs}"`);
if (!MODES.includes(mode)) misuse(`--mode: expected one of those below, got "${mode}"`);
if (values.corpus !== undefined && !existsSync(values.corpus))
  misuse(`--corpus: "${values.corpus}" does not exist`);

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    return misuse((error as Error).message.split('. ')[0]!);
  }
}

function misuse(message: string): never {
  console.error(`fuzz: ${message}\n${USAGE}`);
  process.exit(2);
}

const given = values.corpus === undefined ? undefined : readCorpus(values.corpus).map(({ octets }) => octets);
const corpus = given ?? CORE_MODES.core.corpus();
console.log(`seed ${seed}`);
const share = (part: number) => minutes * 60_000 * (mode === 'all' ? part : 1);

/** Parts of the time for the modes that need no socket. */
const PARTS: Readonly<Record<CoreMode, number>> = {
  core: 0.4,
  responses: 0.05,
  http2: 0.15,
  'http2-responses': 0.05,
  hpack: 0.05,
};

for (const [name, { corpus: messages }] of Object.entries(CORE_MODES) as [
  CoreMode,
  (typeof CORE_MODES)[CoreMode],
][])
  if (mode === name || mode === 'all') await runCore(name, given ?? messages(), share(PARTS[name]));
if (mode === 'server' || mode === 'all') await runServer(share(0.1));
if (mode === 'differential' || mode === 'all')
  await runDifferential('differential', () => fuzzDifferentially(until(corpus, share(0.1))));
if (mode === 'http2-differential' || mode === 'all')
  await runDifferential('http2-differential', () =>
    fuzzHttp2Differentially(until(given ?? CORE_MODES.http2.corpus(), share(0.1))),
  );

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

function until(messages: readonly Buffer[], milliseconds: number): ServerOptions {
  return { seed, corpus: messages, milliseconds, executions: Infinity };
}

async function runDifferential(name: string, run: () => Promise<DifferentialOutcome>): Promise<void> {
  const { executions, seconds, report, unexplained } = await run();
  const rate = grouped(Math.round(executions / seconds));
  console.log(
    `\n${name}: ${grouped(executions)} messages in ${seconds.toFixed(1)} s, ${rate}/s, seed ${seed}`,
  );
  console.log(report);
  for (const { message, ...failure } of unexplained) fail(name, message, failure);
}

function fail(name: string, message: Uint8Array, failure: Failure & { seed?: number }): void {
  reportFailure(name, failure.seed ?? seed, message, failure);
  process.exitCode = 1;
}
