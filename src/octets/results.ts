/**
 * The results of scanners and decoders. They are small integers, so a call allocates nothing and a `switch` over them reads
 * like the protocol. The data of a result is in the fields of the decoder. "Need more octets" is a result, not an error.
 */

/** All octets have been scanned, and the element is not complete. */
export const NEED_OCTETS = -1;
/** The peer broke a rule; `rejection` says which. The decoder decodes nothing more. */
export const REJECTED = -2;
/** The head of a request, or of a final response, is complete. */
export const MESSAGE_HEAD = 1;
/** A piece of content, without its framing. */
export const CONTENT = 2;
/** The content and its trailer section are complete. */
export const CONTENT_END = 3;
/** More octets would change nothing: a request waits for the end of its response, or the connection carries no further one. */
export const PAUSED = 4;
/** The head of an interim response is complete; another response follows it (RFC 9110 §15.2). */
export const INTERIM = 5;
