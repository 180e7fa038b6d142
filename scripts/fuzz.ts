/**
 * Throws changed messages at Serval until something breaks or the time is over. What it checks: docs/FUZZING.md.
 *
 *     npm run fuzz                            one minute of everything
 *     npm run fuzz -- --minutes 20 --mode core
 *     npm run fuzz -- --seed 7 --mode server
 *     npm run fuzz -- --mode responses        the client's end of the core
 *     npm run fuzz -- --mode differential     Serval and node:http, message by message
 *     npm run fuzz -- --corpus other/folder   start from other messages
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fuzzCore } from './fuzz/core-campaign.ts';
import { CORPUS, RESPONSE_CORPUS, readCorpus } from './fuzz/corpus.ts';
import { Coverage } from './fuzz/coverage.ts';
import { RESPONSE_VOCABULARY } from './fuzz/dictionary.ts';
import { fuzzDifferentially } from './fuzz/differential-campaign.ts';
import { disagreementsTable } from './fuzz/disagreements-table.ts';
import type { Random } from './fuzz/random.ts';
import { grouped, reportFailure } from './fuzz/report.ts';
import { ResponseTarget } from './fuzz/response-target.ts';
import { fuzzServer } from './fuzz/server-campaign.ts';

const MODES = ['core', 'responses', 'server', 'differential', 'all'];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    mode: { type: 'string', default: 'all' },
    corpus: { type: 'string', default: CORPUS },
    table: { type: 'boolean', default: false },
  },
});

const minutes = Number(values.minutes);
const seed = Number(values.seed);
const { mode } = values;

if (!(minutes > 0) || !Number.isSafeInteger(seed) || !MODES.includes(mode)) {
  console.error(
    'usage: npm run fuzz -- [--minutes N] [--seed N] [--mode core|responses|server|differential|all] [--corpus DIR]',
  );
  process.exit(2);
}
if (values.table) {
  console.log(disagreementsTable());
  process.exit(0);
}

const corpus = readCorpus(values.corpus).map(({ octets }) => octets);
console.log(`seed ${seed}, ${corpus.length} messages to begin with`);
const share = (part: number) => minutes * 60_000 * (mode === 'all' ? part : 1);

if (mode === 'core' || mode === 'all') await runCore(share(0.4));
if (mode === 'responses' || mode === 'all') await runResponses(share(0.2));
if (mode === 'server' || mode === 'all') await runServer(share(0.2));
if (mode === 'differential' || mode === 'all') await runDifferential(share(0.2));

async function runCore(milliseconds: number): Promise<void> {
  const coverage = new Coverage();
  const result = await fuzzCore({ seed, corpus, milliseconds, executions: Infinity, coverage });
  if (result.failure === undefined) await coverage.reaches([...corpus, ...result.pool.found]);
  await coverage.stop();
  const { executions, seconds, signatures, outcomes } = result;
  const rate = grouped(Math.round(executions / seconds));
  console.log(
    `\ncore: ${grouped(executions)} executions in ${seconds.toFixed(1)} s, ${rate}/s, seed ${seed}`,
  );
  console.log(`${grouped(signatures)} signatures, ${outcomes.size} outcomes:\n${outcomes.table()}`);
  if (result.failure !== undefined) return fail('core', result.failure.message, result.failure);
  console.log(`${grouped(coverage.reached)} characters of the compiled core reached; not reached:`);
  for (const place of coverage.unreached) console.log(`  ${place}`);
}

async function runResponses(milliseconds: number): Promise<void> {
  const folder = values.corpus === CORPUS ? RESPONSE_CORPUS : values.corpus;
  const messages = readCorpus(folder).map(({ octets }) => octets);
  const target = (random: Random) => new ResponseTarget(random);
  const options = { target, vocabulary: RESPONSE_VOCABULARY, corpus: messages };
  const result = await fuzzCore({ ...options, seed, milliseconds, executions: Infinity });
  const { executions, seconds, signatures, outcomes } = result;
  const rate = grouped(Math.round(executions / seconds));
  console.log(
    `\nresponses: ${grouped(executions)} executions in ${seconds.toFixed(1)} s, ${rate}/s, seed ${seed}`,
  );
  console.log(`${grouped(signatures)} signatures, ${outcomes.size} outcomes:\n${outcomes.table()}`);
  if (result.failure !== undefined) fail('responses', result.failure.message, result.failure);
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

function fail(name: string, message: Uint8Array, failure: { invariant: string; detail: string }): void {
  reportFailure(name, seed, message, failure);
  process.exitCode = 1;
}
