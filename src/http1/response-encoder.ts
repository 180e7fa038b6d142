/**
 * Encodes the heads of responses (RFC 9112 §4, §5, §6) as latin1 text, in which a character is an octet.
 *
 * A head is one string, so a head and a short body need one write.
 */

import type { Rejection } from '../octets/rejection.ts';
import type { FieldLines } from '../semantics/field-lines.ts';
import { isFieldValue } from '../semantics/field-syntax.ts';
import { reasonPhrase } from '../semantics/status-codes.ts';
import type { Framing } from './content/framing.ts';

/** Status lines such as `HTTP/1.1 200 OK`. The version is the server's, not that of the request (RFC 9110 §6.2). */
const statusLines = new Map<number, string>();

/**
 * status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF (RFC 9112 §4)
 *
 * @throws {TypeError} if the reason phrase can't be sent.
 */
export function serializeStatusLine(status: number, reason = ''): string {
  if (reason !== '') {
    if (!isFieldValue(reason))
      throw new TypeError(
        'The reason phrase: expected no control character and no code unit above 255 (RFC 9112 §4)',
      );
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
  /** For HEAD and 304: the length in bytes of the content that a GET would have (RFC 9110 §8.6), or -1. */
  readonly absentContentLength: number;
  readonly persists: boolean;
  readonly requestMinor: number;
  /** `Keep-Alive: timeout=…` CRLF for a connection that persists; empty to say nothing. */
  readonly keepAliveLine?: string | undefined;
  /** `Date: …` CRLF, for a response whose fields have no Date (RFC 9110 §6.6.1). */
  readonly dateLine: string;
}

/** A whole head, its empty line included. */
export function serializeResponseHead(facts: ResponseHeadFacts): string {
  const { status, fields } = facts;
  const dateLine = fields.hasDate ? '' : facts.dateLine;
  const length = declaredLength(facts.framing, facts.absentContentLength);
  const keepAliveLine = (facts.persists && facts.keepAliveLine) || '';
  const option = connectionOption(facts, keepAliveLine !== '');
  const made = MADE_HEADS[(status ^ length) & (MADE_HEADS.length - 1)]!;
  if (
    made.status === status &&
    made.length === length &&
    made.option === option &&
    made.keepAliveLine === keepAliveLine &&
    made.dateLine === dateLine &&
    made.fieldLines === fields.lines &&
    made.reason === facts.reason
  )
    return made.text;
  const statusLine = serializeStatusLine(status, facts.reason);
  const text = `${statusLine}${fields.lines}${dateLine}${framingLine(length)}${connectionLine(option)}${keepAliveLine}\r\n`;
  // This call makes V8 join the pieces, once instead of at each write.
  text.charCodeAt(0);
  made.status = status;
  made.length = length;
  made.option = option;
  made.keepAliveLine = keepAliveLine;
  made.dateLine = dateLine;
  made.fieldLines = fields.lines;
  made.reason = facts.reason;
  made.text = text;
  return text;
}

/**
 * Heads with the values that they were made of. Most responses have the same head as one shortly before, and joining 350
 * octets from six pieces costs as much as the rest of the encoder.
 */
const MADE_HEADS = Array.from({ length: 64 }, () => ({
  status: 0,
  length: 0,
  option: '',
  keepAliveLine: '',
  dateLine: '',
  fieldLines: '',
  reason: '',
  text: '',
}));

/** Where the content ends: its length, or one of these. */
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

function connectionOption(
  { persists, requestMinor, fields }: ResponseHeadFacts,
  saysKeepAlive: boolean,
): string {
  let option = persists ? '' : 'close';
  // An HTTP/1.0 client that asked for a persistent connection needs the confirmation (RFC 9112 §9.3, Appendix C.2.2).
  // Keep-Alive is a field of this hop, so the Connection field names it (RFC 9110 §7.6.1).
  if (persists && (requestMinor === 0 || saysKeepAlive)) option = 'keep-alive';
  // A sender of Upgrade also sends the connection option (RFC 9110 §7.8).
  if (fields.hasUpgrade) option = option === '' ? 'upgrade' : `${option}, upgrade`;
  return option;
}

function connectionLine(option: string): string {
  return option === '' ? '' : `Connection: ${option}\r\n`;
}

/** The complete answer to a request that is refused: the reason, the rule, and that the connection closes. */
export function serializeRejection(
  rejection: Rejection,
  requestMethod: string,
  dateLine: string,
  fields?: FieldLines,
): string {
  // ASCII, so the content type needs no charset.
  const content = `${rejection.sentence} (${rejection.section.replace('§', 'section ')})\n`;
  const contentOctets = requestMethod === 'HEAD' ? '' : content;
  return `${serializeStatusLine(rejection.status)}${dateLine}Content-Type: text/plain\r\nContent-Length: ${content.length}\r\nConnection: close\r\n${fields?.lines ?? ''}\r\n${contentOctets}`;
}

/** An interim response: a status-line and fields, never content (RFC 9110 §15.2). */
export function serializeInterimResponse(status: number, fields: FieldLines | undefined): string {
  return `${serializeStatusLine(status)}${fields === undefined ? '' : fields.lines}\r\n`;
}
