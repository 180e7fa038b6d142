import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { describe, it } from 'node:test';
import { explainListenError } from '../../../src/cli/serve/listen-error.ts';

const PORT = {
  host: '127.0.0.1',
  port: 4221,
  unix: undefined,
  healthPort: undefined,
  metricsPort: undefined,
};

const errorOf = (code: string, members: object = {}) =>
  Object.assign(new Error(`listen ${code}`), { code, ...members });

const explain = (code: string, port = 4221, host = '127.0.0.1') =>
  explainListenError(errorOf(code), { ...PORT, host, port });

async function listening(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return server;
}

describe('explainListenError', () => {
  it('names a free port if the port is in use', async () => {
    // Two neighbours that are in use, wherever the system has two.
    const first = await listening(0);
    const { port } = first.address() as { port: number };
    const second = await listening(port + 1).catch(() => undefined);
    try {
      const message = await explain('EADDRINUSE', port);
      const [, free] =
        /^port \d+ on 127\.0\.0\.1 is in use; (\d+) is free: --port \1, or stop the other program$/.exec(
          message,
        )!;
      assert.ok(Number(free) > port + (second === undefined ? 0 : 1), message);
      (await listening(Number(free))).close();
    } finally {
      first.close();
      second?.close();
    }
  });

  it('names no port if there is none to try', async () => {
    assert.match(
      await explain('EADDRINUSE', 65535),
      /^port 65535 on 127\.0\.0\.1 is in use; try another one/,
    );
  });

  it('explains errors of a unix socket', async () => {
    const unix = (code: string) => explainListenError(errorOf(code), { ...PORT, unix: { path: '/run/x' } });
    assert.match(await unix('EADDRINUSE'), /^\/run\/x is in use/);
    assert.match(await unix('EACCES'), /\/run\/x: the folder does not exist/);
    assert.match(await unix('ENAMETOOLONG'), /\/run\/x: listen ENAMETOOLONG/);
  });

  it('explains errors of sockets from systemd', async () => {
    assert.match(await explainListenError(errorOf('EINVAL'), PORT, [3]), /systemd.*Accept=no.*EINVAL/);
  });

  it('names the option of the health port', async () => {
    const error = errorOf('EADDRINUSE', { port: 9090 });
    const listening = { ...PORT, healthPort: { port: 9090, hostname: undefined } };
    assert.match(await explainListenError(error, listening), /^port 9090 .*--health-port \d+/);
    const observed = { ...PORT, metricsPort: { port: 9090, hostname: undefined } };
    assert.match(await explainListenError(error, observed), /^port 9090 .*--metrics-port \d+/);
    assert.match(await explainListenError(error, { ...listening, unix: { path: '/x' } }), /^port 9090 /);
    assert.match(
      await explainListenError(errorOf('EADDRINUSE', { port: 4221 }), listening),
      /^port 4221 .*--port/,
    );
  });

  it('gives a remedy, in one line', async () => {
    assert.match(await explain('EACCES', 80), /port 80 .*--port 8080/);
    assert.match(await explain('EACCES', 4221), /another --port/);
    assert.match(
      await explain('EADDRNOTAVAIL', 4221, '192.0.2.1'),
      /192\.0\.2\.1 is not an address.*--host 127\.0\.0\.1/,
    );
    assert.match(await explain('ENOTFOUND', 4221, 'no.invalid'), /"no\.invalid"/);
    assert.match(await explain('EPERM'), /listen EPERM/);
    for (const code of ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EPERM'])
      assert.ok(!(await explain(code)).includes('\n'));
  });
});
