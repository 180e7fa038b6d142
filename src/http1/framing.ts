/**
 * Message framing: where the content of a message ends. RFC 9112 §6.3 for requests, and RFC 9112 §6.3 with RFC 9110 §8.6
 * for the responses made here. One pure function each; request smuggling is two programs answering this differently.
 */
import { listMembers } from '../semantics/field-syntax.ts';
import { REJECTIONS, type Rejection } from './rejections.ts';

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

export const NO_CONTENT: Framing = { kind: 'none' };
export const CHUNKED: Framing = { kind: 'chunked' };
export const UNTIL_CLOSE: Framing = { kind: 'until-close' };

/** What a request says about its own framing: how many lines each field has, and the value of the last one. */
export interface RequestFramingFields {
  readonly minor: number;
  readonly transferEncodingLines: number;
  readonly transferEncoding: string;
  readonly contentLengthLines: number;
  readonly contentLength: string;
}

/** How the content of a request is delimited (RFC 9112 §6.3), or why it can't be told for sure. */
export function requestFraming(fields: RequestFramingFields): Framing | Rejection {
  if (fields.transferEncodingLines > 0) {
    // RFC 9112 §6.1: a client must not send it with HTTP/1.0, and framing on such a hop is not to be trusted.
    if (fields.minor === 0) return REJECTIONS.TransferEncodingIn10;
    // RFC 9112 §6.3 item 3: both together are an attempt at smuggling, or an error; a server MAY refuse.
    if (fields.contentLengthLines > 0) return REJECTIONS.LengthAndCoding;
    // Stricter than the grammar: one line. Nobody sends two but those who hope that somebody reads only one.
    if (fields.transferEncodingLines > 1) return REJECTIONS.TransferEncodingSyntax;
    return transferCodingFraming(fields.transferEncoding);
  }
  if (fields.contentLengthLines > 0) {
    // RFC 9110 §8.6 lets equal ones pass; refusing them all leaves nothing to choose from.
    if (fields.contentLengthLines > 1) return REJECTIONS.ContentLengthRepeated;
    const length = parseContentLength(fields.contentLength);
    if (length < 0) {
      const isList = fields.contentLength.includes(',');
      return isList ? REJECTIONS.ContentLengthRepeated : REJECTIONS.ContentLengthSyntax;
    }
    return length === 0 ? NO_CONTENT : { kind: 'length', length };
  }
  // RFC 9112 §6.3 item 7: a request with neither has no content.
  return NO_CONTENT;
}

const KNOWN_CODINGS = ['gzip', 'x-gzip', 'deflate', 'compress', 'x-compress'];

function transferCodingFraming(value: string): Framing | Rejection {
  // Transfer-coding names are case-insensitive (RFC 9112 §7).
  const lower = value.toLowerCase();
  if (lower === 'chunked') return CHUNKED;
  const codings = listMembers(lower);
  // chunked must be there, last and once (RFC 9112 §6.1), else the end of the content can't be found: 400 (§6.3 item 4).
  if (codings.pop() !== 'chunked') return REJECTIONS.TransferEncodingSyntax;
  const isKnown = codings.every((coding) => KNOWN_CODINGS.includes(coding));
  return isKnown ? REJECTIONS.TransferCodingUnknown : REJECTIONS.TransferEncodingSyntax;
}

/** Decimal digits only, at most 16, at most 2^53-1 (RFC 9110 §8.6). @returns the number, or -1. */
export function parseContentLength(value: string): number {
  if (value.length < 1 || value.length > 16) return -1;
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  // Above, two lengths would be one double: RFC 9110 §8.6 has a recipient prevent that.
  return length <= Number.MAX_SAFE_INTEGER ? length : -1;
}

/** What is known of a response when its head is made. */
export interface ResponseFramingFacts {
  readonly requestMethod: string;
  readonly requestMinor: number;
  readonly status: number;
  /** Octets of content, or -1 when it is not known before it ends. */
  readonly contentLength: number;
}

/** Whether this response has content on the wire at all (RFC 9112 §6.3 items 1 and 2). */
export function responseMayHaveContent(requestMethod: string, status: number): boolean {
  if (requestMethod === 'HEAD' || status === 204 || status === 304 || status < 200) return false;
  return !(requestMethod === 'CONNECT' && status < 300);
}

/** How the content of a response is delimited (RFC 9112 §6.3): by what is known, never by closing if it can be helped. */
export function responseFraming(facts: ResponseFramingFacts): Framing {
  if (!responseMayHaveContent(facts.requestMethod, facts.status)) return NO_CONTENT;
  // RFC 9110 §15.3.6: 205 has no content, and says so.
  if (facts.status === 205) return { kind: 'length', length: 0 };
  if (facts.contentLength >= 0) return { kind: 'length', length: facts.contentLength };
  // A 1.0 client does not know chunked (RFC 9112 §6.1): the close of the connection is the end.
  return facts.requestMinor >= 1 ? CHUNKED : UNTIL_CLOSE;
}
