/**
 * What `next` of an HTTP/2 connection answers, beside what `octets/results` has. The stream that an answer is about is in the
 * field `stream` of the connection.
 */
export {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  REJECTED,
} from '../octets/results.ts';

/** Nothing that the caller has to know of. Not an answer of `next`. */
export const NOTHING = 0;
/** The stream was reset, by the peer or because of what the peer did on it; `code` and `error` say why. It is closed. */
export const RESET = 6;
/** A request can't be served as it is, and may be answered; `rejection` says why. Nothing more of it will be decoded. */
export const REFUSED = 7;
/** The client has given the stream another priority (RFC 9218 §7). */
export const PRIORITY = 8;
/** The peer opens no more streams, or accepts none beyond `lastAccepted`; `code` says why (RFC 9113 §6.8). */
export const GOAWAY = 9;
