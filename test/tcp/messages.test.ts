/** How responses are delimited and ordered, seen by a client that parses strictly. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type RawConnection, withConnection } from '../support/raw-client.ts';
import type { ParsedResponse } from '../support/response-parser.ts';
import { startBothFlavours } from '../support/server-process.ts';

const servers = await startBothFlavours('routes', { serve: { halfOpen: true } });
after(() => Promise.all(servers.map(([, server]) => server.stop())));

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

for (const [flavour, server] of servers) {
  /** Sends one request and, when the connection has to go on, another one behind it. */
  const answerTo = (head: string, { closes = false } = {}): Promise<ParsedResponse> =>
    withConnection(server, async (connection) => {
      const method = head.slice(0, head.indexOf(' '));
      await connection.send(`${head}\r\n\r\n${closes ? '' : NEXT}`);
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const answers = await connection.receiveResponses(closes ? [method] : [method, 'GET']);
      assert.equal(answers.length, closes ? 1 : 2, connection.transcript());
      if (!closes) assert.equal(answers[1]?.text, '/target?next');
      return answers[0]!;
    });

  const get = (path: string) => answerTo(`GET ${path} HTTP/1.1\r\nHost: a`);

  describe(`messages, with the ${flavour} Response`, { concurrency: 8 }, () => {
    test('RFC 9112 §6.2: content of known length carries Content-Length', async () => {
      const answer = await get('/');
      assert.equal(answer.framing, 'content-length');
      assert.equal(answer.text, 'hello');
    });

    test('RFC 9110 §8.6: Content-Length counts octets, not characters', async () => {
      const answer = await get('/utf8');
      assert.equal(answer.field('content-length'), '9');
      assert.equal(Buffer.from(answer.content).toString('utf8'), 'caf\u00e9 \u2603');
    });

    test('RFC 9112 §7.1: content of unknown length is chunked, a chunk for each piece of the stream', async () => {
      const answer = await get('/stream?n=3&size=5');
      assert.equal(answer.framing, 'chunked');
      assert.deepEqual(answer.chunkSizes, [5, 5, 5]);
      assert.equal(answer.text, 'x'.repeat(15));
    });

    test('RFC 9112 §7.1: an empty piece of a stream is never the last-chunk', async () => {
      const answer = await get('/stream?n=3&size=0');
      assert.equal(answer.text, '');
    });

    test('RFC 9112 §7.1: a stream of a megabyte arrives whole', async () => {
      const answer = await get('/stream?n=16&size=65536');
      assert.equal(answer.content.length, 16 * 65_536);
    });

    test('RFC 9112 §7.1: a piece of a stream is sent when it is there, not when the next one comes', () =>
      withConnection(server, async (connection) => {
        await connection.send('GET /sse?name=events HTTP/1.1\r\nHost: a\r\n\r\n');
        const first = await connection.receiveText('data: first\n\n');
        assert.ok(!first.text.includes('second'), connection.transcript());
        await server.command('release', 'events');
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.text, 'data: first\n\ndata: second\n\n');
      }));

    test('RFC 9112 §6.3: an HTTP/1.0 client gets content of unknown length delimited by closing', async () => {
      const answer = await answerTo('GET /stream?n=3&size=5 HTTP/1.0\r\nHost: a', { closes: true });
      assert.equal(answer.framing, 'close');
      assert.equal(answer.field('transfer-encoding'), undefined);
      assert.equal(answer.text, 'x'.repeat(15));
    });

    test('RFC 9112 §6.2: an HTTP/1.0 client gets content of known length with Content-Length', async () => {
      const answer = await answerTo('GET / HTTP/1.0\r\nHost: a', { closes: true });
      assert.equal(answer.framing, 'content-length');
      assert.equal(answer.text, 'hello');
    });

    test('RFC 9110 §9.3.2: HEAD gets the head that GET would get, and no content', async () => {
      const [head, full] = await Promise.all([
        answerTo('HEAD /fixed?size=70000 HTTP/1.1\r\nHost: a'),
        get('/fixed?size=70000'),
      ]);
      assert.equal(head.framing, 'none');
      // What is known only once the content has been made may be left out: native bodies hide their length.
      assert.ok(['70000', undefined].includes(head.field('content-length')));
      if (flavour === 'serval') assert.equal(head.field('content-length'), '70000');
      const names = (answer: ParsedResponse) =>
        answer.fields
          .map(([name]) => name.toLowerCase())
          .filter((name) => name !== 'content-length' && name !== 'transfer-encoding');
      assert.deepEqual(names(head).sort(), names(full).sort());
    });

    test('RFC 9110 §9.3.2: HEAD of a stream gets no content either', async () => {
      const answer = await answerTo('HEAD /stream HTTP/1.1\r\nHost: a');
      assert.equal(answer.framing, 'none');
      assert.equal(answer.content.length, 0);
    });

    test('RFC 9112 §6.3: 204 and 304 have no content', async () => {
      for (const code of [204, 304]) {
        const answer = await get(`/status?code=${code}`);
        assert.equal(answer.status, code);
        assert.equal(answer.framing, 'none');
      }
    });

    test('RFC 9110 §8.6: a 204 has no Content-Length, whatever the handler says', async () => {
      const answer = await get('/no-content-with-length');
      assert.equal(answer.status, 204);
      assert.equal(answer.field('content-length'), undefined);
    });

    test('RFC 9110 §15.4.5: a 304 carries the fields of the handler', async () => {
      assert.equal((await get('/not-modified')).field('etag'), '"a"');
    });

    test('RFC 9110 §15.3.6: a 205 has no content, and its end can be seen', async () => {
      const answer = await get('/status?code=205');
      assert.equal(answer.status, 205);
      assert.equal(answer.content.length, 0);
    });

    test('RFC 9110 §15: status and content reach the client as the handler gave them', async () => {
      for (const code of [200, 201, 206, 299, 301, 400, 404, 418, 499, 500, 503, 599]) {
        const answer = await get(`/status?code=${code}`);
        assert.equal(answer.status, code);
        assert.equal(answer.text, `status ${code}`);
      }
    });

    test('RFC 9112 §6.3: a stream that is shorter than its Content-Length ends in a cut connection', () =>
      cutOff(server.port, '/length-short', 'hello'));

    test('RFC 9112 §6.3: a stream that is longer than its Content-Length never sends the rest', () =>
      withConnection(server, async (connection) => {
        await connection.send(`GET /length-long HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`);
        const { text } = await connection.receiveAll();
        assert.ok(!text.includes('hello w'), connection.transcript());
      }));

    test('RFC 9112 §8: a stream that fails ends in a cut connection, not in a last-chunk', () =>
      cutOff(server.port, '/stream-error', 'hello'));

    test('RFC 9110 §5.5: a CR LF in a field value of the handler is a 500 and never on the wire', async () => {
      const answer = await get('/bad-field');
      assert.equal(answer.status, 500);
      assert.equal(answer.field('x-smuggled'), undefined);
      assert.ok(!answer.text.includes('smuggled'));
    });

    test('RFC 9112 §4: a CR LF in the reason phrase of the handler is a 500 and never on the wire', async () => {
      const answer = await get('/bad-reason');
      assert.equal(answer.status, 500);
      assert.equal(answer.field('x-smuggled'), undefined);
    });

    test('RFC 9110 §15.6.1: a handler that throws or rejects is a 500 without a detail', async () => {
      for (const path of ['/throw', '/reject', '/not-a-response']) {
        const answer = await get(path);
        assert.equal(answer.status, 500, path);
        assert.ok(!answer.text.includes('SECRET'), answer.text);
      }
    });

    test('RFC 9110 §15.6.4: an exchange that the handler denies is a 503, and the connection closes', () =>
      withConnection(server, async (connection) => {
        await connection.send(`GET /deny HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`);
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        const answers = await connection.receiveResponses(['GET', 'GET']);
        assert.deepEqual(
          answers.map((answer) => answer.status),
          [503],
        );
        assert.ok(!received.text.includes('SECRET'));
      }));

    test('RFC 8297 §2: 103 Early Hints come before the final response', async () => {
      const answer = await get('/informational');
      assert.equal(answer.status, 200);
      assert.equal(answer.text, 'after 103');
      assert.deepEqual(
        answer.informational.map(({ status, fields }) => [
          status,
          fields.map(([name]) => name.toLowerCase()),
        ]),
        [[103, ['link']]],
      );
    });

    test('RFC 9110 §15.2: an HTTP/1.0 client gets no 1xx', async () => {
      const answer = await answerTo('GET /informational-1.0 HTTP/1.0\r\nHost: a', { closes: true });
      assert.deepEqual(answer.informational, []);
      assert.equal(answer.text, 'NotSupportedError');
    });

    test('RFC 9112 §9.3.2: pipelined requests are answered in order, the first being the slowest', () =>
      withConnection(server, async (connection) => {
        const paths = ['/slow?ms=80', '/target?2', '/stream?n=2&size=1', '/target?4'];
        await connection.send(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
        const answers = await connection.receiveResponses(paths.map(() => 'GET'));
        assert.deepEqual(
          answers.map((answer) => answer.text),
          ['slow', '/target?2', 'xx', '/target?4'],
        );
      }));

    test('RFC 9112 §9.3.2: a thousand pipelined requests are answered in order', () =>
      withConnection(server, async (connection) => {
        const count = 1_000;
        let raw = '';
        for (let i = 0; i < count; i++) raw += `GET /target?${i} HTTP/1.1\r\nHost: a\r\n\r\n`;
        await connection.send(raw);
        const last = Buffer.from(`/target?${count - 1}`);
        await connection.receiveText(last.toString());
        const answers = await connection.receiveResponses(Array(count).fill('GET'));
        assert.deepEqual(
          answers.map((answer) => answer.text),
          Array.from({ length: count }, (_, i) => `/target?${i}`),
        );
      }));

    test('RFC 9112 §9.3.2: a pipelined HEAD, a 204 and a chunked response leave the others in place', () =>
      withConnection(server, async (connection) => {
        await connection.send(
          'HEAD /fixed?size=9 HTTP/1.1\r\nHost: a\r\n\r\n' +
            'GET /status?code=204 HTTP/1.1\r\nHost: a\r\n\r\n' +
            'POST /echo-stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n' +
            'GET /target?4 HTTP/1.1\r\nHost: a\r\n\r\n',
        );
        const answers = await connection.receiveResponses(['HEAD', 'GET', 'POST', 'GET']);
        assert.deepEqual(
          answers.map((answer) => [answer.status, answer.text]),
          [
            [200, ''],
            [204, ''],
            [200, 'abc'],
            [200, '/target?4'],
          ],
        );
      }));

    test('RFC 9112 §9.6: with halfOpen a client that ends its side after the request still gets its answer', () =>
      withConnection(server, async (connection) => {
        await connection.send('GET /slow?ms=60 HTTP/1.1\r\nHost: a\r\n\r\n');
        connection.finish();
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.text, 'slow');
      }));

    test('RFC 9112 §9.6: with halfOpen a client that ends its side after pipelined requests gets all their answers', () =>
      withConnection(server, async (connection) => {
        await connection.send('GET /slow?ms=20 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(3));
        connection.finish();
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        assert.equal((await connection.receiveResponses(['GET', 'GET', 'GET'])).length, 3);
      }));
  });
}

/** The answer begins and then breaks off: the client can tell that it is not complete. */
function cutOff(port: number, path: string, begins: string): Promise<void> {
  return withConnection({ port }, async (connection: RawConnection) => {
    await connection.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n${NEXT}`);
    const received = await connection.receiveAll();
    assert.notEqual(received.end, 'timeout', connection.transcript());
    assert.ok(received.text.includes(begins), connection.transcript());
    assert.ok(!received.text.includes('?next'), 'nothing follows');
    assert.ok(!received.text.endsWith('0\r\n\r\n'), 'no last-chunk');
  });
}
