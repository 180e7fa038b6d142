/** What an application's `error()` may answer, and what it is not asked about. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { startServer } from '../support/server-process.ts';

const server = await startServer('routes', {
  explain: true,
  serve: { limits: { maxRequestBodySize: 1_000 } },
});
after(() => server.stop());

const answerTo = (raw: string): Promise<ParsedResponse> =>
  withConnection(server, async (connection) => {
    await connection.send(raw);
    const [answer] = await connection.receiveResponses(['POST']);
    return answer!;
  });

describe('error handler', { concurrency: 4 }, () => {
  test('RFC 9110 §15.6.1: error() answers for a handler that throws, and the connection goes on', () =>
    withConnection(server, async (connection) => {
      await connection.send('GET /throw HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n');
      const answers = await connection.receiveResponses(['GET', 'GET']);
      assert.deepEqual(
        answers.map(({ status, text }) => [status, text]),
        [
          [500, 'Error'],
          [200, 'hello'],
        ],
      );
    }));

  test('RFC 9110 §15.6.1: error() answers for a response that can not be sent', async () => {
    const answer = await answerTo('GET /bad-field HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.deepEqual([answer.status, answer.text], [500, 'TypeError']);
  });

  for (const [status, chunk] of [
    [400, '5\r\nhelloX'],
    [413, `3e9\r\n${'x'.repeat(1_001)}\r\n0\r\n\r\n`],
  ] as const) {
    test(`RFC 9112 §9.6: error() is not asked about content that ends in ${status}, and the connection ends`, () =>
      withConnection(server, async (connection) => {
        const head = 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
        await connection.send(`${head}${chunk}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        const answers = await connection.receiveResponses(['POST', 'GET']);
        assert.deepEqual(
          answers.map((answer) => [answer.status, answer.field('connection')?.toLowerCase()]),
          [[status, 'close']],
        );
      }));
  }
});
