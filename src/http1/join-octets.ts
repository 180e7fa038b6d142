/** Octets that wait for more of the same element and those that came behind them, in one piece. */

/**
 * @param waiting the last octets there are, up to the end of what was received.
 * @param isJoined whether `waiting` is of a piece that this function made. Then it leaves room behind it, and uses what was left:
 *   octets that come one by one are copied about twice each, not once more for each that comes after.
 * @returns `waiting` and `more`; octets of `waiting` stay where they are when there is room.
 */
export function joinOctets(waiting: Uint8Array, more: Uint8Array, isJoined: boolean): Uint8Array {
  const length = waiting.length + more.length;
  if (isJoined && waiting.byteOffset + length <= waiting.buffer.byteLength) {
    const joined = new Uint8Array(waiting.buffer, waiting.byteOffset, length);
    joined.set(more, waiting.length);
    return joined;
  }
  const joined = new Uint8Array(isJoined ? 2 * length : length).subarray(0, length);
  joined.set(waiting);
  joined.set(more, waiting.length);
  return joined;
}
