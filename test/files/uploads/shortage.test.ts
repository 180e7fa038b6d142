/** Uploads where the system refuses to open something, at the beginning or in the last moment. */
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { message } from '../../server/with-server.ts';
import { startLimited } from '../../support/limited-server.ts';
import { RawConnection } from '../../support/raw-client.ts';
import { RUNTIME_NAME } from '../../support/server-process.ts';
import { until } from '../../support/until.ts';

const SERVER = '../../uploads/inbox-server';
const NOBODY = 65_534;

const skip = (process.platform === 'win32' || RUNTIME_NAME !== 'node') && 'no ulimit for this runtime';

describe('uploads, where the system refuses', { skip }, () => {
  let root: string;
  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'serval-shortage-')));
  });
  after(() => rmSync(root, { recursive: true }));

  test('RFC 9110 §15.6.4: out of file descriptors, they are answered 503, and nothing of them is left', async (t) => {
    const server = await startLimited(70, SERVER, { root });
    if (server === undefined) return t.skip('this system does not limit descriptors');
    const connections: RawConnection[] = [];
    try {
      // One that is only accepted when descriptors are out is closed, and hears nothing.
      for (let at = 0; at < 35; at++) connections.push(await acceptedConnection(server));
      for (const [at, connection] of connections.entries()) {
        await connection.send(`${message(`PUT /${at}`, ['Content-Length: 10'])}hello`);
      }
      const answered = () =>
        connections
          .map((connection) =>
            connection.soFar().toString('latin1').split('\r\n\r\n').slice(1).join('\r\n\r\n'),
          )
          .filter((text) => text.includes('\r\n\r\n'));
      await until(
        'each is under way or answered',
        () => readdirSync(root).length + answered().length >= connections.length,
      );
      const answers = answered();
      assert.ok(answers.length > 0 && answers.length < connections.length, `${answers.length} answers`);
      for (const text of answers) assert.match(text, /^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
      for (const connection of connections) connection.reset();
      await until('the parts are gone', () => readdirSync(root).length === 0);
      const last = await RawConnection.connect(server);
      connections.push(last);
      await last.send(message('PUT /last', [], 'x'));
      assert.match((await last.receiveText('\r\n\r\n')).text, /^HTTP\/1\.1 201 /);
    } finally {
      for (const connection of connections) connection.close();
      assert.match(await server.stop(), /^0 /);
    }
  });

  test('what is refused in the last moment has not been stored', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('only root can become somebody else');
    const folder = mkdtempSync(join(root, 'write-only-'));
    chownSync(folder, NOBODY, NOBODY);
    chmodSync(root, 0o755);
    chmodSync(folder, 0o333);
    const server = await startLimited(1000, SERVER, { root: folder, uid: NOBODY });
    if (server === undefined) return t.skip('no such process');
    try {
      const connection = await RawConnection.connect(server);
      await connection.send(message('PUT /a', [], 'x'));
      const { text } = await connection.receiveText('\r\n\r\n');
      assert.match(text, /^HTTP\/1\.1 403 /);
      assert.deepEqual(readdirSync(folder), []);
      connection.close();
    } finally {
      await server.stop();
    }
  });
});

/** A connection that has been answered once. */
async function acceptedConnection(server: { readonly port: number }): Promise<RawConnection> {
  const connection = await RawConnection.connect(server);
  await connection.send(message('HEAD /'));
  await connection.receiveText('\r\n\r\n');
  return connection;
}
