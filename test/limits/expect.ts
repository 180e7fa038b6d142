/** What a limit does at N, and at N+1. */
import assert from 'node:assert/strict';
import { type Target, withConnection } from '../support/raw-client.ts';
import type { ParsedResponse } from '../support/response-parser.ts';

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** The message is served, and so is the request behind it. */
export async function assertServed(target: Target, raw: string, method = 'GET'): Promise<ParsedResponse> {
  return withConnection(target, async (connection) => {
    await connection.send(raw + NEXT);
    const { end } = await connection.receiveAll();
    const answers = await connection.receiveResponses([method, 'GET']);
    const statuses = answers.map((answer) => answer.status);
    assert.deepEqual([end, ...statuses], ['fin', 200, 200], shortened(connection.transcript()));
    return answers[0]!;
  });
}

/** The message gets one whole answer that refuses it for this reason, then a FIN, and nothing behind it is looked at. */
export async function assertRefused(
  target: Target,
  raw: string,
  status: number,
  sentence: string,
): Promise<void> {
  await withConnection(target, async (connection) => {
    await connection.send(raw + NEXT);
    const { end } = await connection.receiveAll();
    const answers = await connection.receiveResponses(['GET', 'GET']);
    assert.deepEqual([end, answers.length], ['fin', 1], shortened(connection.transcript()));
    assert.equal(answers[0]!.status, status, shortened(connection.transcript()));
    assert.match(answers[0]!.text, new RegExp(sentence));
    assert.equal(answers[0]!.field('connection'), 'close');
  });
}

export const chunked = (path: string, content: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${content}`;

export const declared = (path: string, length: string, content = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${content}`;

const shortened = (transcript: string) => transcript.slice(0, 2_000);
