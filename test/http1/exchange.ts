/** An exchange without a socket: a connection at the point where the response is due, and what a response starts with. */
import assert from 'node:assert/strict';
import { ResponseFields } from '../../src/http1/head/response-fields.ts';
import { Connection, type ResponseStart } from '../../src/http1/server-connection.ts';
import { HEAD } from '../../src/octets/results.ts';
import { latin1 } from '../support/each-split.ts';

export const DATE = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n';

/** A connection that has received this and answered HEAD. */
export function afterHead(raw: string): Connection {
  const connection = new Connection();
  connection.receive(latin1(raw));
  assert.equal(connection.next(), HEAD, raw);
  return connection;
}

export function fieldsOf(lines: Readonly<Record<string, string>>): ResponseFields {
  const fields = new ResponseFields();
  for (const [name, value] of Object.entries(lines)) fields.add(name, value);
  return fields;
}

/** 200 without content, but for what a test is about. */
export function responseStart(changes: Partial<ResponseStart> = {}): ResponseStart {
  const plain = { status: 200, reason: '', contentLength: 0, dateLine: DATE, serverCloses: false };
  return { ...plain, fields: new ResponseFields(), ...changes };
}
