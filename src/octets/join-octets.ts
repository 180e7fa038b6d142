/** Octets that wait for more of the same element and those that came behind them, in one piece. */

/** Octets of room behind what comes in small pieces. Not more: whoever keeps a view on some of it keeps all of it. */
const ROOM = 1_024;

/**
 * A head that comes octet by octet is copied once for each KiB of it, not once for each octet: 110 → 10 ms for 15 KiB on Node 20.
 *
 * @param waiting the last octets there are, up to the end of what was received.
 * @param isJoined whether `waiting` is of a piece that this function made: then there may be room behind it.
 * @returns `waiting` and `more`; octets of `waiting` stay where they are when there is room.
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
