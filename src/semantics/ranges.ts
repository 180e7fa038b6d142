/** Byte ranges: the Range field and Content-Range (RFC 9110 §14). */
import { listMembers } from './field-syntax.ts';

/** Octets of a representation, coded as it is to be sent (RFC 9110 §14.1.2). */
export interface ByteRange {
  /** Offset of the first octet. */
  readonly start: number;
  /** Offset behind the last octet. */
  readonly end: number;
}

/** How many ranges are taken for sane. More than that, and the Range field is ignored (RFC 9110 §14.2, §17.15). */
export interface RangeLimits {
  /** Ranges in the set. */
  readonly maxRanges: number;
  /** Ranges that have octets in common with those before them in the representation. */
  readonly maxOverlaps: number;
  /** Ranges that begin before the one listed before them. */
  readonly maxReversals: number;
}

/** What Apache httpd allows as well, so that no honest client has not met these. */
export const DEFAULT_RANGE_LIMITS: RangeLimits = { maxRanges: 200, maxOverlaps: 20, maxReversals: 20 };

export type RangeResult =
  /** There is nothing to obey: answer as if there were no Range field. */
  | { readonly kind: 'whole' }
  /** Answer 416 (Range Not Satisfiable), with {@link unsatisfiedRange} as the Content-Range (RFC 9110 §15.5.17). */
  | { readonly kind: 'unsatisfiable' }
  /** Answer 206 (Partial Content) with these, at least one. They neither overlap nor touch. */
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] };

const WHOLE: RangeResult = { kind: 'whole' };
const UNSATISFIABLE: RangeResult = { kind: 'unsatisfiable' };

/**
 * Which octets a Range field asks for (RFC 9110 §14.1.2, §14.2). Ranges that overlap or touch become one, which stands
 * where the first of them was listed; all others stay in the order asked for (RFC 9110 §15.3.7.2).
 *
 * Ignored, and answered with the whole: another unit than bytes, which MUST be; and what MAY be, invalid and egregious
 * sets and any range of what has no octets (RFC 9110 §14.2), since the client can work with all the rest.
 *
 * To be asked only for GET (RFC 9110 §14.2), behind the preconditions, and if {@link ifRangeHolds} where there is an If-Range.
 *
 * @param value of the field; `null` if there is none.
 * @param length of the representation in octets.
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

/** The Content-Range of a 416 (RFC 9110 §14.4), `bytes` with an asterisk and the length: what could have been asked for. */
export function unsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}

/** @returns an empty range for what can't be satisfied, `undefined` for what is not a range of octets. */
function parseSpec(spec: string, length: number): ByteRange | undefined {
  const dash = spec.indexOf('-');
  const first = spec.slice(0, Math.max(dash, 0));
  const last = spec.slice(dash + 1);
  if (dash < 0 || !isDigits(first) || !isDigits(last) || spec === '-') return undefined;
  // RFC 9110 §14.1.2: a suffix range, at most the whole. One of no octets is valid, and can't be satisfied.
  if (first === '') return { start: length - Math.min(Number(last), length), end: length };
  if (last === '') return { start: Math.min(Number(first), length), end: length };
  if (isLess(last, first)) return undefined;
  return { start: Math.min(Number(first), length), end: Math.min(Number(last) + 1, length) };
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Compares decimals of any length: as numbers, the long ones would be equal (RFC 9110 §14.1.2). */
function isLess(one: string, other: string): boolean {
  const digits = Math.max(one.length, other.length);
  return one.padStart(digits, '0') < other.padStart(digits, '0');
}

/** RFC 9110 §17.15: many overlapping ranges, or many out of order, come from an attack or a broken client. */
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

/** RFC 9110 §15.3.7.2: ranges that overlap or touch are sent once, where the first of them was asked for. */
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
