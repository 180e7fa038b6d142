/**
 * What scanners and decoders answer. Small integers, so that asking costs nothing and a `switch` reads like the protocol;
 * what goes with an answer stands in a field of whoever gave it. "Need more octets" is an answer, not an error.
 */

/** All octets have been looked at, and the element is not complete. */
export const NEED_OCTETS = -1;
/** The peer broke a rule; `rejection` says which. Nothing more will be decoded. */
export const REJECTED = -2;
/** The head of a request, or of a final response, is complete. */
export const MESSAGE_HEAD = 1;
/** A piece of content, freed of its framing. */
export const CONTENT = 2;
/** The content and its trailer section are complete. */
export const CONTENT_END = 3;
/** A request waits for the end of its response, or nothing follows any more: more octets would change nothing. */
export const PAUSED = 4;
/** The head of an interim response is complete; another response follows it (RFC 9110 §15.2). */
export const INTERIM = 5;
