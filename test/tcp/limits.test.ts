/** Every limit at N, which passes, and at N+1, which does not. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type SendOptions, type Target, withConnection } from '../support/raw-client.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import { until } from '../support/until.ts';

const server = await startServer('routes');
const tight = await startServer('routes', {
  serve: { limits: { maxHeaderSize: 1_024, maxRequestBodySize: 1_000, maxRequestsPerConnection: 3 } },
});
after(async () => {
  await server.stop();
  await tight.stop();
});

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

/** The message is served, and so is the request behind it. */
async function assertServed(target: Target, raw: string, options?: SendOptions): Promise<ParsedResponse> {
  return withConnection(target, async (connection) => {
    await connection.send(raw, options);
    await connection.send(NEXT);
    const received = await connection.receiveAll();
    assert.equal(received.end, 'fin', connection.transcript());
    const answers = await connection.receiveResponses(['GET', 'GET']);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200],
      connection.transcript(),
    );
    return answers[0]!;
  });
}

/** The message gets one whole answer that refuses it, and a FIN. @returns what the handler saw of it. */
async function assertRefused(target: typeof server, raw: string, status: number): Promise<ConnectionRecord> {
  return withConnection(target, async (connection) => {
    await connection.send(raw);
    const received = await connection.receiveAll();
    assert.equal(received.end, 'fin', connection.transcript());
    const answers = await connection.receiveResponses(['GET', 'GET']);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [status],
      connection.transcript(),
    );
    assert.match(answers[0]?.field('connection') ?? '', /^close$/i);
    return target.command<ConnectionRecord>('connection', connection.localPort);
  });
}

/** A head whose request-line has this many octets, CRLF apart. */
function requestLineOf(octets: number): string {
  const line = 'GET /target? HTTP/1.1';
  return `${line.replace('?', `?${'x'.repeat(octets - line.length)}`)}\r\nHost: a\r\n\r\n`;
}

/** A head whose header section has this many octets, the empty line included. */
function fieldSectionOf(octets: number): string {
  const rest = 'Host: a\r\nX: \r\n\r\n';
  return `GET / HTTP/1.1\r\n${rest.replace('X: ', `X: ${'x'.repeat(octets - rest.length)}`)}`;
}

/** A head with this many field lines, Host among them. */
function fieldLinesOf(count: number): string {
  return `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(count - 1)}\r\n`;
}

const chunked = (path: string, content: string) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${content}`;
const declared = (size: number, content = 'x'.repeat(size)) =>
  `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${content}`;

describe('limits of the head', { concurrency: 8 }, () => {
  test('RFC 9112 §3: a request-line of 8,192 octets is served, one of 8,193 is answered 414', async () => {
    await assertServed(server, requestLineOf(8_192));
    const { handled } = await assertRefused(server, requestLineOf(8_193), 414);
    assert.deepEqual(handled, []);
  });

  test('RFC 9112 §3: a request-line of 8,000 octets is served when it arrives in pieces', async () => {
    await assertServed(server, requestLineOf(8_000), { pieces: [1, 4_000, 7_999], delay: 20 });
  });

  test('RFC 9110 §5.4: a header section of 16,384 octets is served, one of 16,385 is answered 431', async () => {
    await assertServed(server, fieldSectionOf(16_384));
    const { handled } = await assertRefused(server, fieldSectionOf(16_385), 431);
    assert.deepEqual(handled, []);
  });

  test('RFC 9110 §5.4: maxHeaderSize is kept to the octet', async () => {
    await assertServed(tight, fieldSectionOf(1_024));
    const { handled } = await assertRefused(tight, fieldSectionOf(1_025), 431);
    assert.deepEqual(handled, []);
  });

  test('RFC 9110 §5.4: a hundred field lines are served, a hundred and one are answered 431', async () => {
    await assertServed(server, fieldLinesOf(100));
    const { handled } = await assertRefused(server, fieldLinesOf(101), 431);
    assert.deepEqual(handled, []);
  });

  test('RFC 9112 §3: a request-line without an end is answered 414 before it ends', async () => {
    await assertRefused(server, `GET /${'x'.repeat(20_000)}`, 414);
  });

  test('RFC 9110 §5.4: a field line without an end is answered 431 before it ends', async () => {
    await assertRefused(server, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}`, 431);
  });
});

