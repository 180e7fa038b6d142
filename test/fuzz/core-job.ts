/** A thread of `core-jobs.ts`: one campaign, from one seed. */
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzCore } from './core-campaign.ts';
import type { CoreJob, CoreJobResult } from './core-jobs.ts';
import { CORE_MODES } from './core-modes.ts';
import { Coverage } from './coverage.ts';

const { mode, corpus, ...job } = workerData as CoreJob;
const coverage = mode === 'core' ? new Coverage() : undefined;
const { target, vocabulary } = CORE_MODES[mode];

const { executions, seconds, signatures, outcomes, pool, failure } = await fuzzCore({
  ...job,
  executions: Number.POSITIVE_INFINITY,
  corpus: corpus.map((message) => Buffer.from(message)),
  ...{ target, vocabulary },
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
