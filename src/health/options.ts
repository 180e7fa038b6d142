import type { Limited } from '../limit/limit.ts';
import { checkMembers, checkType, refusal } from '../options/checks.ts';
import type { ServerStatus } from '../server/status.ts';

/** The options of {@link health}. */
export interface HealthOptions {
  /**
   * Whether the application is ready to work, for example connected to its database. Called for each readiness probe; throwing
   * or rejecting means "not ready". The state of the server itself is always checked.
   *
   * @default always ready
   */
  ready?: () => boolean | Promise<boolean>;
  /**
   * The server to report on.
   *
   * @default the server that received the request
   */
  server?: ServerStatus;
  /** The result of `limit()`, to include its counts in the report. */
  limit?: Limited;
}

const NAMES: readonly string[] = ['ready', 'server', 'limit'];

/** @throws {TypeError} naming the option and its value. */
export function checkOptions(options: HealthOptions): void {
  checkMembers('options', options, NAMES);
  const { ready, server, limit } = options;
  checkType('options.ready', ready, 'function');
  if (server !== undefined && typeof server?.draining !== 'boolean')
    throw new TypeError(refusal('options.server', 'a server', server));
  if (limit !== undefined && typeof limit?.counts?.running !== 'number')
    throw new TypeError(refusal('options.limit', 'the result of limit()', limit));
}
