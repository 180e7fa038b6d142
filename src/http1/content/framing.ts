/**
 * Message framing: where the content of a message ends (RFC 9112 §6.3, and RFC 9110 §8.6 for messages that are sent). One
 * pure function for each case. Smuggling is possible when two programs on the path frame one message differently.
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

/** The framing fields of a message: how many lines each has, and the value of the last one. */
export interface MessageFramingFields {
  readonly minor: number;
  readonly transferEncodingLines: number;
  readonly transferEncoding: string;
  readonly contentLengthLines: number;
  readonly contentLength: string;
}

/** How the content of a request is delimited (RFC 9112 §6.3), or why that is not certain. */
export function requestFraming(fields: MessageFramingFields): Framing | Rejection {
  // RFC 9112 §6.3 item 7: a request with neither field has no content.
  return declaredFraming(fields);
}

/** The framing that the two fields declare, in a request or a response; no content if both are missing. */
function declaredFraming(fields: MessageFramingFields): Framing | Rejection {
  if (fields.transferEncodingLines > 0) {
    // RFC 9112 §6.1: the field must not be sent with HTTP/1.0, and the framing of such a message is not reliable.
    if (fields.minor === 0) return REJECTIONS.TransferEncodingIn10;
    // RFC 9112 §6.3 item 3: both together are an attempt at smuggling or splitting, or an error. A server may refuse them.
    if (fields.contentLengthLines > 0) return REJECTIONS.LengthAndCoding;
    // Stricter than the grammar: one line. Honest senders send one; an attacker hopes that a recipient reads only one of two.
    if (fields.transferEncodingLines > 1) return REJECTIONS.TransferEncodingSyntax;
    return transferCodingFraming(fields.transferEncoding);
  }
  if (fields.contentLengthLines > 0) {
    // RFC 9110 §8.6 allows equal values. All are refused, so there is never a choice between two.
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
  // Without chunked as the last coding, and once, the end of the content can't be found: 400 (RFC 9112 §6.1, §6.3 item 4).
  if (codings.pop() !== 'chunked') return REJECTIONS.TransferEncodingSyntax;
  const isKnown = codings.every((coding) => KNOWN_CODINGS.includes(coding));
  return isKnown ? REJECTIONS.TransferCodingUnknown : REJECTIONS.TransferEncodingSyntax;
}

/** The facts that decide the framing of a request that is sent. */
export interface SentRequestFacts {
  readonly method: string;
  /** Length of the content in bytes, -1 if it is not known before the content ends, `undefined` without content. */
  readonly contentLength: number | undefined;
}

/** Requests with these methods declare even that they have no content (RFC 9110 §8.6): a server may wait for some. */
const METHODS_WITH_CONTENT = new Set(['POST', 'PUT', 'PATCH']);

/** How a client delimits the content of a request (RFC 9112 §6.1, §6.2). */
export function sentRequestFraming({ method, contentLength }: SentRequestFacts): Framing {
  if (contentLength === undefined)
    return METHODS_WITH_CONTENT.has(method) ? { kind: 'length', length: 0 } : NO_CONTENT;
  return contentLength < 0 ? CHUNKED : { kind: 'length', length: contentLength };
}

/** The framing fields of a response, its status, and the method of the request that it answers. */
export interface ReceivedResponseFacts extends MessageFramingFields {
  readonly requestMethod: string;
  readonly status: number;
}

/**
 * How the content of a received response is delimited (RFC 9112 §6.3), or why that is not certain.
 *
 * As strict as for requests: if two recipients frame a response differently, one of them takes the rest of it for the
 * answer to another request.
 */
export function receivedResponseFraming(facts: ReceivedResponseFacts): Framing | Rejection {
  const { requestMethod, status } = facts;
  // RFC 9112 §6.3 item 2: in a 2xx to CONNECT a client MUST ignore both fields. The octets behind it belong to the tunnel.
  if (requestMethod === 'CONNECT' && status >= 200 && status < 300) return NO_CONTENT;
  const declared = declaredFraming(facts);
  if (declared instanceof Rejection) return declared;
  const declares = facts.transferEncodingLines > 0 || facts.contentLengthLines > 0;
  // Stricter than §6.3 item 1, which ignores the fields here: honest servers do not send them with an interim response.
  if (status < 200 && declares) return RESPONSE_REJECTIONS.InterimWithContent;
  if (!responseMayHaveContent(requestMethod, status)) return NO_CONTENT;
  // RFC 9112 §6.3 item 8: a response with neither field ends where the connection ends.
  return declares ? declared : UNTIL_CLOSE;
}

/** The facts that decide the framing of a response that is sent. */
export interface ResponseFramingFacts {
  readonly requestMethod: string;
  readonly requestMinor: number;
  readonly status: number;
  /** Length of the content in bytes, or -1 if it is not known before the content ends. */
  readonly contentLength: number;
}

/** How a server delimits the content of a response (RFC 9112 §6.3): by closing only if there is no other way. */
export function responseFraming(facts: ResponseFramingFacts): Framing {
  if (!responseMayHaveContent(facts.requestMethod, facts.status)) return NO_CONTENT;
  // RFC 9110 §15.3.6: 205 has no content and declares a length of 0.
  if (facts.status === 205) return { kind: 'length', length: 0 };
  if (facts.contentLength >= 0) return { kind: 'length', length: facts.contentLength };
  // An HTTP/1.0 client does not support chunked (RFC 9112 §6.1): the end of the connection ends the content.
  return facts.requestMinor >= 1 ? CHUNKED : UNTIL_CLOSE;
}
