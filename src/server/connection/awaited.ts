/** What a client owes at each moment of a connection, and for how long (Fetch Server API draft, "Timeouts"). */
import { DISCARD_MS } from '../../io/discard-limits.ts';
import { KEEP_ALIVE_MS } from '../../io/driven-socket.ts';
import type { TimeoutOptions } from '../options.ts';

export { MOST_DISCARDED } from '../../io/discard-limits.ts';

export type Awaited =
  /** Nothing: it is the handler's turn, which may take as long as it likes. */
  | 'nothing'
  /** A sign that the client is alive: its octets fill the buffer unread, which hides a reset from the server. */
  | 'liveness'
  /** The handler, on behalf of a client that has ended its side and may still read. */
  | 'half-open'
  /** A reader that holds content after the response: does it still read? */
  | 'reader'
  /** The first octet of a request. */
  | 'request'
  /** The rest of a head. */
  | 'head'
  /** Content that the handler is waiting for. */
  | 'content'
  /** To take what was written. */
  | 'drain'
  /** The rest of unread content, so that the connection can be kept. */
  | 'discard'
  /** Octets through the tunnel. */
  | 'tunnel';

/** The progress that a client owes, and a draining server does not wait for as long as usual. */
export const OWED_BY_CLIENT: readonly Awaited[] = ['head', 'content', 'drain'];

/** How long a reader of content may pause when the response is complete. */
const READER_MS = 1_000;

/** How often a socket that is not being read is checked for a reset. */
const LIVENESS_CHECK_MS = 1_000;

/** In milliseconds; 0 disables. */
export function timeoutFor(awaited: Awaited, timeouts: Readonly<Required<TimeoutOptions>>): number {
  switch (awaited) {
    case 'nothing':
      return KEEP_ALIVE_MS;
    case 'half-open':
      return timeouts.idle;
    case 'reader':
      return READER_MS;
    case 'liveness':
      return LIVENESS_CHECK_MS;
    case 'request':
      return timeouts.idle;
    case 'head':
      return timeouts.headers;
    case 'content':
      return timeouts.receive;
    case 'drain':
      return timeouts.send;
    case 'discard':
      return DISCARD_MS;
    case 'tunnel':
      return timeouts.tunnelIdle;
  }
}

/** What decides what the client owes. */
export interface WaitingFacts {
  /** Blocked while the client does not take what was written. */
  readonly outbound: { readonly isBlocked: boolean };
  readonly connection: {
    /** No exchange is in progress. */
    readonly isIdle: boolean;
    readonly inHead: boolean;
    readonly responseIsComplete: boolean;
  };
  /** The rest of the content is being thrown away. */
  readonly isDiscarding: boolean;
  /** A reader waits for content. */
  readonly wantsContent: boolean;
  /** The socket is not being read. */
  readonly isPaused: boolean;
  /** The client has ended its side, and the option `halfOpen` has it answered. */
  readonly isHalfOpen: boolean;
}

export function whatIsAwaited(facts: WaitingFacts): Awaited {
  const { connection } = facts;
  if (facts.outbound.isBlocked) return 'drain';
  if (facts.isDiscarding) return 'discard';
  if (connection.isIdle) return connection.inHead ? 'head' : 'request';
  if (facts.wantsContent) return 'content';
  // A handler may take as long as it likes, but not keep unread content when everything else is done.
  if (connection.responseIsComplete) return 'reader';
  if (facts.isPaused) return 'liveness';
  return facts.isHalfOpen ? 'half-open' : 'nothing';
}
