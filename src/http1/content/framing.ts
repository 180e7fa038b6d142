/**
 * Message framing: where the content of a message ends. RFC 9112 §6.3 for what is received, and RFC 9112 §6.3 with
 * RFC 9110 §8.6 for what is made here. One pure function each; smuggling is two programs answering this differently.
 */

import { Rejection } from '../../octets/rejection.ts';
import { parseContentLength, responseMayHaveContent } from '../../semantics/content-length.ts';
import { listMembers } from '../../semantics/field-syntax.ts';
import { REJECTIONS } from '../rejections.ts';
import { RESPONSE_REJECTIONS } from '../response-rejections.ts';

export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

export const NO_CONTENT: Framing = { kind: 'none' };
export const CHUNKED: Framing = { kind: 'chunked' };
export const UNTIL_CLOSE: Framing = { kind: 'until-close' };

/** What a message says about its own framing: how many lines each field has, and the value of the last one. */
export interface MessageFramingFields {
  readonly minor: number;
  readonly transferEncodingLines: number;
  readonly transferEncoding: string;
  readonly contentLengthLines: number;
  readonly contentLength: string;
}

/** How the content of a request is delimited (RFC 9112 §6.3), or why it can't be told for sure. */
export function requestFraming(fields: MessageFramingFields): Framing | Rejection {
  // RFC 9112 §6.3 item 7: a request with neither field has no content, which is what an absent declaration comes to.
  return declaredFraming(fields);
}

/** What the two fields say, whoever sent them; no content if there is neither. */
function declaredFraming(fields: MessageFramingFields): Framing | Rejection {
  if (fields.transferEncodingLines > 0) {
    // RFC 9112 §6.1: not to be sent with HTTP/1.0, and framing on such a hop is not to be trusted.
    if (fields.minor === 0) return REJECTIONS.TransferEncodingIn10;
    // RFC 9112 §6.3 item 3: both together are an attempt at smuggling or at splitting, or an error; it may be refused.
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

/** What is known of a request when its head is made. */
export interface SentRequestFacts {
  readonly method: string;
  /** Octets of content, -1 when it is not known before it ends, or `undefined` when there is none. */
  readonly contentLength: number | undefined;
}

/** Of these, that there is no content is worth saying (RFC 9110 §8.6): a server may wait for some. */
const METHODS_WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

/** How the content of a request is delimited by who sends it (RFC 9112 §6.1, §6.2). */
export function sentRequestFraming({ method, contentLength }: SentRequestFacts): Framing {
  if (contentLength === undefined)
    return METHODS_WITH_CONTENT.has(method) ? { kind: 'length', length: 0 } : NO_CONTENT;
  return contentLength < 0 ? CHUNKED : { kind: 'length', length: contentLength };
}

/** What a response says about its own framing, and what it answers. */
export interface ReceivedResponseFacts extends MessageFramingFields {
  readonly requestMethod: string;
  readonly status: number;
}

/**
 * How the content of a response is delimited for who receives it (RFC 9112 §6.3), or why it can't be told for sure.
 *
 * As strict as with requests: a response that two recipients could read differently is how one of them is given the answer
 * to somebody else's question.
 */
export function receivedResponseFraming(facts: ReceivedResponseFacts): Framing | Rejection {
  const { requestMethod, status } = facts;
  // RFC 9112 §6.3 item 2: in a 2xx to CONNECT a client MUST ignore both fields; what follows is the tunnel's.
  if (requestMethod === 'CONNECT' && status >= 200 && status < 300) return NO_CONTENT;
  const declared = declaredFraming(facts);
  if (declared instanceof Rejection) return declared;
  const declares = facts.transferEncodingLines > 0 || facts.contentLengthLines > 0;
  // Stricter than §6.3 item 1, which has them ignored: the next octets are the next response's, and nobody sends these.
  if (status < 200 && declares) return RESPONSE_REJECTIONS.InterimWithContent;
  if (!responseMayHaveContent(requestMethod, status)) return NO_CONTENT;
  // RFC 9112 §6.3 item 8: a response with neither ends where the connection does.
  return declares ? declared : UNTIL_CLOSE;
}

/** What is known of a response when its head is made. */
export interface ResponseFramingFacts {
  readonly requestMethod: string;
  readonly requestMinor: number;
  readonly status: number;
  /** Octets of content, or -1 when it is not known before it ends. */
  readonly contentLength: number;
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
