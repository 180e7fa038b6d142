/** A server that has no file descriptor left for another connection: it goes on with those it has, and recovers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLimited } from '../support/limited-server.ts';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { RUNTIME_NAME } from '../support/server-process.ts';

const DESCRIPTORS = 80;
const CLIENTS = 120;

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

async function isServed(connection: RawConnection, patience = 2_000): Promise<boolean> {
  const before = connection.receivedOctets;
  await connection.send(get);
  const deadline = performance.now() + patience;
  while (connection.receivedOctets === before && connection.ended === null && performance.now() < deadline) {
    await sleep(5);
  }
  return connection.receivedOctets > before;
}

test('RFC 9112 §9.5: out of file descriptors, it serves the connections it has, and again all when some have gone', async (t) => {
  if (process.platform === 'win32' || RUNTIME_NAME !== 'node') return t.skip('no ulimit for this runtime');
  const server = await startLimited(DESCRIPTORS, 'routes');
  if (server === undefined) return t.skip('a process can not be limited here');
  const clients: RawConnection[] = [];
  try {
    for (let i = 0; i < CLIENTS; i++) clients.push(await RawConnection.connect({ port: server.port }));
    const served: RawConnection[] = [];
    const results = await Promise.all(clients.map((client) => isServed(client)));
    for (const [index, result] of results.entries()) if (result) served.push(clients[index]!);
    assert.ok(served.length > 20, `${served.length} are served`);
    assert.ok(served.length < DESCRIPTORS, `${served.length} are served with ${DESCRIPTORS} descriptors`);

    // Those that it has go on, again and again.
    for (let round = 0; round < 3; round++) {
      const again = await Promise.all(served.map((client) => isServed(client, 5_000)));
      assert.ok(again.every(Boolean), 'each connection that was served is served again');
    }

    for (const client of clients) client.close();
    await sleep(100);
    for (let i = 0; i < 20; i++) {
      const client = await RawConnection.connect({ port: server.port });
      assert.ok(await isServed(client, 5_000), 'it has recovered');
      client.close();
    }
  } finally {
    for (const client of clients) client.close();
    const said = await server.stop();
    assert.match(said, /^0 /, 'it ended when it was told to');
    assert.match(said, /accepting a connection: .*(?:7\d|80) of 80 file descriptors are in use/);
    assert.equal(said.split('file descriptors').length, 2, 'it says so once');
  }
});

test('RFC 9112 §9.5: a connection that it has no descriptor for waits for one, or is closed: it never hangs', async (t) => {
  if (process.platform === 'win32' || RUNTIME_NAME !== 'node') return t.skip('no ulimit for this runtime');
  const server = await startLimited(DESCRIPTORS, 'routes');
  if (server === undefined) return t.skip('a process can not be limited here');
  const clients: RawConnection[] = [];
  try {
    for (let i = 0; i < CLIENTS; i++) clients.push(await RawConnection.connect({ port: server.port }));
    const results = await Promise.all(clients.map((client) => isServed(client)));
    const others = clients.filter((_, index) => !results[index]);
    assert.ok(others.length > CLIENTS - DESCRIPTORS);
    for (const [index, client] of clients.entries()) if (results[index]) client.close();
    // What becomes of it is the runtime's choice: Node closes what it has no descriptor for (libuv, `uv__emfile_trick`).
    for (const client of others) {
      if (client.ended === null) await client.receiveText(' 200 ');
    }
  } finally {
    for (const client of clients) client.close();
    await server.stop();
  }
});
