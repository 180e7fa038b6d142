/** A process that has no file descriptor left: its report says so, and when there are some again, too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HealthReport } from '../../src/health/index.ts';
import { startLimited } from '../support/limited-server.ts';
import { RawConnection, sleep } from '../support/raw-client.ts';
import { RUNTIME_NAME } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const DESCRIPTORS = 80;

test('out of file descriptors, /healthz says so on a connection that is open, and the server accepts again when some are free', async (t) => {
  if (process.platform !== 'linux' || RUNTIME_NAME !== 'node')
    return t.skip('only Linux tells, and only Node is limited');
  const server = await startLimited(DESCRIPTORS, '../../health/servers/checked');
  if (server === undefined) return t.skip('a process can not be limited here');
  const probe = await RawConnection.connect({ port: server.port });
  let asked = 0;
  const report = async (): Promise<HealthReport> => {
    await probe.send('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n');
    const answers = await probe.receiveResponses(Array(++asked).fill('GET'));
    return JSON.parse(answers.at(-1)!.text) as HealthReport;
  };
  const others: RawConnection[] = [];
  try {
    const before = (await report()).descriptors;
    assert.ok(before !== undefined && before.max === DESCRIPTORS && before.open < DESCRIPTORS);
    for (let i = 0; i < DESCRIPTORS; i++) others.push(await RawConnection.connect({ port: server.port }));
    // They are connected as soon as the kernel has them; the server takes a while to accept what it can.
    const open = async (): Promise<number> => (await report()).descriptors!.open;
    // The report may be a second old.
    await until('none is left', async () => (await open()) >= DESCRIPTORS - 1);
    assert.equal(await served(server.port), false, 'there is none for one more');

    for (const other of others) other.close();
    for (let attempt = 0; !(await served(server.port)); attempt++) {
      assert.ok(attempt < 100, 'it accepts again');
      await sleep(20);
    }
    await until('the report says so', async () => (await open()) < DESCRIPTORS / 2);
  } finally {
    for (const connection of [probe, ...others]) connection.close();
    await server.stop();
  }
});

/** Whether one more connection is accepted, and answered. */
async function served(port: number): Promise<boolean> {
  const connection = await RawConnection.connect({ port });
  await connection.send('GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  const { text } = await connection.receiveAll(1_000);
  connection.close();
  return text.endsWith('ok');
}