describe('limits of the content', { concurrency: 8 }, () => {
  test('RFC 9110 §15.5.14: declared content of maxRequestBodySize is served, one octet more is answered 413 undispatched', async () => {
    const answer = await assertServed(tight, declared(1_000));
    assert.equal(answer.content.length, 1_000);
    const { handled } = await assertRefused(tight, declared(1_001), 413);
    assert.deepEqual(handled, []);
  });

  test('RFC 9110 §15.5.14: declared content that is too large is answered 413 before any of it arrives', async () => {
    await assertRefused(tight, declared(1_001, ''), 413);
  });

  test('RFC 9110 §10.1.1: declared content that is too large is answered 413 instead of 100', () =>
    withConnection(tight, async (connection) => {
      await connection.send(declared(1_001, '').replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
      const received = await connection.receiveAll();
      assert.match(received.text, /^HTTP\/1\.1 413 /, connection.transcript());
    }));

  test('RFC 9110 §15.5.14: chunked content of maxRequestBodySize is served, one octet more is answered 413', async () => {
    const answer = await assertServed(
      tight,
      chunked('/echo', `3e7\r\n${'x'.repeat(999)}\r\n1\r\ny\r\n0\r\n\r\n`),
    );
    assert.equal(answer.content.length, 1_000);
    const { outcomes } = await assertRefused(
      tight,
      chunked('/echo', `3e8\r\n${'x'.repeat(1_000)}\r\n1\r\ny\r\n0\r\n\r\n`),
      413,
    );
    assert.deepEqual(outcomes, ['failed ERR_HTTP_CONTENT_TOO_LARGE']);
  });

  test('RFC 9110 §15.5.14: 16 MiB are served by default, and an octet more is answered 413', async () => {
    await assertRefused(server, declared(16 * 1_048_576 + 1, ''), 413);
    const raw = declared(16 * 1_048_576);
    const answer = await assertServed(server, raw.replace('/echo', '/length'));
    assert.equal(answer.text, `${16 * 1_048_576}`);
  });

  test('RFC 9112 §7.1.1: 4,096 octets of extension are served in one chunk, 4,097 are answered 400', async () => {
    const withExtension = (octets: number) =>
      chunked('/echo', `5;${'a'.repeat(octets - 1)}\r\nhello\r\n0\r\n\r\n`);
    await assertServed(server, withExtension(4_096));
    await assertRefused(server, withExtension(4_097), 400);
  });

  test('RFC 9112 §7.1.2: a trailer section of 4,096 octets is served, one of 4,097 is answered 431', async () => {
    const withTrailers = (octets: number) =>
      chunked('/echo', `0\r\nX: ${'a'.repeat(octets - 'X: \r\n\r\n'.length)}\r\n\r\n`);
    await assertServed(server, withTrailers(4_096));
    await assertRefused(server, withTrailers(4_097), 431);
  });

  test('RFC 9112 §7.1: many small chunks are served, a million chunks of one octet are answered 400', async () => {
    const answer = await assertServed(server, chunked('/echo', `${'1\r\nx\r\n'.repeat(60_000)}0\r\n\r\n`));
    assert.equal(answer.content.length, 60_000);
    const before = await server.rss();
    await assertRefused(server, chunked('/echo', `${'1\r\nx\r\n'.repeat(1_000_000)}0\r\n\r\n`), 400);
    const grown = (await server.rss()) - before;
    assert.ok(grown < 100_000_000, `the server grew by ${Math.round(grown / 1e6)} MB`);
  });
});

describe('limits of the connection', () => {
  test('RFC 9112 §9.6: the last of maxRequestsPerConnection answers says close, and nothing behind it is answered', () =>
    withConnection(tight, async (connection) => {
      await connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5));
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const answers = await connection.receiveResponses(Array(5).fill('GET'));
      assert.deepEqual(
        answers.map((answer) => answer.field('connection')?.toLowerCase()),
        ['keep-alive', 'keep-alive', 'close'],
      );
    }));

  test('RFC 9112 §9.4: one connection more than maxConnections is not served until another one ends', async () => {
    const narrow = await startServer('routes', { serve: { limits: { maxConnections: 2 } } });
    try {
      await withConnection(narrow, (first) =>
        withConnection(narrow, async (second) => {
          for (const connection of [first, second]) {
            await connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
            assert.equal((await connection.receiveResponses(['GET'])).length, 1);
          }
          await withConnection(narrow, async (third) => {
            await third.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
            const received = await third.receiveAll(500);
            assert.equal(received.text.includes(' 200 '), false, third.transcript());
          });
          first.close();
          await untilServed(narrow);
        }),
      );
    } finally {
      await narrow.stop();
    }
  });
});

/** Waits until a new connection is served. */
async function untilServed(target: Target): Promise<void> {
  await until('a new connection is served', () =>
    withConnection(target, async (connection) => {
      await connection.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      return (await connection.receiveAll(500)).text.includes(' 200 ');
    }),
  );
}
