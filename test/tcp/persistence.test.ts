/** RFC 9112 §9: which connections go on after an exchange, and what `close` means. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';

interface Row {
  readonly title: string;
  /** Request-line and fields; the empty line is added. */
  readonly head: string;
  readonly persists: boolean;
  /** The connection options of the response, exactly. */
  readonly says: string;
}

const ROWS: readonly Row[] = [
  {
    title: 'RFC 9112 §9.3: an HTTP/1.1 connection persists by default',
    head: 'GET / HTTP/1.1\r\nHost: a\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: keep-alive changes nothing for an HTTP/1.1 connection',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.1 connection ends after a request with Connection: close',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9110 §7.6.1: connection options are case-insensitive',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9110 §7.6.1: close is found among other connection options',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: foo ,\tclose, bar\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9110 §7.6.1: close is found in a second Connection field line',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: foo\r\nX: y\r\nConnection: close\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9112 §9.3: close outweighs keep-alive',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9110 §7.6.1: an option that only begins with close is another option',
    head: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: closed, xclose\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: an HTTP/1.0 connection ends after the response by default',
    head: 'GET / HTTP/1.0\r\nHost: a\r\n',
    persists: false,
    says: 'close',
  },
  {
    title:
      'RFC 9112 §9.3: an HTTP/1.0 connection persists when the request asks for it, and the response says so too',
    head: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: keep-alive is case-insensitive',
    head: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: close outweighs keep-alive on HTTP/1.0',
    head: 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, close\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9112 §6.3: content of unknown length ends an HTTP/1.0 connection that asked to be kept',
    head: 'GET /stream HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9112 §9.3: a higher minor version persists like HTTP/1.1',
    head: 'GET / HTTP/1.7\r\nHost: a\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.6: a response with Connection: close from the handler ends the connection',
    head: 'GET /close HTTP/1.1\r\nHost: a\r\n',
    persists: false,
    says: 'close',
  },
  {
    title: 'RFC 9112 §9.3: an error that the handler answers does not end the connection',
    head: 'GET /nothing-there HTTP/1.1\r\nHost: a\r\n',
    persists: true,
    says: 'keep-alive',
  },
  {
    title: 'RFC 9112 §9.3: a handler that throws does not end the connection',
    head: 'GET /throw HTTP/1.1\r\nHost: a\r\n',
    persists: true,
    says: 'keep-alive',
  },
];

const NEXT = 'GET /target?next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

const server = await startServer('routes');
after(() => server.stop());

describe('persistence', { concurrency: 8 }, () => {
  for (const row of ROWS) {
    test(row.title, () =>
      withConnection(server, async (connection) => {
        await connection.send(`${row.head}\r\n${NEXT}`);
        const received = await connection.receiveAll();
        assert.equal(received.end, 'fin', connection.transcript());
        const answers = await connection.receiveResponses(['GET', 'GET']);
        assert.equal(answers.length, row.persists ? 2 : 1, connection.transcript());
        assert.equal(answers[0]?.field('connection')?.toLowerCase(), row.says, connection.transcript());
        if (row.persists) assert.equal(answers[1]?.text, '/target?next');

        const record = await server.command<ConnectionRecord>('connection', connection.localPort);
        const next = record.handled.filter((request) => request.includes('next'));
        assert.equal(next.length, row.persists ? 1 : 0, 'what the handler saw');
      }),
    );
  }

  test('RFC 9112 §9.6: nothing behind a request with Connection: close is answered, however it arrives', () =>
    withConnection(server, async (connection) => {
      await connection.send('GET /slow?ms=60 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await connection.send('GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n', { pieces: 'octets' });
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const answers = await connection.receiveResponses(['GET', 'GET']);
      assert.deepEqual(
        answers.map((answer) => answer.text),
        ['slow'],
      );
      const record = await server.command<ConnectionRecord>('connection', connection.localPort);
      assert.deepEqual(record.handled, ['GET /slow?ms=60']);
    }));

  test('RFC 9112 §9.3: one connection serves a hundred requests one after the other', () =>
    withConnection(server, async (connection) => {
      const methods: string[] = [];
      for (let i = 0; i < 100; i++) {
        methods.push('GET');
        await connection.send(`GET /target?${i} HTTP/1.1\r\nHost: a\r\n\r\n`);
        const answers = await connection.receiveResponses(methods);
        assert.equal(answers.at(-1)?.text, `/target?${i}`);
      }
    }));

  test('RFC 9112 §9.6: octets after the last answer do not turn the end of the connection into a reset', () =>
    withConnection(server, async (connection) => {
      await connection.send('GET /fixed?size=200000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      await connection.send('x'.repeat(20_000));
      const received = await connection.receiveAll();
      assert.equal(received.end, 'fin', connection.transcript());
      const [answer] = await connection.receiveResponses(['GET']);
      assert.equal(answer?.content.length, 200_000);
    }));
});
