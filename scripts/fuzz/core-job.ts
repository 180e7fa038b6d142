/** The thread behind `core-jobs.ts`: one campaign, from one seed. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzCore } from './core-campaign.ts';
import type { CoreJob, CoreJobResult } from './core-jobs.ts';
import { Coverage } from './coverage.ts';
import { RESPONSE_VOCABULARY } from './dictionary.ts';
import type { Random } from './random.ts';
import { ResponseTarget } from './response-target.ts';

const { mode, seed, milliseconds, corpus } = workerData as CoreJob;
const options = {
  seed,
  milliseconds,
  executions: Number.POSITIVE_INFINITY,
  corpus: corpus.map((message) => Buffer.from(message)),
};

parentPort!.postMessage(await campaign());

async function campaign(): Promise<CoreJobResult> {
  const coverage = mode === 'core' ? new Coverage() : undefined;
  const target = (random: Random) => new ResponseTarget(random);
  const { executions, seconds, signatures, outcomes, pool, failure } =
    coverage === undefined
      ? await fuzzCore({ ...options, target, vocabulary: RESPONSE_VOCABULARY })
      : await fuzzCore({ ...options, coverage });
  await coverage?.stop();
  return {
    executions,
    seconds,
    signatures: [...signatures],
    outcomes: outcomes.entries(),
    found: pool.found,
    ...(failure !== undefined && { failure }),
  };
}
