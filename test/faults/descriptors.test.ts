/** A server that has no file descriptor left for another connection: it goes on with those it has, and recovers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLimited } from '../support/limited-server.ts';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { RUNTIME_NAME } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const DESCRIPTORS = 80;
const CLIENTS = 120;

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** All of them ask; @returns those that are served, which is known when for a while nobody else has been. */
async function servedOf(clients: readonly RawConnection[]): Promise<RawConnection[]> {
  const before = clients.map((client) => client.receivedOctets);
  for (const client of clients) await client.send(get);
  const served = () => clients.filter((client, at) => client.receivedOctets > before[at]!);
  let last = -1;
  await until('some are served, and no more', async () => {
    const now = served().length;
    if (now > 0 && now === last) return true;
    last = now;
    await sleep(700);
    return false;
  });
  return served();
}

/** Asks, and waits until it is served. */
async function untilServed(client: RawConnection): Promise<void> {
  const before = client.receivedOctets;
  await client.send(get);
  await until('it is served', () => client.receivedOctets > before);
}

test('RFC 9112 §9.5: out of file descriptors, it serves the connections it has, and again all when some have gone', async (t) => {
  if (process.platform === 'win32' || RUNTIME_NAME !== 'node') return t.skip('no ulimit for this runtime');
  const server = await startLimited(DESCRIPTORS, 'routes');
  if (server === undefined) return t.skip('a process can not be limited here');
  const clients: RawConnection[] = [];
  try {
    for (let i = 0; i < CLIENTS; i++) clients.push(await RawConnection.connect({ port: server.port }));
    const served = await servedOf(clients);
    assert.ok(served.length > 20, `${served.length} are served`);
    assert.ok(served.length < DESCRIPTORS, `${served.length} are served with ${DESCRIPTORS} descriptors`);

    // Those that it has go on, again and again.
    for (let round = 0; round < 3; round++) {
      await Promise.all(served.map(untilServed));
    }

    for (const client of clients) client.close();
    await until('it has recovered', async () => {
      const client = await RawConnection.connect({ port: server.port });
      await client.send(get);
      const { text } = await client.receiveText(' 200 ', 1_000).catch(() => ({ text: '' }));
      client.close();
      return text !== '';
    });
    for (let i = 0; i < 20; i++) {
      const client = await RawConnection.connect({ port: server.port });
      await untilServed(client);
      client.close();
    }
  } finally {
    for (const client of clients) client.close();
    const said = await server.stop();
    assert.match(said, /^0 /, 'it ended when it was told to');
    assert.match(said, /accepting a connection\nError: .*(?:7\d|80) of 80 file descriptors are in use/);
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
    const served = await servedOf(clients);
    const others = clients.filter((client) => !served.includes(client));
    assert.ok(others.length > CLIENTS - DESCRIPTORS);
    for (const client of served) client.close();
    // What becomes of it is the runtime's choice: Node closes what it has no descriptor for (libuv, `uv__emfile_trick`).
    for (const client of others) {
      if (client.ended === null) await client.receiveText(' 200 ');
    }
  } finally {
    for (const client of clients) client.close();
    await server.stop();
  }
});
