/** The answer to GET and HEAD from one representation: preconditions, then ranges, then its octets. */
import type { FileHandle } from 'node:fs/promises';
import { Response } from '../fetch/response.ts';
import { evaluatePreconditions, ifRangeHolds, type Validators } from '../semantics/preconditions.ts';
import { type ByteRange, contentRange, parseRange, unsatisfiedRange } from '../semantics/ranges.ts';
import type { Opened } from './lookup/file-store.ts';
import { plainAnswer } from './plain-answer.ts';
import { planMultipart } from './resource/byte-ranges.ts';
import { fileBody, filePartsBody } from './resource/file-body.ts';
import type { Representation } from './resource/representation.ts';

/** Takes over the handle, if the octets are in an open file. */
export function answerWith({ representation, octets }: Opened, request: Request): Response {
  const answer = withoutOctets(representation, request);
  if (answer instanceof Response) {
    closeUnused(octets);
    return answer;
  }
  return answer === WHOLE
    ? wholeAnswer(representation, octets)
    : partialAnswer(representation, octets, answer);
}

/** The page of another status: it is not what the URL names, so it has no validators and no ranges (RFC 9110 §13.2.1). */
export function answerWithPage(status: number, { representation, octets }: Opened, method: string): Response {
  const headers: Record<string, string> = { ...representation.fields };
  for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges', 'Content-Disposition']) delete headers[name];
  // How long a file stays as it is says nothing about when one that is missing will be there.
  if (headers['Cache-Control'] !== undefined) headers['Cache-Control'] = 'no-cache';
  if (method !== 'HEAD') return new Response(bodyOf(octets, representation.length), { status, headers });
  closeUnused(octets);
  return new Response(null, { status, headers });
}

/** The answer for a client that has what is there already; `undefined` if there is more to be said. */
export function notModifiedAnswer(representation: Representation, request: Request): Response | undefined {
  const result = evaluatePreconditions(request.method, request.headers, validatorsOf(representation));
  return result === 'not-modified' ? new Response(null, notModified(representation)) : undefined;
}

const WHOLE = Symbol('whole');

interface Part {
  readonly ranges: readonly ByteRange[];
  readonly isConditional: boolean;
}

/** What takes no octets of the representation, or which of them to send. */
function withoutOctets(representation: Representation, request: Request): Response | typeof WHOLE | Part {
  const { method, headers } = request;
  const { etag, length } = representation;
  switch (evaluatePreconditions(method, headers, validatorsOf(representation))) {
    case 'not-modified':
      return new Response(null, notModified(representation));
    case 'failed':
      return plainAnswer(method, 412, { ETag: etag });
  }
  if (method === 'HEAD') return new Response(null, representation.init);
  // RFC 9110 §14.2: Range is defined for GET alone.
  const range = representation.isRangeable ? headers.get('range') : null;
  if (range === null) return WHOLE;
  const ifRange = headers.get('if-range');
  if (ifRange !== null && !ifRangeHolds(ifRange, validatorsOfOctets(representation))) return WHOLE;
  const result = parseRange(range, length);
  if (result.kind === 'whole') return WHOLE;
  if (result.kind === 'ranges') return { ranges: result.ranges, isConditional: ifRange !== null };
  // RFC 9110 §15.5.17: with it the client learns what it could have asked for.
  return plainAnswer(method, 416, { 'Content-Range': unsatisfiedRange(length), 'Accept-Ranges': 'bytes' });
}

const validatorsOf = ({ etag, lastModified }: Representation): Validators => ({
  etag,
  lastModified,
  date: Math.floor(Date.now() / 1000),
});

/** Those that tell these octets from all others. A date that codings share does not: somebody may have a part of another one. */
const validatorsOfOctets = (representation: Representation): Validators =>
  representation.hasDateOfItsOwn
    ? validatorsOf(representation)
    : { ...validatorsOf(representation), lastModified: undefined };

const notModified = (representation: Representation) => ({
  status: 304,
  headers: representation.fieldsOfNotModified(),
});

/** Where a request for a small file ends up: nothing is made here but the response itself. */
function wholeAnswer(representation: Representation, octets: Buffer | FileHandle): Response {
  const body =
    octets === representation.content ? representation.prepared : bodyOf(octets, representation.length);
  return new Response(body, representation.init);
}

function bodyOf(octets: Buffer | FileHandle, length: number): Buffer | ReadableStream<Uint8Array> {
  return octets instanceof Uint8Array ? octets : fileBody(octets, 0, length);
}

/** 206 (RFC 9110 §15.3.7): one part, or several in multipart/byteranges. */
function partialAnswer(
  representation: Representation,
  octets: Buffer | FileHandle,
  { ranges, isConditional }: Part,
): Response {
  const { length, contentType } = representation;
  const headers: Record<string, string> = { ...representation.fields };
  // RFC 9110 §15.3.7: who asks with If-Range has them from the response before. Content-Type and Content-Encoding stay, as
  // browsers take a part without a type for one of an unknown, and with nosniff a forbidden, type.
  if (isConditional) {
    delete headers['Last-Modified'];
    delete headers['Content-Disposition'];
  }
  const only = ranges[0]!;
  if (ranges.length === 1) {
    headers['Content-Range'] = contentRange(only, length);
    headers['Content-Length'] = String(only.end - only.start);
    const body =
      octets instanceof Uint8Array
        ? octets.subarray(only.start, only.end)
        : fileBody(octets, only.start, only.end - only.start);
    return new Response(body, { status: 206, headers });
  }
  const plan = planMultipart(ranges, length, contentType);
  headers['Content-Type'] = plan.contentType;
  headers['Content-Length'] = String(plan.length);
  const parts = plan.parts.map((part) => ('text' in part ? Buffer.from(part.text) : part));
  const body =
    octets instanceof Uint8Array
      ? Buffer.concat(parts.map((part) => ('start' in part ? octets.subarray(part.start, part.end) : part)))
      : filePartsBody(octets, parts);
  return new Response(body, { status: 206, headers });
}

function closeUnused(octets: Buffer | FileHandle): void {
  if (!(octets instanceof Uint8Array)) octets.close().catch(() => {});
}
