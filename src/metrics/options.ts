import type { Limited } from '../limit/limit.ts';
import { checkMembers, checkType, refusal } from '../options/checks.ts';
import type { ServerStatus } from '../server/status.ts';

/** The options of {@link metrics}. */
export interface MetricsOptions {
  /**
   * Where the metrics are: a path that begins with `/`, without a query.
   *
   * @default '/metrics'
   */
  path?: string;
  /**
   * The server to report on: only its requests are counted.
   *
   * @default the requests of all servers in this thread, and the connections of the server that received a request first
   */
  server?: ServerStatus;
  /** The result of `limit()`, to include its counts. */
  limit?: Limited;
}

const NAMES: readonly string[] = ['path', 'server', 'limit'];

/** @throws {TypeError} naming the option and its value. */
export function checkOptions(options: MetricsOptions): void {
  checkMembers('options', options, NAMES);
  const { path, server, limit } = options;
  checkType('options.path', path, 'string');
  if (path !== undefined && !/^\/[^?#\s]*$/.test(path))
    throw new TypeError(refusal('options.path', 'a path such as "/metrics"', path));
  if (server !== undefined && typeof server?.draining !== 'boolean')
    throw new TypeError(refusal('options.server', 'a server', server));
  if (limit !== undefined && typeof limit?.counts?.running !== 'number')
    throw new TypeError(refusal('options.limit', 'the result of limit()', limit));
}
