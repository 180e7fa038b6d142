/**
 * A load that looks at what it gets: so many connections, each asking again as soon as it is answered, every octet of every
 * answer compared with what it should be. What goes wrong is counted by kind, and how long the answers took is told in
 * percentiles. It is as fast as the client that it is made of; for the last per cent of a server there is wrk.
 */
import { Client, type FetchInit } from '../../src/client/index.ts';
import { codeOf } from '../../src/fetch/errors.ts';

export interface LoadOptions {
  readonly connections: number;
  /** Ends after so many requests, or so many milliseconds; whichever comes first. */
  readonly requests?: number;
  readonly milliseconds?: number;
  /** The request with this number. */
  readonly request: (number: number) => LoadRequest;
}

export interface LoadRequest {
  readonly url: string;
  readonly init?: FetchInit;
  readonly status: number;
  readonly content: Uint8Array;
}

export interface LoadReport {
  readonly requests: number;
  readonly seconds: number;
  /** How often each thing went wrong: the code of an error, `status 500`, `other octets`. Empty when nothing did. */
  readonly failures: ReadonlyMap<string, number>;
  /** Milliseconds until the last octet of the answers that were right. */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
    readonly most: number;
  };
}

export async function load(options: LoadOptions): Promise<LoadReport> {
  const { connections, requests = Infinity, milliseconds = Infinity, request } = options;
  if (requests === Infinity && milliseconds === Infinity)
    throw new RangeError('load: neither requests nor milliseconds');
  await using client = new Client({ limits: { maxConnections: connections }, decode: false });
  const latencies: number[] = [];
  const failures = new Map<string, number>();
  const start = performance.now();
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < requests && performance.now() - start < milliseconds) {
      const what = request(begun++);
      const sentAt = performance.now();
      const failure = await ask(client, what);
      if (failure === undefined) latencies.push(performance.now() - sentAt);
      else failures.set(failure, (failures.get(failure) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const seconds = (performance.now() - start) / 1_000;
  return { requests: begun, seconds, failures, latency: percentiles(latencies) };
}

/** @returns what went wrong. */
async function ask(client: Client, { url, init, status, content }: LoadRequest): Promise<string | undefined> {
  try {
    const response = await client.fetch(url, init);
    const octets = new Uint8Array(await response.arrayBuffer());
    if (response.status !== status) return `status ${response.status}`;
    return Buffer.compare(octets, content) === 0 ? undefined : 'other octets';
  } catch (error) {
    return String(codeOf(error) ?? (error as Error).name);
  }
}

export function percentiles(times: readonly number[]): LoadReport['latency'] {
  const sorted = Float64Array.from(times).sort();
  const at = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), most: at(1) };
}
