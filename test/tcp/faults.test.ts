/** What a hostile or broken client does must cost the server that one connection, and nothing else. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { RawConnection, sleep, withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import type { ConnectionRecord } from '../support/servers/routes.ts';
import { until } from '../support/until.ts';

const server = await startServer('routes');
after(() => server.stop());

const POST = 'POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

async function assertAlive(): Promise<void> {
  await withConnection(server, async (connection) => {
    await connection.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await connection.receiveAll();
    const [answer] = await connection.receiveResponses(['GET']);
    assert.equal(answer?.text, 'hello');
  });
}

const recordOf = ({ localPort }: RawConnection) => server.command<ConnectionRecord>('peek', localPort);

/** Waits until the handler's side of the connection has seen something, and gives it. */
async function outcomesOf(connection: RawConnection): Promise<string[]> {
  await until('an outcome', async () => (await recordOf(connection)).outcomes.length > 0);
  return (await recordOf(connection)).outcomes;
}

/** Waits until the request is at its handler. */
async function untilHandled(connection: RawConnection): Promise<void> {
  await until('it is handled', async () => (await recordOf(connection)).handled.length > 0);
}

describe('faults', () => {
  test('RFC 9112 §9.6: a reset after any octet of a request leaves the server alive', async () => {
    for (let length = 0; length <= POST.length; length++) {
      const connection = await RawConnection.connect(server);
      await connection.send(POST.slice(0, length));
      if (length % 2 === 0) await sleep(1); // With and without giving the server time to look at it.
      connection.reset();
    }
    await assertAlive();
  });

  test('RFC 9112 §9.6: a FIN after any octet of a request ends the connection, and never in a success', async () => {
    const ends = [];
    for (let length = 0; length < POST.length; length++) {
      ends.push(
        withConnection(server, async (connection) => {
          await connection.send(POST.slice(0, length));
          connection.finish();
          const received = await connection.receiveAll();
          assert.equal(received.end, 'fin', connection.transcript());
          assert.doesNotMatch(received.text, /^HTTP\/1\.1 2/, connection.transcript());
        }),
      );
      if (ends.length % 16 === 0) await Promise.all(ends);
    }
    await Promise.all(ends);
    await assertAlive();
  });

  test('RFC 9112 §9.6: a reset while a response is on its way cancels its stream and leaves the server alive', async () => {
    for (const octets of [1, 20, 100, 1_000, 100_000]) {
      const connection = await RawConnection.connect(server);
      await connection.send('GET /stream?n=1000&size=65536 HTTP/1.1\r\nHost: a\r\n\r\n');
      while (connection.receivedOctets < octets) await sleep(1);
      connection.reset();
      const [outcome] = await outcomesOf(connection);
      assert.match(outcome ?? '', /^cancelled ERR_HTTP_(CONNECTION_RESET|REQUEST_CANCELLED)$/);
    }
    await assertAlive();
  });

  test('RFC 9112 §9.6: a client that resets the connection aborts the signal of its request', async () => {
    const connection = await RawConnection.connect(server);
    await connection.send('GET /never HTTP/1.1\r\nHost: a\r\n\r\n');
    await untilHandled(connection);
    connection.reset();
    const [outcome] = await outcomesOf(connection);
    assert.match(outcome ?? '', /^aborted ERR_HTTP_(CONNECTION_RESET|REQUEST_CANCELLED)$/);
    await assertAlive();
  });

  test('RFC 9112 §8: a client that resets the connection in its content fails the read of it', async () => {
    const connection = await RawConnection.connect(server);
    await connection.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
    await untilHandled(connection);
    connection.reset();
    const [outcome] = await outcomesOf(connection);
    assert.match(outcome ?? '', /^failed ERR_HTTP_(CONNECTION_RESET|REQUEST_CANCELLED)$/);
    await assertAlive();
  });

  test('RFC 9112 §8: content cut short by a FIN fails the read of it', () =>
    withConnection(server, async (connection) => {
      await connection.send('POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello');
      connection.finish();
      await connection.receiveAll();
      const [outcome] = await outcomesOf(connection);
      assert.match(outcome ?? '', /^failed ERR_HTTP_/);
    }));

  test('RFC 9112 §9.3.2: pipelined requests of a client that does not read are not piled up', () =>
    withConnection(server, async (connection) => {
      const before = await server.rss();
      connection.pause();
      await connection.send('GET /fixed?size=20000 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10_000));
      // Until it has stopped.
      let handled = -1;
      await until('it has stopped', async () => {
        const before = handled;
        await sleep(300);
        handled = (await recordOf(connection)).handled.length;
        return handled > 0 && handled === before;
      });
      const grown = (await server.rss()) - before;
      // The kernel's buffers on both sides take some megabytes, which is some hundreds of these answers.
      assert.ok(handled < 5_000, `${handled} requests were handled`);
      assert.ok(grown < 120_000_000, `the server grew by ${Math.round(grown / 1e6)} MB`);
      await assertAlive();
    }));

  test('RFC 9112 §9.3: content that the handler does not read is not piled up', () =>
    withConnection(server, async (connection) => {
      const before = await server.rss();
      await connection.send('POST /never HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
      await connection.send(chunk.repeat(200));
      await sleep(500);
      const grown = (await server.rss()) - before;
      assert.ok(grown < 60_000_000, `the server grew by ${Math.round(grown / 1e6)} MB`);
      await assertAlive();
    }));

  test('RFC 9112 §9.5: a thousand connections that say nothing keep nobody else from being served', async () => {
    const silent: RawConnection[] = [];
    for (let i = 0; i < 1_000; i += 100) {
      silent.push(...(await Promise.all(Array.from({ length: 100 }, () => RawConnection.connect(server)))));
    }
    await assertAlive();
    for (const connection of silent) connection.close();
    await assertAlive();
  });
});
