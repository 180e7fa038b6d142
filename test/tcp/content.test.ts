/** The content of requests: how it is asked for, framed, read or left unread. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { startBothFlavours } from '../support/server-process.ts';

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

const servers = await startBothFlavours('routes');
after(() => Promise.all(servers.map(([, server]) => server.stop())));

for (const [flavour, server] of servers) {
  describe(`content, with the ${flavour} Response`, { concurrency: 8 }, () => {
    test('RFC 9112 §6: content of a megabyte is received and sent back whole, in either framing', async () => {
      const content = 'a0b1c2d3'.repeat(131_072);
      const chunked = content.replace(/.{65536}/g, (chunk) => `10000\r\n${chunk}\r\n`);
      for (const path of ['/echo', '/echo-stream']) {
        for (const raw of [
          `Content-Length: ${content.length}\r\n\r\n${content}`,
          `Transfer-Encoding: chunked\r\n\r\n${chunked}0\r\n\r\n`,
        ]) {
          await withConnection(server, async (connection) => {
            await connection.send(`POST ${path} HTTP/1.1\r\nHost: a\r\n${raw}${NEXT}`);
            await connection.receiveAll();
            const answers = await connection.receiveResponses(['POST', 'GET']);
            assert.equal(answers[0]?.text === content, true, `${path}: the content is the same`);
            const framing = raw.slice(0, raw.indexOf('\r'));
            assert.equal(
              answers[1]?.text,
              '/target?next',
              `${path}, ${framing}: the next request is answered`,
            );
          });
        }
      }
    });

    test('RFC 9112 §9.3: up to 64 KiB of content that nobody read are drained, and the connection is used again', async () => {
      for (const size of [1, 1_000, 65_536]) {
        await withConnection(server, async (connection) => {
          await connection.send(
            `POST /discard HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${'x'.repeat(size)}${NEXT}`,
          );
          await connection.receiveAll();
          const answers = await connection.receiveResponses(['POST', 'GET']);
          assert.equal(answers[1]?.text, '/target?next', connection.transcript());
        });
      }
    });

    test('RFC 9112 §9.3: more than 64 KiB that nobody read end the connection, after the answer and without a reset', () =>
      withConnection(server, async (connection) => {
        const size = 1_000_000;
        await connection.send(`POST /discard HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
        await connection.send(`${'x'.repeat(100_000)}`);
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        const [answer] = await connection.receiveResponses(['POST']);
        assert.equal(answer?.text, 'discarded');
        assert.match(answer?.field('connection') ?? '', /close/i);
      }));

    test('RFC 9112 §8: content that is cut short does not cut short an answer that did not read it', async () => {
      const raw = 'GET /stream?n=3&size=4000 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n';
      await Promise.all(
        Array.from({ length: 20 }, () =>
          withConnection(server, async (connection) => {
            await connection.send(raw);
            connection.finish();
            const received = await connection.receiveAll();
            assert.equal(received.end, 'fin', connection.transcript());
            const [answer] = await connection.receiveResponses(['GET']);
            assert.equal(answer?.content.length, 12_000, connection.transcript());
          }),
        ),
      );
    });

    test('RFC 9112 §7.1: a framing error after an early answer closes the connection and smuggles nothing', () =>
      withConnection(server, async (connection) => {
        await connection.send(
          'POST /discard HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
            `5\r\nhello!!0\r\n\r\n${NEXT}`,
        );
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        assert.ok(!received.text.includes('?next'), connection.transcript());
      }));
  });

  describe(`expectations, with the ${flavour} Response`, { concurrency: 8 }, () => {
    const expecting = (path: string, rest = '') =>
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n${rest}\r\n`;

    test('RFC 9110 §10.1.1: 100 is sent when the content is read, and the final answer after it', () =>
      withConnection(server, async (connection) => {
        await connection.send(expecting('/echo'));
        const interim = await connection.receiveText('\r\n\r\n');
        assert.match(interim.text, /^HTTP\/1\.1 100 [^\r\n]*\r\n(.+\r\n)*\r\n$/);
        await connection.send(`hello${NEXT}`);
        await connection.receiveAll();
        const [answer] = await connection.receiveResponses(['POST', 'GET']);
        assert.deepEqual(
          answer?.informational.map(({ status }) => status),
          [100],
        );
        assert.equal(answer?.text, 'hello');
      }));

    test('RFC 9110 §10.1.1: the expectation is case-insensitive', () =>
      withConnection(server, async (connection) => {
        await connection.send(expecting('/echo').replace('100-continue', '100-Continue'));
        await connection.receiveText('HTTP/1.1 100 ');
      }));

    test('RFC 9110 §10.1.1: a final answer without reading the content sends no 100', () =>
      withConnection(server, async (connection) => {
        await connection.send(expecting('/discard'));
        const [answer] = await connection.receiveResponses(['POST']);
        assert.deepEqual(answer?.informational, []);
        assert.equal(answer?.text, 'discarded');
      }));

    test('RFC 9110 §10.1.1: after a final answer instead of 100 the content is still framed, not taken for a request', () =>
      withConnection(server, async (connection) => {
        await connection.send(expecting('/discard'));
        await connection.receiveText('discarded');
        // The client may send it or not (§10.1.1); this one does. Either the connection goes on behind it, or it ends.
        await connection.send(`hello${NEXT}`);
        const received = await connection.receiveAll();
        assert.notEqual(received.end, 'timeout', connection.transcript());
        assert.ok(!received.text.includes('HTTP/1.1 400'), connection.transcript());
      }));

    test('RFC 9110 §10.1.1: content that came without waiting is read, with one 100 at most', () =>
      withConnection(server, async (connection) => {
        await connection.send(`${expecting('/echo')}hello${NEXT}`);
        await connection.receiveAll();
        const answers = await connection.receiveResponses(['POST', 'GET']);
        assert.equal(answers[0]?.text, 'hello');
        assert.equal(answers[1]?.text, '/target?next');
        assert.ok(answers[0].informational.length <= 1, connection.transcript());
      }));

    test('RFC 9110 §10.1.1: an HTTP/1.0 request gets no 100, the expectation is ignored', () =>
      withConnection(server, async (connection) => {
        await connection.send(`${expecting('/echo').replace('HTTP/1.1', 'HTTP/1.0')}hello`);
        await connection.receiveAll();
        const [answer] = await connection.receiveResponses(['POST']);
        assert.deepEqual(answer?.informational, []);
        assert.equal(answer?.text, 'hello');
      }));

    test('RFC 9110 §10.1.1: a request without content that expects 100-continue is answered at once', () =>
      withConnection(server, async (connection) => {
        await connection.send('GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n');
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(answer?.informational, []);
        assert.equal(answer?.text, 'hello');
      }));

    test('RFC 9110 §10.1.1: the handler may send the 100 itself, and there is one only', () =>
      withConnection(server, async (connection) => {
        await connection.send(expecting('/continue'));
        await connection.receiveText('HTTP/1.1 100 ');
        await connection.send('hello');
        const [answer] = await connection.receiveResponses(['POST']);
        assert.equal(answer?.informational.length, 1, connection.transcript());
        assert.equal(answer?.text, 'hello');
      }));
  });
}
