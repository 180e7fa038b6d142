/**
 * A conversation without a socket: every request of the message is answered in one of several ways. The output must be
 * well-formed responses, at most one for each request, and the same for any pieces of the input.
 */

import type { MessageLimits } from '../../src/http1/limits.ts';
import { type ResponseStart, ServerConnection } from '../../src/http1/server-connection.ts';
import { nativeLatin1 } from '../../src/io/latin1.ts';
import { MESSAGE_HEAD, NEED_OCTETS, PAUSED, REJECTED } from '../../src/octets/results.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { parseResponses } from '../support/response-parser.ts';
import { Broken } from './broken.ts';
import { octetsOf } from './scratch.ts';

const DATE = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n';
const WELL_FORMED = 'whatever a client sends, it receives well-formed responses';

interface Conversation {
  readonly answers: string;
  readonly methods: readonly string[];
}

/** The ways to answer; one conversation uses one way. */
const STATUSES = [200, 200, 204, 205, 304, 404, 500];
const LENGTHS = [-1, 0, 5];

/** @param way chooses the responses. @returns the methods that were answered. */
export function examineConnection(
  whole: Buffer,
  pieces: readonly Uint8Array[],
  limits: MessageLimits,
  way: number,
): void {
  const { answers, methods } = converse([whole], limits, way);
  const inPieces = converse(pieces, limits, way);
  if (inPieces.answers !== answers)
    throw new Broken(
      'the same answers for any pieces',
      `${JSON.stringify(answers)} ≠ ${JSON.stringify(inPieces.answers)}`,
    );
  try {
    parseResponses(octetsOf(answers), methods, true);
  } catch (error) {
    throw new Broken(WELL_FORMED, `${(error as Error).message} in ${JSON.stringify(answers)}`);
  }
}

function converse(pieces: readonly Uint8Array[], limits: MessageLimits, way: number): Conversation {
  const connection = new ServerConnection(limits, nativeLatin1);
  const isEarly = (way & 1) === 1;
  const methods: string[] = [];
  let answers = '';
  for (const piece of pieces) {
    connection.receive(piece);
    let patience = 4 * piece.length + 8;
    for (let result = connection.next(); result !== NEED_OCTETS; result = connection.next()) {
      if (patience-- === 0) throw new Broken('decoding ends', 'more answers than octets');
      if (result === MESSAGE_HEAD) methods.push(connection.request!.method);
      if (result === REJECTED) {
        const isNext = connection.isIdle;
        const refusal = connection.refuse(connection.rejection, DATE);
        if (isNext) methods.push(refusal.endsWith('\r\n\r\n') ? 'HEAD' : 'GET');
        answers += refusal;
        if (connection.next() !== PAUSED)
          throw new Broken('a connection that is closed stays closed', 'not PAUSED');
        return { answers, methods };
      }
      if (result === PAUSED && connection.responseIsComplete) return { answers, methods };
      if (result === PAUSED || (isEarly && result === MESSAGE_HEAD)) answers += answer(connection, way);
    }
  }
  return { answers, methods };
}

function answer(connection: ServerConnection, way: number): string {
  const fields = new FieldLines();
  const isConnect = connection.request!.method === 'CONNECT';
  const status = isConnect ? 404 : STATUSES[(way >>> 1) % STATUSES.length]!;
  const mayHaveContent = status !== 204 && status !== 205 && status !== 304;
  const contentLength = mayHaveContent ? LENGTHS[(way >>> 8) % LENGTHS.length]! : 0;
  if ((way >>> 12) % 8 === 0) fields.add('Connection', 'close');
  if ((way >>> 20) % 8 === 0) fields.add('Upgrade', 'x');
  const start: ResponseStart = {
    status,
    reason: (way >>> 24) % 8 === 0 ? 'Because' : '',
    fields,
    contentLength,
    dateLine: DATE,
    serverCloses: (way >>> 16) % 8 === 0,
  };
  let text = connection.beginResponse(start);
  const encoder = connection.contentEncoder();
  if (connection.framing.kind !== 'none' && contentLength !== 0)
    text += `${encoder.before(5)}hello${encoder.after}`;
  // A response to HEAD has no content to compare a declared length with.
  text += encoder.end();
  connection.endResponse();
  return text;
}
