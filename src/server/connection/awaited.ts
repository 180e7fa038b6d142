/** What a client owes at each moment of a connection, and for how long (Fetch Server API draft, "Timeouts"). */
import type { TimeoutOptions } from '../options.ts';

export type Awaited =
  /** Nothing: it is the handler's turn, which may take as long as it likes. */
  | 'nothing'
  /** A sign of life: its octets fill the buffer and are not read, so that a reset would not be heard of. */
  | 'life'
  /** The first octet of a request. */
  | 'request'
  /** The rest of a head. */
  | 'head'
  /** Content that the handler is waiting for. */
  | 'content'
  /** To take what was written. */
  | 'drain'
  /** The rest of content that nobody reads, so that the connection can be kept. */
  | 'discard'
  /** Octets through the tunnel. */
  | 'tunnel';

/** How long unread content may take to arrive. */
const DISCARD_MS = 1_000;

/** How often a socket that is not read is looked at. */
const LIFE_MS = 1_000;

/** In milliseconds; 0 is for ever. */
export function timeoutFor(awaited: Awaited, timeouts: Readonly<Required<TimeoutOptions>>): number {
  switch (awaited) {
    case 'nothing':
      return 0;
    case 'life':
      return LIFE_MS;
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
