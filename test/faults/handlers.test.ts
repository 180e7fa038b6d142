/**
 * Handlers that misbehave, over TCP: the client gets a whole answer, or one that is plainly cut off; whoever comes behind on
 * the connection gets its own answer or none; nobody else notices, and nothing of the error is told.
 */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { IncompleteResponse, parseResponses } from '../support/response-parser.ts';
import { startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const server = await startServer('../../faults/servers/misbehaving');
after(() => server.stop());

const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;

/** Sends the request and, pipelined, a good one. */
async function answersTo(path: string): Promise<{ text: string; end: string; transcript: string }> {
  return withConnection(server, async (connection) => {
    await connection.send(get(path) + get('/', 'Connection: close\r\n'));
    const { text, end } = await connection.receiveAll();
    assert.doesNotMatch(text, /SECRET|Error:|\.[jt]s/, 'no detail goes out');
    return { text, end, transcript: connection.transcript() };
  });
}

async function assertHealthy(): Promise<void> {
  await until('every connection is gone', async () => (await server.command<number>('connections')) === 0);
  const { text } = await answersTo('/');
  assert.equal(text.match(/^hello/gm)?.length, 2, text);
}

async function seen(count: number): Promise<string[]> {
  const all: string[] = [];
  await until(`${count} things are seen`, async () => {
    all.push(...(await server.command<string[]>('seen')));
    return all.length >= count;
  });
  return all;
}

describe('a handler that misbehaves', () => {
  const WHOLE: Record<string, readonly number[]> = {
    '/throws': [500, 200],
    '/throws-nothing': [500, 200],
    '/rejects': [500, 200],
    '/rejects-late': [500, 200],
    '/returns-nothing': [500, 200],
    '/returns-a-string': [500, 200],
    '/overflows': [500, 200],
    '/short-text': [500, 200],
    '/long-text': [500, 200],
    '/short-octets': [500, 200],
    '/long-octets': [500, 200],
    '/length-without-content': [500, 200],
    '/stream-is-locked': [500, 200],
    '/splits': [500, 200],
    // It is what answers the client that denied it, and a denial is the connection's last word.
    '/denies-and-answers': [503],
    '/denies-twice': [503],
    '/informs-after-denial': [503],
    '/answers-then-throws': [200, 200],
  };
  for (const [path, expected] of Object.entries(WHOLE)) {
    test(`RFC 9110 §15.6.1: ${path}: ${expected.join(', ')}`, async () => {
      const { text, end, transcript } = await answersTo(path);
      assert.equal(end, 'fin', transcript);
      const answers = parseResponses(Buffer.from(text, 'latin1'), ['GET', 'GET'], true);
      assert.deepEqual(
        answers.map(({ status }) => status),
        expected,
        transcript,
      );
      if (expected.length === 2) assert.equal(answers[1]?.text, 'hello');
      await assertHealthy();
    });
  }

  for (const path of [
    '/short-stream',
    '/long-piece',
    '/short-native',
    '/long-native',
    '/stream-throws',
    '/stream-of-objects',
  ]) {
    test(`RFC 9112 §8: ${path}: no answer that could pass for complete, and none behind it`, async () => {
      const { text, transcript } = await answersTo(path);
      assert.ok((text.match(/HTTP\/1\.1 /g)?.length ?? 0) <= 1, transcript);
      if (/^HTTP\/1\.1 500 /.test(text)) assert.fail(`it was not committed?\n${transcript}`);
      assert.throws(
        () => {
          const answers = parseResponses(Buffer.from(text, 'latin1'), ['GET'], true);
          if (answers.length === 0) throw new IncompleteResponse('nothing at all');
        },
        IncompleteResponse,
        transcript,
      );
      await assertHealthy();
    });
  }

  test('RFC 9110 §8.6: /long-stream: what was promised, not an octet more, and no answer behind it', async () => {
    const { text, transcript } = await answersTo('/long-stream');
    const answers = parseResponses(Buffer.from(text, 'latin1'), ['GET', 'GET'], true);
    assert.deepEqual(
      answers.map((answer) => answer.text),
      ['hello'],
      transcript,
    );
    await assertHealthy();
  });

  test('RFC 9110 §15.6.1: a stream that fails before its first octet: a 500, or nothing that could pass for complete', async () => {
    const { text, transcript } = await answersTo('/stream-throws-at-once');
    assert.doesNotMatch(text, /^HTTP\/1\.1 2\d\d [\s\S]*\r\n\r\n0\r\n\r\n/, transcript);
    assert.doesNotMatch(text, /hello/, transcript);
    await assertHealthy();
  });

  test('RFC 9112 §6.1: what it says about the framing is Serval’s to say', async () => {
    const { text, end, transcript } = await answersTo('/frames-by-itself');
    assert.equal(end, 'fin', transcript);
    const answers = parseResponses(Buffer.from(text, 'latin1'), ['GET', 'GET'], true);
    assert.equal(answers[0]?.framing, 'content-length');
    assert.equal(answers[1]?.text, 'hello');
  });

  test('RFC 9110 §8.6: a Content-Length that is no number is a 500', async () => {
    const { text } = await answersTo('/length-that-is-none');
    assert.match(text, /^HTTP\/1\.1 500 /);
    await assertHealthy();
  });

  test('RFC 9112 §9.3.2: the same Response for two requests is never half an answer', async () => {
    for (let request = 0; request < 3; request++) {
      const { text, end, transcript } = await answersTo('/answers-the-same-twice');
      assert.equal(end, 'fin', transcript);
      const answers = parseResponses(Buffer.from(text, 'latin1'), ['GET', 'GET'], true);
      assert.equal(answers.length, 2, transcript);
      const [first] = answers;
      assert.ok(first?.status === 500 || first?.text === 'the same', transcript);
    }
    await assertHealthy();
  });

  test('RFC 9110 §15.2: an interim response after the answer throws InvalidStateError and sends nothing', () =>
    withConnection(server, async (connection) => {
      await server.command('seen');
      await connection.send(get('/informs-after-answering'));
      await connection.receiveResponses(['GET']);
      assert.deepEqual(await seen(1), ['InvalidStateError']);
      await connection.send(get('/'));
      assert.equal((await connection.receiveResponses(['GET', 'GET']))[1]?.text, 'hello');
    }));

  test('RFC 9112 §9.5: one that never answers keeps its connection, and hears when the client goes', async () => {
    await server.command('seen');
    await withConnection(server, async (connection) => {
      await connection.send(get('/never') + get('/'));
      assert.equal((await connection.receiveAll(300)).end, 'timeout');
      assert.equal(connection.receivedOctets, 0, 'nobody overtakes it');
      connection.reset();
    });
    assert.deepEqual(await seen(1), ['aborted ERR_HTTP_CONNECTION_RESET']);
    await assertHealthy();
  });

  test('RFC 9112 §7.1: a stream that stops half-way keeps its connection, and sends no last-chunk', () =>
    withConnection(server, async (connection) => {
      await connection.send(get('/stream-hangs'));
      await connection.receiveText('hello');
      const { end, text } = await connection.receiveAll(200);
      assert.equal(end, 'timeout');
      assert.doesNotMatch(text, /\r\n0\r\n/);
      connection.reset();
    }));

  for (const [what, expected] of [
    ['throws', ['accepted', 'tunnel ERR_HTTP_CONNECT_ERROR']],
    ['answers', ['accepted']],
  ] as const) {
    test(`RFC 9110 §7.8: connect() that ${what} after accept(): nothing of it enters the tunnel`, async () => {
      await server.command('seen');
      await withConnection(server, async (connection) => {
        await connection.send(get(`/${what}`, 'Connection: upgrade\r\nUpgrade: x\r\n'));
        await connection.receiveText('\r\n\r\n');
        const { text } = await connection.receiveAll(200);
        assert.match(text, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/);
        connection.reset();
      });
      assert.deepEqual((await seen(expected.length)).slice(0, expected.length), expected);
      await assertHealthy();
    });
  }
});
