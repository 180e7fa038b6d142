/** Byte ranges: the Range field and Content-Range (RFC 9110 §14). */
import { isDigit } from '../octets/octet-table.ts';
import { listMembers } from './field-syntax.ts';

/** A part of a representation, in the coding in which it is sent (RFC 9110 §14.1.2). */
export interface ByteRange {
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last byte. */
  readonly end: number;
}

/** Limits of a range set. The Range field is ignored if a set exceeds one of them (RFC 9110 §14.2, §17.15). */
export interface RangeLimits {
  /** Ranges in the set. */
  readonly maxRanges: number;
  /** Ranges that overlap with one that begins earlier in the representation. */
  readonly maxOverlaps: number;
  /** Ranges that begin before the one listed before them. */
  readonly maxReversals: number;
}

/** The limits of Apache httpd, so honest clients already stay within them. */
export const DEFAULT_RANGE_LIMITS: RangeLimits = { maxRanges: 200, maxOverlaps: 20, maxReversals: 20 };

export type RangeResult =
  /** Answer as if the request had no Range field. */
  | { readonly kind: 'whole' }
  /** Answer 416 (Range Not Satisfiable), with {@link unsatisfiedRange} as the Content-Range (RFC 9110 §15.5.17). */
  | { readonly kind: 'unsatisfiable' }
  /** Answer 206 (Partial Content) with these ranges, at least one. They neither overlap nor touch. */
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] };

const WHOLE: RangeResult = { kind: 'whole' };
const UNSATISFIABLE: RangeResult = { kind: 'unsatisfiable' };

/**
 * The ranges that a Range field asks for (RFC 9110 §14.1.2, §14.2). Ranges that overlap or touch become one, at the place
 * where the first of them was listed. All others stay in the order of the request (RFC 9110 §15.3.7.2).
 *
 * The field is ignored, and the answer is the whole representation, for another unit than bytes (a MUST). The same goes
 * for invalid and egregious sets, and for any range of an empty representation (a MAY): the client can use the whole.
 *
 * Call it only for GET (RFC 9110 §14.2), after the preconditions. With an If-Range field, {@link ifRangeHolds} must hold.
 *
 * @param value the value of the field, or `null`.
 * @param length the length of the representation in bytes.
 */
export function parseRange(
  value: string | null,
  length: number,
  limits: RangeLimits = DEFAULT_RANGE_LIMITS,
): RangeResult {
  const equals = value?.indexOf('=') ?? -1;
  // RFC 9110 §14.1: names of range units are case-insensitive.
  if (value === null || value.slice(0, Math.max(equals, 0)).toLowerCase() !== 'bytes') return WHOLE;
  // RFC 9110 §5.6.1.2: empty members are ignored.
  const specs = listMembers(value.slice(equals + 1)).filter((member) => member !== '');
  if (specs.length === 0 || specs.length > limits.maxRanges || length === 0) return WHOLE;

  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const range = parseSpec(spec, length);
    // RFC 9110 §14.1.1: one invalid member makes the set invalid.
    if (range === undefined) return WHOLE;
    if (range.start < range.end) ranges.push(range);
  }
  if (ranges.length === 0) return UNSATISFIABLE;
  if (ranges.length === 1) return { kind: 'ranges', ranges };
  return isEgregious(ranges, limits) ? WHOLE : { kind: 'ranges', ranges: coalesce(ranges) };
}

/** The Content-Range of a range (RFC 9110 §14.4), `bytes 42-1233/1234`. */
export function contentRange(range: ByteRange, length: number): string {
  return `bytes ${range.start}-${range.end - 1}/${length}`;
}

/** The Content-Range of a 416 (RFC 9110 §14.4): `bytes`, an asterisk and the length of the representation. */
export function unsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}

/** @returns an empty range if it can't be satisfied, `undefined` if the text is not a range of bytes. */
function parseSpec(spec: string, length: number): ByteRange | undefined {
  const dash = spec.indexOf('-');
  const first = spec.slice(0, Math.max(dash, 0));
  const last = spec.slice(dash + 1);
  if (dash < 0 || !isDigits(first) || !isDigits(last) || spec === '-') return undefined;
  // RFC 9110 §14.1.2: a suffix range, at most the whole. A suffix of length 0 is valid, and can't be satisfied.
  if (first === '') return { start: length - Math.min(Number(last), length), end: length };
  if (last === '') return { start: Math.min(Number(first), length), end: length };
  if (isLess(last, first)) return undefined;
  return { start: Math.min(Number(first), length), end: Math.min(Number(last) + 1, length) };
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

/** Compares decimals of any length. As numbers, long ones would lose digits and look equal (RFC 9110 §14.1.2). */
function isLess(one: string, other: string): boolean {
  const digits = Math.max(one.length, other.length);
  return one.padStart(digits, '0') < other.padStart(digits, '0');
}

/** RFC 9110 §17.15: many ranges that overlap or are out of order come from an attack or a broken client. */
function isEgregious(ranges: readonly ByteRange[], limits: RangeLimits): boolean {
  let reversals = 0;
  for (let at = 1; at < ranges.length; at++) {
    if (ranges[at]!.start < ranges[at - 1]!.start) reversals++;
  }
  let overlaps = 0;
  let end = 0;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (range.start < end) overlaps++;
    end = Math.max(end, range.end);
  }
  return reversals > limits.maxReversals || overlaps > limits.maxOverlaps;
}

/** RFC 9110 §15.3.7.2: ranges that overlap or touch are sent once, in the place of the first of them. */
function coalesce(ranges: readonly ByteRange[]): ByteRange[] {
  const byStart = ranges.map((range, position) => ({ ...range, position })).sort((a, b) => a.start - b.start);
  const runs: { start: number; end: number; position: number }[] = [];
  for (const range of byStart) {
    const run = runs.at(-1);
    if (run === undefined || range.start > run.end) {
      runs.push(range);
      continue;
    }
    run.end = Math.max(run.end, range.end);
    run.position = Math.min(run.position, range.position);
  }
  return runs.sort((a, b) => a.position - b.position).map(({ start, end }) => ({ start, end }));
}
