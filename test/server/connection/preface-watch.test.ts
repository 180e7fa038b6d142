/** An HTTP/2 client with prior knowledge is told by its first octets (RFC 9113 §3.3), wherever they are cut. */
import assert from 'node:assert/strict';
import http2 from 'node:http2';
import net from 'node:net';
import { after, describe, test } from 'node:test';
import { PREFACE } from '../../../src/http2/frame/frame-types.ts';
import { Response } from '../../../src/index.ts';
import { framesIn } from '../../http2/frames.ts';
import { RawConnection } from '../../support/raw-client.ts';
import { assertNoStrays, get, until, withServer } from '../with-server.ts';

after(assertNoStrays);

const EMPTY_SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const handler = (): Response => new Response('hello');

describe('the preface of HTTP/2 on a clear connection', () => {
  test('RFC 9113 §3.4: is answered by SETTINGS, however it is cut', () =>
    withServer(handler, async ({ port }) => {
      for (let cut = 1; cut <= PREFACE.length; cut++) {
        const connection = await RawConnection.connect({ port });
        await connection.send(Buffer.concat([PREFACE, EMPTY_SETTINGS]), { pieces: [cut] });
        await connection.receiveText('\0\0\0\x04\x01\0\0\0\0');
        connection.close();
      }
    }));

  test('RFC 9112 §3: any other method that begins with the same letters is HTTP/1', () =>
    withServer(handler, async ({ connect }) => {
      for (const method of ['P', 'PR', 'PRI', 'PRIX', 'PROPFIND']) {
        const connection = await connect();
        await connection.send(`${method} / HTTP/1.1\r\nHost: a\r\n\r\n`, { pieces: 'octets' });
        const [answer] = await connection.receiveResponses([method]);
        assert.equal(answer?.status, 200, method);
      }
    }));

  test('RFC 9113 §3.4: an invalid preface is answered by GOAWAY with PROTOCOL_ERROR and a close, however it is cut', () =>
    withServer(handler, async ({ port, server }) => {
      for (const pieces of [[1], [9], [27], 'octets'] as const) {
        const connection = await RawConnection.connect({ port });
        await connection.send('INVALID CONNECTION PREFACE\r\n\r\n', { pieces });
        const { octets, end } = await connection.receiveAll();
        assert.equal(end, 'fin');
        const [last] = framesIn(octets).slice(-1);
        assert.deepEqual([last!.type, ...last!.payload.subarray(0, 8)], [7, 0, 0, 0, 0, 0, 0, 0, 1]);
      }
      await until('counted', () => server.counts.connections === 0);
    }));

  test('RFC 9110 §15.5.9: a part of a preface or of a request-line that stays alone is answered by 408', () =>
    withServer(
      handler,
      async ({ port }) => {
        for (const [part, status] of [
          ['P', 408],
          ['PRI * HTTP/2.0', 408],
          // It is complete for HTTP/1, whose answer comes first (RFC 9110 §15.6.6).
          ['PRI * HTTP/2.0\r\n', 505],
          ['GE', 408],
          ['GET a', 408],
        ] as const) {
          const connection = await RawConnection.connect({ port });
          await connection.send(part);
          const { text, end } = await connection.receiveAll();
          assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `), part);
          assert.equal(end, 'fin');
        }
      },
      { timeouts: { headers: 100 } },
    ));

  test('RFC 9112 §2.2: a malformed request-line is answered by 400 of HTTP/1', () =>
    withServer(handler, async ({ connect }) => {
      for (const line of ['GET a', 'GET / b', 'GET HTTP/1.1', 'GET a http', 'a b c d']) {
        const connection = await connect();
        await connection.send(`${line}\r\n\r\n`, { pieces: 'octets' });
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.status, 400, line);
      }
    }));

  test('both versions are served on one listener at the same time', () =>
    withServer(handler, async ({ port, ask, server }) => {
      const session = http2.connect(`http://127.0.0.1:${port}`);
      const stream = session.request({ ':path': '/' });
      const [answer, headers] = await Promise.all([
        ask(get()),
        new Promise<http2.IncomingHttpHeaders>((resolve) => stream.on('response', resolve)),
      ]);
      assert.equal(answer.status, 200);
      assert.equal(headers[':status'], 200);
      assert.equal(server.counts.connections, 2);
      session.destroy();
    }));

  test('a connection that sends a part of it and ends is refused as HTTP/1 is', () =>
    withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send('PRI *');
      connection.finish();
      const { end } = await connection.receiveAll();
      assert.equal(end, 'fin');
    }));

  test('RFC 9113 §6.8: close() sends GOAWAY and lets a request in progress finish', async () => {
    let answer = (): void => {};
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await withServer(
      async () => {
        await waiting;
        return new Response('done');
      },
      async ({ port, server }) => {
        const session = http2.connect(`http://127.0.0.1:${port}`);
        const goaway = new Promise<void>((resolve) => session.once('goaway', () => resolve()));
        const stream = session.request({ ':path': '/' });
        await new Promise((resolve) => session.once('remoteSettings', resolve));
        await new Promise((resolve) => setTimeout(resolve, 20));
        const closed = server.close();
        await goaway;
        answer();
        let text = '';
        for await (const piece of stream) text += piece;
        assert.equal(text, 'done');
        await closed;
        session.destroy();
      },
    );
  });
});

test('RFC 9113 §9.1: an idle HTTP/2 connection is closed with GOAWAY after timeouts.idle', () =>
  withServer(
    handler,
    async ({ port, server }) => {
      const socket = net.connect(port, '127.0.0.1');
      const received: Buffer[] = [];
      socket.on('data', (piece) => received.push(piece));
      socket.write(Buffer.concat([PREFACE, EMPTY_SETTINGS]));
      await new Promise((resolve) => socket.once('close', resolve));
      const goaway = Buffer.concat(received).subarray(-17);
      assert.deepEqual([goaway[3], goaway.readUInt32BE(13)], [7, 0], 'GOAWAY with NO_ERROR');
      await until('forgotten', () => server.counts.connections === 0);
    },
    { timeouts: { idle: 200 } },
  ));
