/** An exchange without a socket: a connection at the point where the response is due, and what a response starts with. */
import assert from 'node:assert/strict';
import { type ResponseStart, ServerConnection } from '../../src/http1/server-connection.ts';
import { MESSAGE_HEAD } from '../../src/octets/results.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { latin1 } from '../support/each-split.ts';

export const DATE = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n';

/** A connection that has received this and answered HEAD. */
export function afterHead(raw: string): ServerConnection {
  const connection = new ServerConnection();
  connection.receive(latin1(raw));
  assert.equal(connection.next(), MESSAGE_HEAD, raw);
  return connection;
}

export function fieldsOf(lines: Readonly<Record<string, string>>): FieldLines {
  const fields = new FieldLines();
  for (const [name, value] of Object.entries(lines)) fields.add(name, value);
  return fields;
}

/** 200 without content, but for what a test is about. */
export function responseStart(changes: Partial<ResponseStart> = {}): ResponseStart {
  const plain = { status: 200, reason: '', contentLength: 0, dateLine: DATE, serverCloses: false };
  return { ...plain, fields: new FieldLines(), ...changes };
}
