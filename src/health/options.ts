import type { Limited } from '../limit/limit.ts';
import type { ServerStatus } from '../server/status.ts';

/** What {@link health} may be told. */
export interface HealthOptions {
  /**
   * Whether the application can do its work: its database is there, its caches are warm. Asked each time somebody asks for
   * readiness; to throw, or to reject, is to say no. Not about the server itself: that is looked at in any case.
   *
   * @default always
   */
  ready?: () => boolean | Promise<boolean>;
  /**
   * Whose health it is.
   *
   * @default the server that the request came to
   */
  server?: ServerStatus;
  /** What `limit()` returned, to have its counts told. */
  limit?: Limited;
}

const NAMES: readonly string[] = ['ready', 'server', 'limit'];

/** @throws {TypeError} naming the option and its value. */
export function checkOptions(options: HealthOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`options: not an object: ${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  const { ready, server, limit } = options;
  if (ready !== undefined && typeof ready !== 'function') {
    throw new TypeError(`options.ready: not a function: ${String(ready)}`);
  }
  if (server !== undefined && typeof server?.draining !== 'boolean') {
    throw new TypeError(`options.server: not a server: ${String(server)}`);
  }
  if (limit !== undefined && typeof limit?.counts?.running !== 'number') {
    throw new TypeError(`options.limit: not what limit() returned: ${String(limit)}`);
  }
}
