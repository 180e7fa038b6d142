import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startLimited } from '../support/limited-server.ts';
import { RawConnection } from '../support/raw-client.ts';
import { RUNTIME_NAME } from '../support/server-process.ts';
import { PATIENCE } from '../support/until.ts';

const DESCRIPTORS = 80;
const CLIENTS = 40;

test('RFC 9110 §15.6.4: out of file descriptors, files are answered 503 until some are free again', async (t) => {
  if (process.platform === 'win32' || RUNTIME_NAME !== 'node') return t.skip('no ulimit for this runtime');
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'serval-descriptors-')));
  // More than the socket buffers of both sides hold: whoever does not read keeps the file open.
  for (let at = 0; at < CLIENTS; at++) writeFileSync(join(root, `${at}.bin`), Buffer.alloc(12 * 1024 * 1024));
  const server = await startLimited(DESCRIPTORS, '../../conformance/attacks/servers/site', { root });
  if (server === undefined) return t.skip('this system does not limit descriptors');
  const connections: RawConnection[] = [];
  try {
    for (let at = 0; at < CLIENTS; at++) connections.push(await RawConnection.connect(server));
    const statuses: string[] = [];
    for (const [at, connection] of connections.entries()) {
      await connection.send(`GET /${at}.bin HTTP/1.1\r\nHost: a\r\n\r\n`);
      const { text } = await connection.receiveText('\r\n\r\n');
      connection.pause();
      statuses.push(text.slice(9, 12));
      if (statuses.at(-1) === '503') assert.match(text, /\r\nRetry-After: 1\r\n/);
    }
    assert.deepEqual(new Set(statuses), new Set(['200', '503']), statuses.join(' '));

    const last = connections.pop()!;
    for (const connection of connections) connection.reset();
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const before = last.receivedOctets;
      last.resume();
      await last.send('GET /0.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\n\r\n');
      while (last.receivedOctets === before) await new Promise((resolve) => setTimeout(resolve, 5));
      if (last.soFar().includes('HTTP/1.1 206')) break;
      assert.ok(performance.now() < deadline, last.transcript());
    }
    last.close();
  } finally {
    for (const connection of connections) connection.close();
    assert.match(await server.stop(), /^0 /);
    rmSync(root, { recursive: true });
  }
});
