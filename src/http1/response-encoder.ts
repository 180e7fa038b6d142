/**
 * Responses to octets (RFC 9112 §4, §5, §6), as latin1 text: one character is one octet.
 *
 * The head is one string, so that a head and a short body become one write.
 */

import type { Rejection } from '../octets/rejection.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import { isFieldValue } from '../semantics/field-syntax.ts';
import { reasonPhrase } from '../semantics/status-codes.ts';
import type { Framing } from './content/framing.ts';

/** `HTTP/1.1 200 OK` CRLF and its siblings, made once. The version is ours, not the request's (RFC 9110 §6.2). */
const statusLines = new Map<number, string>();

/**
 * status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF (RFC 9112 §4)
 *
 * @throws {TypeError} if the reason phrase can't be sent.
 */
export function serializeStatusLine(status: number, reason = ''): string {
  if (reason !== '') {
    if (!isFieldValue(reason)) throw new TypeError("The reason phrase can't be sent (RFC 9112 §4)");
    return `HTTP/1.1 ${status} ${reason}\r\n`;
  }
  let line = statusLines.get(status);
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n`;
    statusLines.set(status, line);
  }
  return line;
}

export interface ResponseHeadFacts {
  readonly status: number;
  readonly reason: string;
  readonly fields: FieldLines;
  readonly framing: Framing;
  /** Octets of content that GET would have had, for HEAD and 304 (RFC 9110 §8.6), or -1. */
  readonly absentContentLength: number;
  readonly persists: boolean;
  readonly requestMinor: number;
  /** `Date: …` CRLF, for a response that has no Date of its own (RFC 9110 §6.6.1). */
  readonly dateLine: string;
}

/** A whole head, its empty line included. */
export function serializeResponseHead(facts: ResponseHeadFacts): string {
  const { status, fields } = facts;
  const dateLine = fields.hasDate ? '' : facts.dateLine;
  const length = declaredLength(facts.framing, facts.absentContentLength);
  const option = connectionOption(facts);
  const made = MADE_HEADS[(status ^ length) & (MADE_HEADS.length - 1)]!;
  if (
    made.status === status &&
    made.length === length &&
    made.option === option &&
    made.dateLine === dateLine &&
    made.fieldLines === fields.lines &&
    made.reason === facts.reason
  )
    return made.text;
  const statusLine = serializeStatusLine(status, facts.reason);
  const text = `${statusLine}${fields.lines}${dateLine}${framingLine(length)}${connectionLine(option)}\r\n`;
  // Looking into it makes V8 put the pieces together, once instead of at each write.
  text.charCodeAt(0);
  made.status = status;
  made.length = length;
  made.option = option;
  made.dateLine = dateLine;
  made.fieldLines = fields.lines;
  made.reason = facts.reason;
  made.text = text;
  return text;
}

/**
 * Heads that were made, and what of: most responses begin as one did shortly before, and 350 octets put together from six
 * pieces cost as much as all the rest of the encoder.
 */
const MADE_HEADS = Array.from({ length: 64 }, () => ({
  status: 0,
  length: 0,
  option: '',
  dateLine: '',
  fieldLines: '',
  reason: '',
  text: '',
}));

/** What says where the content ends: its length, or one of these. */
const UNDECLARED = -1;
const IN_CHUNKS = -2;

function declaredLength(framing: Framing, absentContentLength: number): number {
  if (framing.kind === 'length') return framing.length;
  return framing.kind === 'chunked' ? IN_CHUNKS : absentContentLength;
}

function framingLine(length: number): string {
  if (length === UNDECLARED) return '';
  return length === IN_CHUNKS ? 'Transfer-Encoding: chunked\r\n' : `Content-Length: ${length}\r\n`;
}

function connectionOption({ persists, requestMinor, fields }: ResponseHeadFacts): string {
  let option = persists ? '' : 'close';
  // An HTTP/1.0 client that asked has to be told that it got what it asked for (RFC 9112 §9.3, Appendix C.2.2).
  if (persists && requestMinor === 0) option = 'keep-alive';
  // Who sends Upgrade also sends the connection option (RFC 9110 §7.8).
  if (fields.hasUpgrade) option = option === '' ? 'upgrade' : `${option}, upgrade`;
  return option;
}

function connectionLine(option: string): string {
  return option === '' ? '' : `Connection: ${option}\r\n`;
}

/** The whole answer to a request that is refused: why, by which rule, and that the connection closes. */
export function serializeRejection(rejection: Rejection, requestMethod: string, dateLine: string): string {
  // In ASCII, so that the reader needs no charset.
  const content = `${rejection.sentence} (${rejection.section.replace('§', 'section ')})\n`;
  const contentOctets = requestMethod === 'HEAD' ? '' : content;
  return `${serializeStatusLine(rejection.status)}${dateLine}Content-Type: text/plain\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\n${contentOctets}`;
}

/** An interim response: a status-line and fields, never content (RFC 9110 §15.2). */
export function serializeInterimResponse(status: number, fields: FieldLines | undefined): string {
  return `${serializeStatusLine(status)}${fields === undefined ? '' : fields.lines}\r\n`;
}
