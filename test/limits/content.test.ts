/** Limits of content that `test/tcp/limits.test.ts` does not hold yet, each at N and at N+1. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import { assertRefused, assertServed, chunked, declared } from './expect.ts';

const server = await startServer('routes');
const unlimited = await startServer('routes', { serve: { limits: { maxRequestBodySize: 0 } } });
after(async () => {
  await server.stop();
  await unlimited.stop();
});

const MIB = 2 ** 20;

describe('limits of content', { concurrency: 4 }, () => {
  test('RFC 9110 §8.6: a Content-Length of 16 digits is a number, one of 17 is answered 400', async () => {
    await assertServed(server, declared('/length', '0000000000000005', 'hello'));
    await assertRefused(server, declared('/length', '00000000000000005', 'hello'), 400, 'Content-Length');
  });

  test('RFC 9110 §8.6: a Content-Length of 2^53-1 is waited for where there is no limit, one of 2^53 is answered 400', async () => {
    await withConnection(unlimited, async (connection) => {
      await connection.send(declared('/discard', '9007199254740991'));
      const [answer] = await connection.receiveResponses(['POST']);
      assert.equal(answer?.text, 'discarded');
    });
    await assertRefused(unlimited, declared('/discard', '9007199254740992'), 400, 'Content-Length');
  });

  test('RFC 9110 §15.5.14: maxRequestBodySize 0 is no bound, in either framing', async () => {
    const size = 16 * MIB + 1;
    const content = 'x'.repeat(size);
    const byLength = await assertServed(unlimited, declared('/length', String(size), content));
    assert.equal(byLength.text, String(size));
    const chunks = `${size.toString(16)}\r\n${content}\r\n0\r\n\r\n`;
    assert.equal((await assertServed(unlimited, chunked('/length', chunks))).text, String(size));
  });

  test('RFC 9110 §15.5.14: the limit is on content, not on the octets that chunks add to it', async () => {
    const chunk = `${(MIB / 16).toString(16)};name="a value"\r\n${'x'.repeat(MIB / 16)}\r\n`;
    const answer = await assertServed(server, chunked('/length', `${chunk.repeat(256)}0\r\n\r\n`));
    assert.equal(answer.text, String(16 * MIB));
    await assertRefused(
      server,
      chunked('/length', `${chunk.repeat(256)}1\r\nx\r\n0\r\n\r\n`),
      413,
      'too large',
    );
  });

  test('RFC 9112 §7.1: a chunk-size of 16 digits is a number, one of 17 is answered 400', async () => {
    await assertServed(server, chunked('/length', '0000000000000005\r\nhello\r\n0\r\n\r\n'));
    await assertServed(server, chunked('/length', '5\r\nhello\r\n0000000000000000\r\n\r\n'));
    const tooLong = chunked('/length', '00000000000000005\r\nhello\r\n0\r\n\r\n');
    await assertRefused(server, tooLong, 400, 'chunk-size');
    await assertRefused(
      server,
      chunked('/length', '5\r\nhello\r\n00000000000000000\r\n\r\n'),
      400,
      'chunk-size',
    );
  });

  test('RFC 9112 §7.1: a chunk-size of 2^53-1 is waited for where there is no limit, one of 2^53 is answered 400', async () => {
    await withConnection(unlimited, async (connection) => {
      await connection.send(chunked('/echo', '1fffffffffffff\r\nhello'));
      const { end, text } = await connection.receiveAll(300);
      assert.deepEqual([end, text], ['timeout', '']);
    });
    await assertRefused(unlimited, chunked('/echo', '20000000000000\r\nhello'), 400, 'chunk-size');
  });

  test('RFC 9112 §7.1.1: the limit of 4,096 octets of extension is each chunk’s own', async () => {
    const chunk = `1;${'a'.repeat(4_095)}\r\nx\r\n`;
    // Fifteen of them fit into the octets of framing that are free.
    const answer = await assertServed(server, chunked('/length', `${chunk.repeat(15)}0\r\n\r\n`));
    assert.equal(answer.text, '15');
  });

  test('RFC 9112 §7.1: 65,533 chunks of one octet and the last-chunk are served, one more is answered 400', async () => {
    // Five octets of framing each and three of the last-chunk: 64 KiB and four for each octet of content.
    const chunks = (count: number) => chunked('/length', `${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`);
    assert.equal((await assertServed(server, chunks(65_533))).text, '65533');
    await assertRefused(server, chunks(65_534), 400, 'too small');
  });

  test('RFC 9112 §7.1: chunks of two octets are served without end', async () => {
    const answer = await assertServed(
      server,
      chunked('/length', `${'2\r\nxx\r\n'.repeat(500_000)}0\r\n\r\n`),
    );
    assert.equal(answer.text, '1000000');
  });

  test('RFC 9112 §7.1.2: a hundred trailer fields are served, a hundred and one are answered 431', async () => {
    const trailers = (count: number) => chunked('/length', `0\r\n${'X: y\r\n'.repeat(count)}\r\n`);
    await assertServed(server, trailers(100));
    await assertRefused(server, trailers(101), 431, 'too many lines');
  });
});

describe('content that nobody reads', { concurrency: 4 }, () => {
  for (const [framing, message] of Object.entries({
    'by its length': (size: number) => declared('/discard', String(size), 'x'.repeat(size)),
    'in one chunk': (size: number) =>
      chunked('/discard', `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`),
  })) {
    test(`RFC 9112 §9.3: 65,536 octets ${framing} keep the connection, one more ends it behind the answer`, async () => {
      await assertServed(server, message(65_536));
      await withConnection(server, async (connection) => {
        await connection.send(`${message(65_537)}GET /target?next HTTP/1.1\r\nHost: a\r\n\r\n`);
        const { end } = await connection.receiveAll();
        const answers = await connection.receiveResponses(['POST', 'GET']);
        assert.deepEqual([end, ...answers.map(({ text }) => text)], ['fin', 'discarded']);
      });
    });
  }
});
