/** How much unread content is read and thrown away to keep its connection (RFC 9112 §9.3), and how long that may take. */

/** Bytes. */
export const MOST_DISCARDED = 64 * 1024;

/** A new connection takes less. */
export const DISCARD_MS = 1_000;
