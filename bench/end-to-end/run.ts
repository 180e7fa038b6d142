/** The rounds: A B C … A B C …, one server at a time. */

import { type Durations, estimatedSeconds } from './durations.ts';
import type { Sample } from './measured.ts';
import { measure } from './measurement.ts';
import { ROOT } from './places.ts';
import { type Contender, type Plan, type PlannedCase, planSeconds } from './plan.ts';
import { describe, Progress } from './progress.ts';
import { type CaseResult, type ContenderRecord, describeCheckout, describeMachine } from './results.ts';
import type { Site } from './site.ts';
import { undisturbed } from './undisturbed.ts';

/**
 * Measures one case after the other. A server that fails is reported and skipped in the following rounds.
 *
 * @param shared other processes may use the cores.
 * @param onCase receives the result of each finished case, so an interrupted run keeps them.
 */
export async function run(
  plan: Plan,
  site: Site,
  durations: Durations,
  shared: boolean,
  onCase: (id: string, result: CaseResult) => void,
): Promise<void> {
  const progress = new Progress(planSeconds(plan, durations));
  for (const planned of plan.cases) {
    onCase(planned.bench.id, await runCase(planned, site, durations, shared, progress));
  }
}

async function runCase(
  { bench, contenders, rounds }: PlannedCase,
  site: Site,
  durations: Durations,
  shared: boolean,
  progress: Progress,
): Promise<CaseResult> {
  const samples: Sample[] = [];
  const failures: Record<string, string> = {};
  const seconds = estimatedSeconds(bench, durations);
  for (let round = 1; round <= rounds; round++) {
    for (const contender of contenders) {
      if (round > contender.mostRounds) continue;
      const what = `${bench.id} ${round}/${Math.min(rounds, contender.mostRounds)}  ${contender.label}`;
      if (failures[contender.key] !== undefined) {
        progress.step(what, seconds, 'skipped');
        continue;
      }
      try {
        const measured = await undisturbed(() => measure(bench, contender, site, durations), shared);
        samples.push(...measured.map((one) => ({ round, contender: contender.key, ...one })));
        progress.step(what, seconds, describe(measured));
      } catch (error) {
        failures[contender.key] = (error as Error).message;
        progress.step(what, seconds, `FAILED, skipped: ${(error as Error).message}`);
      }
    }
  }
  return {
    title: bench.title,
    date: new Date().toISOString(),
    commit: describeCheckout(ROOT),
    machine: describeMachine(),
    rounds,
    warmUpSeconds: durations.warmUp,
    countedSeconds: durations.counted,
    connections: bench.connections,
    pipelined: bench.pipelined,
    contenders: Object.fromEntries(contenders.map((contender) => [contender.key, record(contender)])),
    samples,
    failures,
  };
}

function record({ label, server, runtime }: Contender): ContenderRecord {
  const own = server.version();
  const parts = [own === '' ? '' : `${server.label} ${own}`];
  if (runtime !== undefined) parts.push(`${runtime.kind} ${runtime.version}`);
  return { label, version: parts.filter((part) => part !== '').join(', ') };
}
