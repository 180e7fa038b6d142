/** The answer to GET and HEAD from one representation: preconditions, then ranges, then its content. */
import type { FileHandle } from 'node:fs/promises';
import { errorAnswer } from '../error-pages/error-answer.ts';
import { Response } from '../fetch/response.ts';
import { evaluatePreconditions, ifRangeHolds, type Validators } from '../semantics/preconditions.ts';
import { type ByteRange, contentRange, parseRange, unsatisfiedRange } from '../semantics/ranges.ts';
import type { Opened } from './lookup/file-store.ts';
import { planMultipart } from './resource/byte-ranges.ts';
import { fileBody, filePartsBody, memoryPartsBody } from './resource/file-body.ts';
import type { Representation } from './resource/representation.ts';
import { withServedPath } from './served-path.ts';

/** Takes over the handle, if the content is in an open file. */
export function answerWith({ representation, octets }: Opened, request: Request): Response {
  const answer = withoutOctets(representation, request);
  if (answer instanceof Response) closeUnused(octets);
  const response =
    answer instanceof Response
      ? answer
      : answer === WHOLE
        ? wholeAnswer(representation, octets)
        : partialAnswer(representation, octets, answer);
  return withServedPath(response, representation.servedPath);
}

/** The page of an error: it is not the content of the URL, so it has no validators and no ranges (RFC 9110 §13.2.1). */
export function answerWithPage(status: number, { representation, octets }: Opened, method: string): Response {
  const headers: Record<string, string> = { ...representation.fields };
  for (const name of ['ETag', 'Last-Modified', 'Accept-Ranges', 'Content-Disposition']) delete headers[name];
  // How long the page stays as it is says nothing about when the missing file will exist.
  if (headers['Cache-Control'] !== undefined) headers['Cache-Control'] = 'no-cache';
  if (method === 'HEAD') closeUnused(octets);
  const body = method === 'HEAD' ? null : bodyOf(octets, representation.length);
  return withServedPath(new Response(body, { status, headers }), representation.servedPath);
}

/** The answer for a client that has the representation already; `undefined` for all others. */
export function notModifiedAnswer(representation: Representation, request: Request): Response | undefined {
  const result = evaluatePreconditions(request.method, request.headers, validatorsOf(representation));
  if (result !== 'not-modified') return undefined;
  return withServedPath(new Response(null, notModified(representation)), representation.servedPath);
}

const WHOLE = Symbol('whole');

interface Part {
  readonly ranges: readonly ByteRange[];
  readonly isConditional: boolean;
}

/** The answer, if it takes no content; otherwise which part of the content to send. */
function withoutOctets(representation: Representation, request: Request): Response | typeof WHOLE | Part {
  const { method, headers } = request;
  const { etag, length } = representation;
  switch (evaluatePreconditions(method, headers, validatorsOf(representation))) {
    case 'not-modified':
      return new Response(null, notModified(representation));
    case 'failed':
      return errorAnswer(request, 412, { ETag: etag });
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
  // RFC 9110 §15.5.17: the length lets the client correct its request.
  return errorAnswer(request, 416, { 'Content-Range': unsatisfiedRange(length), 'Accept-Ranges': 'bytes' });
}

const validatorsOf = ({ etag, lastModified }: Representation): Validators => ({
  etag,
  lastModified,
  date: Math.floor(Date.now() / 1000),
});

/** Those that only this representation has. Codings of one file share their date, and a client may have a part of another. */
const validatorsOfOctets = (representation: Representation): Validators =>
  representation.hasDateOfItsOwn
    ? validatorsOf(representation)
    : { ...validatorsOf(representation), lastModified: undefined };

const notModified = (representation: Representation) => ({
  status: 304,
  headers: representation.fieldsOfNotModified(),
});

/** Most requests are for a small file in memory: nothing is made here then but the response itself. */
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
  // RFC 9110 §15.3.7: a client that sends If-Range has these from an earlier response. Content-Type and Content-Encoding
  // stay: browsers take a part without a type for one of an unknown type, which nosniff forbids.
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
    octets instanceof Uint8Array ? memoryPartsBody(octets, parts, plan.length) : filePartsBody(octets, parts);
  return new Response(body, { status: 206, headers });
}

function closeUnused(octets: Buffer | FileHandle): void {
  if (!(octets instanceof Uint8Array)) octets.close().catch(() => {});
}
