/** The JSON report about a server. */
import process from 'node:process';
import type { LimitCounts, Limited } from '../limit/limit.ts';
import type { ServerCounts, ServerStatus } from '../server/status.ts';
import { type DescriptorCounts, Descriptors } from './descriptors.ts';
import type { EventLoopDelay, EventLoopDelays } from './event-loop-delay.ts';

export type Readiness = 'ready' | 'starting' | 'draining' | 'busy' | 'not ready';

export interface HealthReport {
  readonly status: Readiness;
  /** The uptime of the process in seconds. */
  readonly uptime: number;
  /** The counts of the server that the request came to, or of `options.server`. Absent if a foreign server runs the handler. */
  readonly server?: ServerCounts;
  /** The counts of `options.limit`. */
  readonly limit?: LimitCounts;
  /** Absent if the runtime does not measure it. */
  readonly eventLoopDelay?: EventLoopDelays;
  /** In bytes. Absent if the process has no free file descriptor, which the system call needs. */
  readonly memory?: { readonly rss: number; readonly heapUsed: number; readonly external: number };
  /** On Linux only. */
  readonly descriptors?: DescriptorCounts;
}

export interface Sources {
  readonly server: ServerStatus | undefined;
  readonly limit: Limited | undefined;
  readonly delay: EventLoopDelay;
  readonly resources: Resources;
}

export async function report(status: Readiness, sources: Sources): Promise<HealthReport> {
  const { server, limit } = sources;
  const eventLoopDelay = sources.delay.read();
  const { memory, descriptors } = await sources.resources.read();
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

/** How long the figures of the system are reused, so that frequent probes cost little. */
const REUSED_MS = 1_000;

type ResourceFigures = Pick<HealthReport, 'memory' | 'descriptors'>;

/** The resources that the process uses, as the system reports them. */
export class Resources {
  #last: { readonly at: number; readonly figures: Promise<ResourceFigures> } | undefined;
  readonly #descriptors: Pick<Descriptors, 'count'>;
  readonly #now: () => number;

  constructor(
    descriptors: Pick<Descriptors, 'count'> = new Descriptors(),
    now: () => number = () => performance.now(),
  ) {
    this.#descriptors = descriptors;
    this.#now = now;
  }

  read(): Promise<ResourceFigures> {
    const now = this.#now();
    if (this.#last === undefined || now - this.#last.at >= REUSED_MS)
      this.#last = { at: now, figures: this.#measure() };
    return this.#last.figures;
  }

  async #measure(): Promise<ResourceFigures> {
    const memory = memoryUsage();
    const descriptors = await this.#descriptors.count();
    return { ...(memory && { memory }), ...(descriptors && { descriptors }) };
  }
}

function memoryUsage(): HealthReport['memory'] | undefined {
  try {
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heapUsed, external };
  } catch {
    return undefined;
  }
}
