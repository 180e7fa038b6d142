/** Kills workers under load, one after the other, and counts the lost requests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckingClient, type Failure } from '../../support/checking-client.ts';
import { percentiles } from '../../support/load.ts';
import { requestMix } from '../pool/requests.ts';
import { attribute } from './attribution.ts';
import type { Changes, Outcome } from './changes.ts';

export interface Kills extends Omit<Changes, 'requests' | 'wrk'> {
  readonly isBehindHaproxy: boolean;
}

/** The supervisor delays the replacement of a worker that lived for less than 5 seconds. */
const LIFE_MS = 5_500;

export async function killWorkers(
  { where, pool, port, load, times, isBehindHaproxy }: Kills,
  print: (text: string) => void,
): Promise<Outcome> {
  // No streams: HAProxy cannot repeat a request whose response has begun.
  const request = requestMix({ streams: !isBehindHaproxy });
  const client = new CheckingClient({ port, ...load, request });
  const failed: Failure[] = [];
  const faults: string[] = [];
  const own = { inFlight: 0, lost: 0 };
  const fresh = { inFlight: 0, lost: 0 };
  let requests = 0;
  let slowest = 0;
  const began = performance.now();
  const settle = () => {
    const report = client.take();
    requests += report.requests;
    slowest = Math.max(slowest, report.latency.most || 0);
    failed.push(...report.failed);
    return report.failed;
  };
  for (let kills = 0; kills < times; kills++) {
    await sleep(LIFE_MS);
    const before = settle();
    if (before.length > 0) faults.push(`${before.length} requests failed before a kill`);
    const [victim] = await pool.workers();
    const inFlight = client.inFlight();
    await pool.signal(victim!, 'SIGKILL');
    const lost = settle();
    if (isBehindHaproxy) {
      const repeatable = lost.filter(({ isIdempotent }) => isIdempotent);
      if (repeatable.length > 0) faults.push(`kill ${kills + 1}: ${kindsOf(repeatable)} could be sent again`);
      own.inFlight += inFlight.filter(({ isIdempotent }) => !isIdempotent).length;
      own.lost += lost.length - repeatable.length;
    } else {
      const loss = attribute(victim!.pid, inFlight, lost);
      for (const [sum, one] of [
        [own, loss.own],
        [fresh, loss.fresh],
      ] as const) {
        sum.inFlight += one.inFlight;
        sum.lost += one.lost;
      }
      if (loss.strange.length > 0) faults.push(`kill ${kills + 1}: ${kindsOf(loss.strange)} of others`);
    }
    print(`${kills + 1} kills, ${failed.length} requests lost`);
  }
  await client.stop().then((report) => {
    requests += report.requests;
    failed.push(...report.failed);
  });
  const failures = new Map<string, number>();
  for (const { kind } of failed) failures.set(kind, (failures.get(kind) ?? 0) + 1);
  const remarks = isBehindHaproxy
    ? `${own.lost} POSTs lost of ${own.inFlight} in flight on any connection`
    : `lost ${own.lost} of ${own.inFlight} in flight on its connections, ${fresh.lost} of ${fresh.inFlight} on new ones`;
  const latency = { ...percentiles([]), most: slowest };
  const report = { requests, seconds: (performance.now() - began) / 1_000, failures, latency };
  return { row: { where, what: `${times} SIGKILL`, report, remarks }, faults };
}

function kindsOf(failures: readonly Failure[]): string {
  return failures
    .map(({ kind, worker, isIdempotent }) => `${kind} (${worker ?? 'new'}${isIdempotent ? '' : ', POST'})`)
    .join(', ');
}
