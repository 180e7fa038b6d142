/**
 * An open loop: requests are sent at random times at a fixed rate, whether earlier ones have been answered or not, as by a
 * crowd of independent clients. Only this causes overload; clients that wait for their responses slow down instead.
 */
import { Client } from '../../src/client/index.ts';
import { percentiles } from '../../test/support/load.ts';

export interface OpenLoop {
  readonly url: string;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Seconds at the beginning that are not counted. */
  readonly settling: number;
  /** Milliseconds after which a client stops waiting. */
  readonly patience: number;
}

/** Counts per second of the requests that were sent after settling. */
export interface Outcome {
  readonly offered: number;
  readonly answered: number;
  /** Answered 503. */
  readonly refused: number;
  /** Without a response within the patience. */
  readonly late: number;
  readonly failed: number;
  /** Milliseconds from the planned time of a request to the last byte of its response. */
  readonly p50: number;
  readonly p99: number;
  /** How late requests were sent, in milliseconds, at the 99th percentile. If it is large, the load generator was too slow. */
  readonly lag: number;
}

type Kind = 'answered' | 'refused' | 'late' | 'failed';

export async function openLoop({ url, rate, seconds, settling, patience }: OpenLoop): Promise<Outcome> {
  await using client = new Client({ limits: { maxConnections: 8_192 }, decode: false });
  const counts: Record<Kind, number> = { answered: 0, refused: 0, late: 0, failed: 0 };
  const times: number[] = [];
  const lags: number[] = [];
  const random = sequence(1);
  const under: Promise<void>[] = [];
  const start = performance.now();
  const end = start + seconds * 1_000;
  const countedFrom = start + settling * 1_000;

  const ask = async (due: number): Promise<void> => {
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(due + patience - performance.now())));
    const isCounted = due >= countedFrom;
    if (isCounted) lags.push(performance.now() - due);
    const kind = await outcomeOf(client, url, signal);
    if (!isCounted) return;
    const time = performance.now() - due;
    const isInTime = kind === 'answered' && time <= patience;
    counts[kind === 'answered' && !isInTime ? 'late' : kind]++;
    if (isInTime) times.push(time);
  };
  // Random arrivals at a fixed rate have exponentially distributed gaps.
  const gap = () => (-Math.log(1 - random()) / rate) * 1_000;
  for (let due = start + gap(); due < end; due += gap()) {
    while (performance.now() < due)
      await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
    under.push(ask(due));
  }
  await Promise.all(under);

  const per = (count: number) => count / (seconds - settling);
  const { p50, p99 } = percentiles(times);
  return {
    offered: per(counts.answered + counts.refused + counts.late + counts.failed),
    answered: per(counts.answered),
    refused: per(counts.refused),
    late: per(counts.late),
    failed: per(counts.failed),
    p50,
    p99,
    lag: percentiles(lags).p99,
  };
}

async function outcomeOf(client: Client, url: string, signal: AbortSignal): Promise<Kind> {
  try {
    const response = await client.fetch(url, { signal });
    await response.arrayBuffer();
    return response.status === 200 ? 'answered' : response.status === 503 ? 'refused' : 'failed';
  } catch {
    return signal.aborted ? 'late' : 'failed';
  }
}

/** Numbers from 0 to 1, the same each time (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
