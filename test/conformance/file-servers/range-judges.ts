/** What answers to range requests are held to (RFC 9110 §14, §15.3.7, §15.5.17). */
import type { Answer } from './answer.ts';
import type { Fault, Judge } from './case.ts';
import { octetsOf } from './fixture.ts';
import { framed, inShort, sameOctets, wholeFault } from './judges.ts';
import { readMultipart } from './multipart.ts';

/** Offsets of the first and the last octet, as the field has them. */
export type Asked = readonly [first: number, last: number];

/**
 * 206 (Partial Content) with what was asked, or a part of it (RFC 9110 §15.3.7); the whole instead only if the server
 * supports no ranges here, or else it SHOULD have sent 206 (§14.2).
 */
export const part =
  (target: string, asked: Asked): Judge =>
  async (answer, to) => {
    if (answer.status === 200 && !(await to.supportsRanges(target)))
      return wholeFault(answer, octetsOf(target));
    return partFault(answer, octetsOf(target), [asked]);
  };

/**
 * Several ranges: parts in a multipart message, or one part only (RFC 9110 §15.3.7), or the whole, since no server has
 * to obey (§14.2).
 */
export const parts =
  (target: string, asked: readonly Asked[]): Judge =>
  (answer) => {
    if (answer.status === 200) return wholeFault(answer, octetsOf(target));
    if (!isMultipart(answer)) return partFault(answer, octetsOf(target), asked);
    return multipartFault(answer, octetsOf(target), asked);
  };

/** 416 (Range Not Satisfiable) with the length, which it SHOULD have (RFC 9110 §15.5.17), or the whole. */
export const unsatisfiable =
  (target: string): Judge =>
  (answer) => {
    const { length } = octetsOf(target);
    if (answer.status === 200) return wholeFault(answer, octetsOf(target));
    if (answer.status !== 416) return inShort(answer);
    const range = answer.field('content-range');
    return range === `bytes */${length}` ? framed(answer) : `416, Content-Range: ${range ?? 'none'}`;
  };

/** An invalid set: ignored or rejected (RFC 9110 §14.2), never obeyed. */
export const ignoredOrRejected =
  (target: string): Judge =>
  (answer) => {
    if (answer.status === 400 || answer.status === 416) return framed(answer);
    return wholeFault(answer, octetsOf(target));
  };

export function isMultipart(answer: Answer): boolean {
  return answer.field('content-type')?.toLowerCase().startsWith('multipart/') === true;
}

/** RFC 9110 §15.3.7.1: Content-Range says truly which octets these are, and they are among those asked for. */
export function partFault(answer: Answer, octets: Uint8Array, asked: readonly Asked[]): Fault {
  if (answer.status !== 206) return inShort(answer);
  if (isMultipart(answer)) return '206 multipart for a single range';
  const range = answer.field('content-range');
  return framed(answer) ?? rangeFault(range, answer.content, octets, asked);
}

/** RFC 9110 §15.3.7.2: no Content-Range beside the parts, and one within each. */
export function multipartFault(answer: Answer, octets: Uint8Array, asked: readonly Asked[]): Fault {
  if (answer.status !== 206) return `${inShort(answer)} multipart`;
  if (answer.field('content-range') !== undefined) return '206 multipart with a Content-Range of its own';
  const framing = framed(answer);
  if (framing !== undefined) return framing;
  const read = readMultipart(answer.field('content-type') ?? '', answer.content);
  if (typeof read === 'string') return `206 multipart: ${read}`;
  for (const one of read) {
    const fault = rangeFault(one.contentRange, one.octets, octets, asked);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function rangeFault(
  contentRange: string | undefined,
  content: Uint8Array,
  octets: Uint8Array,
  asked: readonly Asked[],
): Fault {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '');
  const first = Number(match?.[1]);
  const last = Number(match?.[2]);
  const length = match?.[3];
  if (match === null || first > last || last >= octets.length)
    return `206, Content-Range: ${contentRange ?? 'none'}`;
  if (length !== '*' && Number(length) !== octets.length) return `206, Content-Range: ${contentRange}`;
  if (!sameOctets(content, octets.subarray(first, last + 1))) return `206 ${contentRange}, with other octets`;
  return asked.some(([from, to]) => first >= from && last <= to) ? undefined : `206 ${contentRange}`;
}
