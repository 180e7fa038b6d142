/** What one server did in one round, and how it was asked. */
import type { RequestShape } from './request.ts';

/** Units: requests/s, µs of CPU a request, bytes/s, bytes a connection, ms, bytes, parts of one core. */
export type FigureName =
  | 'rate'
  | 'cpu'
  | 'throughput'
  | 'memory'
  | 'p50'
  | 'p99'
  | 'resident'
  | 'serverShare'
  | 'loadShare';

export interface Sample {
  readonly round: number;
  /** The key of a contender. */
  readonly contender: string;
  /** In cases with several points: connections, active or idle. */
  readonly point?: number;
  readonly figures: Partial<Record<FigureName, number>>;
  /** Why the sample does not count; empty when it does. */
  readonly invalid: readonly string[];
  /** Which other processes used the cores; empty when none did. */
  readonly disturbed: readonly string[];
  /** The load generator had no time left while the server had. */
  readonly loadBound: boolean;
}

export type Measured = Omit<Sample, 'round' | 'contender'>;

/** What is sent to a server, and what it answered before there was any load. */
export interface LoadTarget {
  readonly shape: RequestShape;
  readonly request: Buffer;
  readonly requestFile: string;
  /** A file with the request's content alone, if it has any. */
  readonly contentFile: string | undefined;
  /** Bytes of one response with its head. */
  readonly wireOctets: number;
  /** Whether all responses have the same length. */
  readonly fixedLength: boolean;
}
