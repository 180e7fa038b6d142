/** A thread of `core-jobs.ts`: one campaign, from one seed. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzCore } from './core-campaign.ts';
import type { CoreJob, CoreJobResult } from './core-jobs.ts';
import { Coverage } from './coverage.ts';
import { RESPONSE_VOCABULARY } from './dictionary.ts';
import type { Random } from './random.ts';
import { ResponseTarget } from './response-target.ts';

const { mode, corpus, ...job } = workerData as CoreJob;
const coverage = mode === 'core' ? new Coverage() : undefined;
const responses = { target: (random: Random) => new ResponseTarget(random), vocabulary: RESPONSE_VOCABULARY };

const { executions, seconds, signatures, outcomes, pool, failure } = await fuzzCore({
  ...job,
  executions: Number.POSITIVE_INFINITY,
  corpus: corpus.map((message) => Buffer.from(message)),
  ...(mode === 'responses' && responses),
  ...(coverage && { coverage }),
});
await coverage?.stop();
const result: CoreJobResult = {
  ...{ executions, seconds, signatures },
  outcomes: outcomes.entries(),
  found: pool.found,
  ...(failure && { failure }),
};
parentPort!.postMessage(result);
