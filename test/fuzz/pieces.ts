/** A message in pieces, as from a socket. The pieces are views: pass a copy if they may be overwritten. */
import type { Random } from './random.ts';

export function everyOctet(input: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < input.length; at++) pieces.push(input.subarray(at, at + 1));
  return pieces;
}

export function cutAt(input: Uint8Array, cut: number): Uint8Array[] {
  return [input.subarray(0, cut), input.subarray(cut)];
}

/** Or in three. */
export function inTwo(input: Uint8Array, random: Random): Uint8Array[] {
  const cut = random.below(input.length + 1);
  if (random.oneIn(2)) return cutAt(input, cut);
  const next = cut + random.below(input.length - cut + 1);
  return [input.subarray(0, cut), input.subarray(cut, next), input.subarray(next)];
}
