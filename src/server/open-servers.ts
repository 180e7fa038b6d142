/**
 * The servers of this thread that are not closed, for whoever ends them all, as a worker does that is told to drain. Noted
 * only where somebody has asked for it.
 *
 * The set belongs to the thread and not to this module, because an application may bring a copy of Serval of its own.
 */
import type { DrainOptions } from './drain-options.ts';

export interface OpenServer {
  readonly closed: Promise<void>;
  drain(options: DrainOptions): Promise<void>;
  close(): Promise<void>;
  destroy(): void;
  /** A copy of Serval that is older has none. */
  readonly counts?: Readonly<
    Record<'requestsStarted' | 'requestsFinished' | 'requestsCutOff' | 'requestsRejected', number>
  >;
  /** Its listeners, with the connections that they have. */
  [Symbol.iterator](): Iterator<{ readonly connectionCount: number }>;
}

interface Notes {
  readonly servers: Set<OpenServer>;
  readonly onOpen: (server: OpenServer) => void;
}

const KEY = Symbol.for('serval.openServers');

const holder = globalThis as { [KEY]?: Notes };

/**
 * From now on every new server is in the set until it is closed.
 *
 * @param onOpen called for each.
 */
export function noteOpenServers(onOpen: (server: OpenServer) => void): ReadonlySet<OpenServer> {
  const servers = new Set<OpenServer>();
  holder[KEY] = { servers, onOpen };
  return servers;
}

export function noteOpenServer(server: OpenServer): void {
  const notes = holder[KEY];
  if (notes === undefined) return;
  notes.servers.add(server);
  const forget = () => notes.servers.delete(server);
  server.closed.then(forget, forget);
  notes.onOpen(server);
}
