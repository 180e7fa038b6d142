/** Limits of the head that `test/tcp/limits.test.ts` does not hold yet, each at N and at N+1. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import { assertRefused, assertServed } from './expect.ts';

const server = await startServer('routes');
const unlimited = await startServer('routes', { serve: { limits: { maxHeaderSize: 0 } } });
after(async () => {
  await server.stop();
  await unlimited.stop();
});

const { MethodTooLong: TOO_LONG } = REJECTIONS;

const head = (line: string, fields = '') => `${line}\r\nHost: a\r\n${fields}\r\n`;
const methodOf = (octets: number) => head(`${'M'.repeat(octets)} /method HTTP/1.1`);
const fieldLinesOf = (count: number) => head('GET / HTTP/1.1', 'X: y\r\n'.repeat(count - 1));

describe('limits of the head', { concurrency: 4 }, () => {
  test('RFC 9110 §9.1: a method of 32 octets is dispatched as it is, one of 33 is refused', async () => {
    await assertServed(server, methodOf(32), 'M'.repeat(32));
    await assertRefused(server, methodOf(33), TOO_LONG.status, TOO_LONG.sentence);
  });

  test('RFC 9110 §9.1: a method without an end is refused before it ends', () =>
    assertRefused(server, 'M'.repeat(10_000), TOO_LONG.status, TOO_LONG.sentence));

  test('RFC 9112 §2.2: empty lines between requests are ignored up to two, as before the first', async () => {
    const first = head('GET / HTTP/1.1');
    await assertServed(server, `${first}\r\n\r\n`);
    await assertServed(server, `\r\n\r\n${first}\r\n\r\n`);
  });

  test('RFC 9112 §3: the limits are those of each head, not of the connection', async () => {
    const line = `GET /target?${'x'.repeat(8_192 - 'GET /target? HTTP/1.1'.length)} HTTP/1.1`;
    const fields = `X: ${'x'.repeat(16_384 - 'Host: a\r\nX: \r\n\r\n'.length)}\r\n`;
    await withConnection(server, async (connection) => {
      await connection.send(head(line, fields).repeat(20));
      const answers = await connection.receiveResponses(Array(20).fill('GET'));
      assert.deepEqual(
        answers.map(({ status }) => status),
        Array(20).fill(200),
      );
    });
  });

  // Beyond what may wait undecoded behind a request that is being answered: a head waits for itself.
  for (const size of [60_000, 70_000, 1_000_000]) {
    test(`RFC 9110 §5.4: with maxHeaderSize 0 a header section of ${size} octets is served`, async () => {
      await assertServed(unlimited, head('GET / HTTP/1.1', `X: ${'x'.repeat(size)}\r\n`));
    });
  }

  test('RFC 9110 §5.4: with maxHeaderSize 0 a hundred field lines are served still, a hundred and one are not', async () => {
    await assertServed(unlimited, fieldLinesOf(100));
    await assertRefused(unlimited, fieldLinesOf(101), 431, 'too many lines');
  });

  test('RFC 9112 §3: with maxHeaderSize 0 a request-line of 8,193 octets is still answered 414', () =>
    assertRefused(
      unlimited,
      head(`GET /${'x'.repeat(8_193 - 'GET / HTTP/1.1'.length)} HTTP/1.1`),
      414,
      'request-target is too long',
    ));
});
