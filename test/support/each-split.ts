/**
 * The only way parser tests feed their input.
 *
 * TCP keeps octets in order and nothing else: a head may arrive in one piece, in two, or one octet at a time, and the
 * next message may hang on to its end. A parser whose answer depends on that is wrong (and often smuggles), so every
 * message a test knows is tried in every way it can arrive.
 */

/** How a message was cut, for a check that wants to know. */
export interface Split {
  /** Says which split this is; it is put in front of the message of whatever the check throws. */
  readonly label: string;
  /** The octets behind the message (already part of `chunks`) which the parser must leave alone. Often empty. */
  readonly trailing: Uint8Array;
}

export type Check = (chunks: Uint8Array[], split: Split) => void;

/** Up to this size a message is cut at every place; above it, at the places where parsers go wrong. */
export const EVERY_CUT_UP_TO = 600;
/** How many evenly spread cuts a larger message gets besides those around its line ends. */
const SPREAD_CUTS = 64;
/** A 100 kB field section has thousands of line ends; the first and the last of them are enough. */
const LINE_END_CUTS = 240;
/** Above this size one octet at a time takes seconds and shows nothing new. */
const OCTETS_UP_TO = 65_536;

const NOTHING = new Uint8Array(0);
const CR = 13;
const LF = 10;

/** One octet a character; a character above U+00FF is a mistake in the test. */
export function latin1(text: string): Uint8Array {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) throw new RangeError(`U+${code.toString(16)} at ${i} is not one octet`);
    octets[i] = code;
  }
  return octets;
}

/**
 * Calls `check` with `message` whole, octet by octet, and cut into two at every place (a bounded, deterministic choice
 * of places above {@link EVERY_CUT_UP_TO} octets). With `trailing`, each of them once more with those octets behind
 * the message, in the last chunk and as a chunk of their own.
 */
export function eachSplit(message: string | Uint8Array, check: Check, trailing?: string | Uint8Array): void {
  const octets = typeof message === 'string' ? latin1(message) : message;
  const behind = typeof trailing === 'string' ? latin1(trailing) : (trailing ?? NOTHING);
  const cuts = cutsOf(octets);

  attempt('whole', octets, [], NOTHING, check);
  if (octets.length <= OCTETS_UP_TO) {
    attempt('octet by octet', octets, everyCut(octets.length), NOTHING, check);
  }
  for (const cut of cuts) attempt(`cut at ${cut}`, octets, [cut], NOTHING, check);
  if (behind.length === 0) return;

  const both = new Uint8Array(octets.length + behind.length);
  both.set(octets);
  both.set(behind, octets.length);
  attempt('whole, trailing octets in the same chunk', both, [], behind, check);
  attempt('whole, trailing octets in the next chunk', both, [octets.length], behind, check);
  if (both.length <= OCTETS_UP_TO) {
    attempt('octet by octet, trailing octets too', both, everyCut(both.length), behind, check);
  }
  for (const cut of cuts) attempt(`cut at ${cut}, trailing octets behind`, both, [cut], behind, check);
}

/** The pieces of `octets` between `cuts` (ascending, each inside the message). */
export function cutAt(octets: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const cut of [...cuts, octets.length]) {
    chunks.push(surrounded(octets.subarray(start, cut)));
    start = cut;
  }
  return chunks;
}

export function everyCut(length: number): number[] {
  const cuts: number[] = [];
  for (let cut = 1; cut < length; cut++) cuts.push(cut);
  return cuts;
}

function attempt(
  label: string,
  octets: Uint8Array,
  cuts: readonly number[],
  trailing: Uint8Array,
  check: Check,
): void {
  try {
    check(cutAt(octets, cuts), { label, trailing });
  } catch (error) {
    const around = cuts.length === 1 ? `: ${showCut(octets, cuts[0]!)}` : '';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`[${label}${around}] ${reason}`, { cause: error });
  }
}

const MARGIN = 3;
const BUFFER_OCTETS = 262_144;
let buffer = new Uint8Array(0);
let used = 0;

/**
 * A view into a larger buffer, like what a socket gives: code that reads past its end, or takes `chunk.buffer` for the
 * chunk, meets octets that belong to nobody, or to others. Each place is used once; a buffer for each chunk cost more than many
 * a parser.
 */
function surrounded(octets: Uint8Array): Uint8Array {
  const needed = octets.length + MARGIN;
  if (used + needed > buffer.length) {
    buffer = new Uint8Array(Math.max(BUFFER_OCTETS, MARGIN + needed)).fill(0x21);
    used = MARGIN;
  }
  const chunk = buffer.subarray(used, used + octets.length);
  chunk.set(octets);
  used += needed;
  return chunk;
}

function cutsOf(octets: Uint8Array): number[] {
  if (octets.length <= EVERY_CUT_UP_TO) return everyCut(octets.length);
  const aroundLineEnds: number[] = [];
  for (let i = 0; i < octets.length; i++) {
    if (octets[i] === CR || octets[i] === LF) aroundLineEnds.push(i, i + 1);
  }
  const half = LINE_END_CUTS / 2;
  const cuts = new Set([...aroundLineEnds.slice(0, half), ...aroundLineEnds.slice(-half)]);
  for (let i = 1; i <= SPREAD_CUTS; i++) cuts.add(Math.floor((i * octets.length) / (SPREAD_CUTS + 1)));
  return [...cuts].filter((cut) => cut > 0 && cut < octets.length).sort((a, b) => a - b);
}

function showCut(octets: Uint8Array, cut: number): string {
  const show = (from: number, to: number) =>
    JSON.stringify(String.fromCharCode(...octets.subarray(Math.max(0, from), to)));
  return `…${show(cut - 12, cut)} | ${show(cut, cut + 12)}…`;
}
