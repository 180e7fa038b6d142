/** What a server tells of itself, as JSON. */
import process from 'node:process';
import type { LimitCounts, Limited } from '../limit/limit.ts';
import type { ServerCounts, ServerStatus } from '../server/status.ts';
import type { DescriptorCounts, Descriptors } from './descriptors.ts';
import type { EventLoopDelay, EventLoopDelays } from './event-loop-delay.ts';

export type Readiness = 'ready' | 'starting' | 'draining' | 'busy' | 'not ready';

export interface HealthReport {
  readonly status: Readiness;
  /** Of the process, in seconds. */
  readonly uptime: number;
  /** Of the server that answers, or of the one that was named; absent where the handler runs in somebody else's server. */
  readonly server?: ServerCounts;
  /** Of `serval/limit`. */
  readonly limit?: LimitCounts;
  /** Absent where the runtime does not measure it. */
  readonly eventLoopDelay?: EventLoopDelays;
  /** In octets. Absent when there is no file descriptor left to ask the system with. */
  readonly memory?: { readonly rss: number; readonly heapUsed: number; readonly external: number };
  /** On Linux. */
  readonly descriptors?: DescriptorCounts;
}

export interface Sources {
  readonly server: ServerStatus | undefined;
  readonly limit: Limited | undefined;
  readonly delay: EventLoopDelay;
  readonly descriptors: Descriptors;
}

export async function report(status: Readiness, sources: Sources): Promise<HealthReport> {
  const { server, limit } = sources;
  const eventLoopDelay = sources.delay.read();
  const memory = memoryUsage();
  const descriptors = await sources.descriptors.count();
  return {
    status,
    uptime: Math.round(process.uptime() * 10) / 10,
    ...(server !== undefined && { server: server.counts }),
    ...(limit !== undefined && { limit: limit.counts }),
    ...(eventLoopDelay !== undefined && { eventLoopDelay }),
    ...(memory !== undefined && { memory }),
    ...(descriptors !== undefined && { descriptors }),
  };
}

function memoryUsage(): HealthReport['memory'] | undefined {
  try {
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heapUsed, external };
  } catch {
    return undefined;
  }
}
