/** Masking (RFC 6455 §5.3), four octets at once where the payload is long enough for that to pay. */
import { randomFillSync } from 'node:crypto';

const LONG = 64;

/**
 * Masks a payload, or takes the mask off, in place.
 *
 * @param from the offset of the payload in `octets`. @param at the offset of the mask.
 * @returns less than 0x80 if the payload is ASCII now. A long one is not looked at.
 */
export function applyMask(
  octets: Uint8Array,
  from: number,
  to: number,
  maskOctets: Uint8Array,
  at: number,
): number {
  const a = maskOctets[at]!;
  const b = maskOctets[at + 1]!;
  const c = maskOctets[at + 2]!;
  const d = maskOctets[at + 3]!;
  let index = from;
  if (to - from >= LONG) {
    // A Uint32Array must begin at a multiple of four, and the mask turns with the octets before it.
    const lead = -(octets.byteOffset + from) & 3;
    const mask = [a, b, c, d];
    for (let each = 0; each < lead; each++) octets[index++]! ^= mask[each]!;
    const turned = new Uint8Array(4);
    for (let each = 0; each < 4; each++) turned[each] = mask[(lead + each) & 3]!;
    const word = new Uint32Array(turned.buffer)[0]!;
    const words = new Uint32Array(octets.buffer, octets.byteOffset + index, (to - index) >> 2);
    for (let each = 0; each < words.length; each++) words[each]! ^= word;
    for (index += words.length * 4; index < to; index++) octets[index]! ^= mask[(index - from) & 3]!;
    return 0x80;
  }
  let bits = 0;
  for (; index + 3 < to; index += 4) {
    bits |= octets[index]! ^= a;
    bits |= octets[index + 1]! ^= b;
    bits |= octets[index + 2]! ^= c;
    bits |= octets[index + 3]! ^= d;
  }
  if (index < to) bits |= octets[index]! ^= a;
  if (index + 1 < to) bits |= octets[index + 1]! ^= b;
  if (index + 2 < to) bits |= octets[index + 2]! ^= c;
  return bits;
}

const POOL = new Uint8Array(8 * 1024);
let used = POOL.length;

/** Writes a new mask that nobody can foresee (RFC 6455 §10.3). */
export function writeMask(octets: Uint8Array, at: number): void {
  if (used === POOL.length) {
    randomFillSync(POOL);
    used = 0;
  }
  octets[at] = POOL[used++]!;
  octets[at + 1] = POOL[used++]!;
  octets[at + 2] = POOL[used++]!;
  octets[at + 3] = POOL[used++]!;
}
