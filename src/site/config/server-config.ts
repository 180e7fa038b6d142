/** The settings of `serval.json` for the server itself: how long it waits, and how much it accepts. */
import type { LimitOptions, TimeoutOptions } from '../../index.ts';
import { parseByteSize } from './byte-size.ts';
import { parseDuration } from './duration.ts';

/** Times such as `65s`; `0` disables. */
export interface TimeoutConfig {
  readonly idle?: string;
  readonly headers?: string;
  readonly receive?: string;
  readonly send?: string;
}

export interface LimitConfig {
  /** A size such as `16K`. */
  readonly maxRequestLineSize?: string;
  readonly maxHeaderSize?: string;
  readonly maxConnections?: number;
  readonly maxRequestsPerConnection?: number;
}

export interface ServerConfig {
  readonly timeouts?: TimeoutConfig;
  readonly limits?: LimitConfig;
}

/** What is wrong with the times and sizes, by member; their form has been checked. */
export function serverProblems(config: ServerConfig): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  for (const [name, text] of Object.entries(config.timeouts ?? {})) {
    if (parseDuration(text) === undefined)
      problems.push({
        path: `timeouts.${name}`,
        message: `expected a time of at most 24 days, got "${text}"`,
      });
  }
  for (const [name, value] of Object.entries(config.limits ?? {})) {
    if (typeof value === 'string' && parseByteSize(value) === undefined)
      problems.push({
        path: `limits.${name}`,
        message: `expected a size of at least 1 byte, got "${value}"`,
      });
  }
  return problems;
}

/** The same as options of `serve`. */
export function serverOptions({ timeouts = {}, limits = {} }: ServerConfig): {
  timeouts: TimeoutOptions;
  limits: LimitOptions;
} {
  return {
    timeouts: mapped(timeouts, (text: string) => parseDuration(text)!),
    limits: mapped(limits, (value: string | number) =>
      typeof value === 'string' ? parseByteSize(value)! : value,
    ),
  };
}

function mapped<Value>(members: object, map: (value: Value) => number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(members as Record<string, Value>).map(([name, value]) => [name, map(value)]),
  );
}
