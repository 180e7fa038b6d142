/** Octets that are no HTTP at all: random ones, zeros, and the first flight of TLS. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import tls from 'node:tls';
import { RawConnection, withConnection } from '../support/raw-client.ts';
import { startServer } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const server = await startServer('../../faults/servers/watched');
after(() => server.stop());

/** The same octets in each run (xorshift). */
function* randomOctets(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state & 0xff;
  }
}

function noise(seed: number, length: number): Buffer {
  const octets = randomOctets(seed);
  return Buffer.from(Array.from({ length }, () => octets.next().value as number));
}

async function assertHealthy(): Promise<void> {
  await until('every connection is gone', async () => (await server.command<number>('connections')) === 0);
  await withConnection(server, async (connection) => {
    await connection.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.equal((await connection.receiveResponses(['GET']))[0]?.text, 'hello');
  });
  assert.equal(server.stderr(), '');
}

/** Sends it and ends: there is one 4xx or 5xx, or nothing at all, and a FIN. */
async function assertRefused(octets: Buffer): Promise<void> {
  await withConnection(server, async (connection) => {
    await connection.send(octets);
    connection.finish();
    const { end, text } = await connection.receiveAll();
    const told = () => `${octets.subarray(0, 40).toString('hex')}\n${connection.transcript().slice(0, 800)}`;
    assert.equal(end, 'fin', told());
    assert.match(text, /^(HTTP\/1\.1 [45]\d\d [\s\S]*\r\nConnection: close\r\n[\s\S]*)?$/, told());
    assert.ok((text.match(/HTTP\/1\.1/g)?.length ?? 0) <= 1, told());
  });
}

describe('octets that are no HTTP', () => {
  test('RFC 9112 §2.2: five hundred connections of random octets are refused, each with one answer', async () => {
    for (let seed = 1; seed <= 500; seed += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => assertRefused(noise(seed + i, 1 + (seed + i) * 16))),
      );
    }
    await assertHealthy();
  });

  test('RFC 9112 §7.1: random octets behind the head of a chunked POST never pass for content', async () => {
    const head = Buffer.from('POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (let seed = 1; seed <= 200; seed++) await assertRefused(Buffer.concat([head, noise(seed, 200)]));
    await assertHealthy();
  });

  test('RFC 9112 §2.2: a megabyte of zeros is refused at the first', async () => {
    await assertRefused(Buffer.alloc(2 ** 20));
    await assertHealthy();
  });

  test('RFC 9112 §2.2: a TLS client gets an answer that is no TLS, and fails at once', async () => {
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      const client = tls.connect({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false });
      client.on('error', resolve);
      client.on('secureConnect', () => resolve(new Error('a handshake')));
    });
    assert.match(String(error.code), /SSL|EPROTO|ECONNRESET/, error.message);
    await assertHealthy();
  });

  test('RFC 9112 §2.2: a ClientHello is answered 400, wherever it is cut', async () => {
    const hello = Buffer.from(
      `16030100f8010000f40303${'5a'.repeat(32)}20${'a5'.repeat(32)}0008130213031301c02f0100`,
      'hex',
    );
    for (let cut = 1; cut < hello.length; cut += 7) {
      const connection = await RawConnection.connect(server);
      await connection.send(hello, { pieces: [cut] });
      await connection.receiveText('HTTP/1.1 400 ');
      assert.equal((await connection.receiveAll()).end, 'fin');
      connection.close();
    }
    await assertHealthy();
  });
});
