/** A core campaign on several processor cores: a thread for each, with its own seed. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Failure } from './broken.ts';
import type { CoreMode } from './core-modes.ts';
import { Counts } from './report.ts';

/** The input of a thread. */
export interface CoreJob {
  readonly mode: CoreMode;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  readonly milliseconds: number;
}

/** The result of a thread. */
export interface CoreJobResult {
  readonly executions: number;
  readonly seconds: number;
  readonly signatures: ReadonlySet<number>;
  readonly outcomes: readonly (readonly [name: string, count: number])[];
  /** Messages that took a new path. */
  readonly found: readonly Uint8Array[];
  readonly failure?: Failure & { readonly message: Uint8Array };
}

export interface CoreJobsOutcome {
  readonly executions: number;
  readonly seconds: number;
  readonly signatures: number;
  readonly outcomes: Counts;
  readonly found: readonly Buffer[];
  readonly failures: readonly (Failure & { readonly message: Uint8Array; readonly seed: number })[];
}

/** @param jobs the number of threads; their seeds are `job.seed` and the following numbers. */
export async function fuzzCoreOnCores(job: CoreJob, jobs: number): Promise<CoreJobsOutcome> {
  const seeds = Array.from({ length: jobs }, (_, index) => job.seed + index);
  const results = await Promise.all(seeds.map((seed) => run({ ...job, seed })));
  const signatures = new Set<number>();
  const outcomes = new Counts();
  for (const result of results) {
    for (const signature of result.signatures) signatures.add(signature);
    for (const [name, count] of result.outcomes) outcomes.add(name, count);
  }
  return {
    executions: results.reduce((sum, { executions }) => sum + executions, 0),
    seconds: Math.max(...results.map(({ seconds }) => seconds)),
    signatures: signatures.size,
    outcomes,
    found: results.flatMap(({ found }) => found.map((message) => Buffer.from(message))),
    failures: results.flatMap(({ failure }, index) =>
      failure === undefined ? [] : [{ ...failure, seed: seeds[index]! }],
    ),
  };
}

async function run(job: CoreJob): Promise<CoreJobResult> {
  const worker = new Worker(new URL('./core-job.js', import.meta.url), { workerData: job });
  const [result] = (await once(worker, 'message')) as [CoreJobResult];
  await worker.terminate();
  return result;
}
