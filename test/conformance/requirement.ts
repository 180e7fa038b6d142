/**
 * The vocabulary of the conformance suite: a row is one requirement of an RFC, the octets that put it to the test, and the
 * octets that have to come back.
 */
import { REJECTIONS, type RejectionReason } from '../../src/http1/rejections.ts';
import { reasonPhrase } from '../../src/semantics/status-codes.ts';

/**
 * How the connection goes on. `open`: the next request on it is answered; `fin`: the server ends its side, and nothing that
 * is sent behind is looked at; `cut`: the answer breaks off, for there is no other way to say that it is not complete.
 */
export type Closure = 'open' | 'fin' | 'cut';

export interface Outcome {
  /** Everything the server sends, to the octet; one string for each part of `raw`. */
  readonly answers: string | readonly string[];
  readonly end: Closure;
  /** What the handler saw: method and request-target of each request. Not given: it does not matter. */
  readonly handled?: readonly string[];
}

export interface Requirement extends Outcome {
  /** An assertion with its section in front; the conformance report lists it. */
  readonly title: string;
  /** Ways to keep or break the rule that all have the same outcome; `raw` is called with each. */
  readonly each?: readonly string[];
  /** What the client sends. Of several parts, each follows when the answer to those before has arrived. */
  readonly raw: string | readonly string[] | ((variant: string) => string);
  /** The client ends its side behind the message. */
  readonly finish?: true;
  /** Which application answers; see `application.ts`. */
  readonly application?: 'tunnels';
  /** The engine is known to do otherwise; what it does instead. */
  readonly todo?: string;
}

/** `Date: …` CRLF: a date of the present, whatever the time. */
export const DATE = 'Date: …\r\n';

/** `Content-Type` of an answer that is a string. */
export const TEXT = 'Content-Type: text/plain;charset=UTF-8\r\n';

/** Request-line and Host of an ordinary request; fields and the empty line follow. */
export const GET = 'GET / HTTP/1.1\r\nHost: a\r\n';
export const ECHO = 'POST /echo HTTP/1.1\r\nHost: a\r\n';
export const CHUNKED = `${ECHO}Transfer-Encoding: chunked\r\n\r\n`;

interface AnswerParts {
  readonly status?: number;
  /** Field lines that stand before Date. */
  readonly fields?: string;
  /** The connection option of the answer. */
  readonly connection?: string;
  /** The answer is one to HEAD. */
  readonly head?: boolean;
}

/** An answer with this content, of a known length. */
export function answer(content: string, parts: AnswerParts = {}): string {
  const { status = 200, fields = TEXT, connection } = parts;
  const option = connection === undefined ? '' : `Connection: ${connection}\r\n`;
  const head = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n${fields}${DATE}Content-Length: ${content.length}\r\n${option}\r\n`;
  return parts.head === true ? head : head + content;
}

/** 200, and the connection goes on: both ends agree where the message ended. */
export function served(content: string, parts?: AnswerParts): Outcome {
  return { answers: answer(content, parts), end: 'open' };
}

/** 200, and the connection ends. */
export function servedLast(content: string, parts?: AnswerParts): Outcome {
  return { answers: answer(content, { connection: 'close', ...parts }), end: 'fin' };
}

/** Refused before any handler: the status, the sentence that says why, `close`. */
export function refused(status: number, reason: RejectionReason, parts: AnswerParts = {}): Outcome {
  const answers = refusal(status, reason, parts);
  return { answers, end: 'fin', handled: [] };
}

export function refusal(status: number, reason: RejectionReason, parts: AnswerParts = {}): string {
  const { sentence, section } = REJECTIONS[reason];
  const content = `${sentence} (${section.replace('§', 'section ')})\n`;
  const head = `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n${DATE}Content-Type: text/plain\r\nContent-Length: ${content.length}\r\nConnection: close\r\n\r\n`;
  return parts.head === true ? head : head + content;
}

/** Refused while the handler was reading the content: it never had all of it. */
export function contentRefused(status: number, reason: RejectionReason): Outcome {
  const content = `${REJECTIONS[reason].sentence}\n`;
  const answers = answer(content, { status, fields: 'Content-Type: text/plain\r\n', connection: 'close' });
  return { answers, end: 'fin', handled: ['POST /echo'] };
}

/** An answer that Serval gives where the handler gave none. */
export function plain(status: number, content: string, connection?: string): string {
  const fields = `Content-Type: text/plain\r\n${status === 503 ? 'Retry-After: 1\r\n' : ''}`;
  return answer(content, { status, fields, ...(connection === undefined ? {} : { connection }) });
}
