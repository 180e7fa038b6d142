/** `options.path` and `options.mode`: the file of a unix socket, and what a dead server has left. */
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Response, serve } from '../../src/index.ts';
import { removeStaleSocket } from '../../src/io/unix-socket.ts';
import { exchange } from '../support/raw-client.ts';

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'serval-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The file of a socket that nobody listens on, as a server leaves it that was killed. */
async function leaveStale(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.before`, resolve));
  // Closing removes the file by the name that it had.
  await rename(`${path}.before`, path);
  await new Promise((resolve) => server.close(resolve));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

const ask = (path: string) => exchange({ path }, 'GET / HTTP/1.0\r\n\r\n');

/** Listens, hands over, and closes. */
async function listening(options: { path: string; mode?: number }, use: () => Promise<void>): Promise<void> {
  const server = serve(() => new Response('hello'), options);
  try {
    await server.ready;
    await use();
  } finally {
    await server.close();
  }
}

describe('a unix socket', () => {
  for (const mode of [0o600, 0o660, 0o666, 0o777, 0]) {
    test(`has the mode ${mode.toString(8)} as soon as the server is ready`, () =>
      withFolder(async (folder) => {
        const path = join(folder, 'socket');
        await listening({ path, mode }, async () => {
          assert.equal((await stat(path)).mode & 0o777, mode);
        });
        assert.equal(await exists(path), false);
      }));
  }

  test('of a dead server is replaced', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'socket');
      await leaveStale(path);
      assert.equal((await stat(path)).isSocket(), true);
      await listening({ path, mode: 0o600 }, async () => {
        assert.match((await ask(path)).text, /hello$/);
        assert.equal((await stat(path)).mode & 0o777, 0o600);
      });
    }));

  test('of a live server is left to it: EADDRINUSE', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'socket');
      await listening({ path, mode: 0o666 }, async () => {
        const second = serve(() => new Response('second'), { path, mode: 0o600 });
        await assert.rejects(second.ready, { code: 'EADDRINUSE' });
        await second.close();
        assert.match((await ask(path)).text, /hello$/);
        assert.equal((await stat(path)).mode & 0o777, 0o666, 'its mode is its own');
      });
    }));

  test("takes no other file's place: EADDRINUSE", () =>
    withFolder(async (folder) => {
      const path = join(folder, 'file');
      await writeFile(path, 'precious');
      const server = serve(() => new Response(), { path });
      await assert.rejects(server.ready, { code: 'EADDRINUSE' });
      await server.close();
      assert.equal(await exists(path), true);
    }));

  test("where there is no folder can not be: the error is the system's", () =>
    withFolder(async (folder) => {
      const server = serve(() => new Response(), { path: join(folder, 'missing', 'socket') });
      await assert.rejects(server.ready, (error: NodeJS.ErrnoException) =>
        /^E(NOENT|ACCES)$/.test(error.code ?? ''),
      );
      await server.close();
    }));

  test('that is being bound when the server is closed is not left behind', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'socket');
      await leaveStale(path);
      const server = serve(() => new Response(), { path });
      const { ready } = server;
      await Promise.all([assert.rejects(ready, { name: 'AbortError' }), server.close()]);
      // The stale one may have been removed, or not; nobody listens.
      if (await exists(path)) await assert.rejects(ask(path), { code: 'ECONNREFUSED' });
    }));
});

describe('removeStaleSocket', () => {
  test('says yes where nothing is left in the way', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'socket');
      assert.equal(await removeStaleSocket(path), true);
      await leaveStale(path);
      assert.equal(await removeStaleSocket(path), true);
      assert.equal(await exists(path), false);
    }));

  test('does not follow links', () =>
    withFolder(async (folder) => {
      const target = join(folder, 'socket');
      await leaveStale(target);
      await symlink(target, join(folder, 'link'));
      assert.equal(await removeStaleSocket(join(folder, 'link')), false);
      assert.equal(await exists(target), true);
    }));

  test('leaves a socket alone that it may not connect to, or that is not one', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      assert.equal(await removeStaleSocket(file), false);
      await listening({ path: join(folder, 'socket') }, async () => {
        await chmod(join(folder, 'socket'), 0);
        assert.equal(await removeStaleSocket(join(folder, 'socket')), false);
        assert.equal(await exists(join(folder, 'socket')), true);
      });
    }));
});
