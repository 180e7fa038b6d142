/**
 * The results of `next` of an HTTP/2 connection. Some are those of `octets/results`. The field `stream` of the connection has the
 * stream that a result belongs to.
 */
export {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REJECTED,
} from '../octets/results.ts';

/** The frame has no result for the caller. `next` does not return it. */
export const NOTHING = 0;
/** The stream was reset: by the peer, or for an error of the peer. `code` and `error` have the reason. It is closed. */
export const RESET = 6;
/** A request is refused with a status; `rejection` has the reason. The rest of its content is dropped. */
export const REFUSED = 7;
/** The client has changed the priority of the stream (RFC 9218 §7). */
export const PRIORITY = 8;
/** The peer goes away: it processes no stream after `lastAccepted`. `code` has the reason (RFC 9113 §6.8). */
export const GOAWAY = 9;
