import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server as SocketServer } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { handleSignals } from '../../src/workers/signals.ts';
import { until } from '../support/until.ts';

const PROGRAM = fileURLToPath(new URL('./modules/supervising.js', import.meta.url));

const ANYWHERE = { hostname: '127.0.0.1', port: 0 };

const skip = process.platform === 'win32' && 'no signals';

// Two at a time: much of it is waiting.
describe('a program that supervises', { skip, timeout: 110_000, concurrency: 2 }, () => {
  it('is told to stop by SIGTERM, and ends with 0 when what has begun is finished', () =>
    withProgram(ANYWHERE, async ({ child, pids, ask, exit }) => {
      const slow = ask('/slow');
      await ask('/');
      child.kill('SIGTERM');
      assert.equal(await slow, 'slow');
      assert.deepEqual(await exit(), [0, null]);
      await gone(pids);
    }));

  it('is told twice, and ends at once with the code of the signal', () =>
    withProgram({ ...ANYWHERE, grace: 60_000 }, async ({ child, pids, ask, exit }) => {
      const hanging = assert.rejects(ask('/never'));
      await ask('/');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      const [code] = await exit();
      assert.ok(code === 130 || code === 143, String(code));
      await hanging;
      await gone(pids);
    }));

  it('reloads by SIGHUP', () =>
    withProgram(ANYWHERE, async ({ child, pids, lines, exit }) => {
      child.kill('SIGHUP');
      assert.equal((await lines.next()).value, 'reloaded');
      await gone(pids);
      child.kill('SIGTERM');
      assert.deepEqual(await exit(), [0, null]);
    }));

  it('is killed, and its workers finish what they have begun and end', () =>
    withProgram(ANYWHERE, async ({ child, pids, ask, exit }) => {
      const slow = ask('/slow');
      await ask('/');
      child.kill('SIGKILL');
      assert.deepEqual(await exit(), [null, 'SIGKILL']);
      assert.equal(await slow, 'slow');
      await gone(pids);
    }));

  it('hands on a socket that it was started with, as systemd does', async () => {
    const bound = createServer();
    bound.listen(0, '127.0.0.1');
    await once(bound, 'listening');
    const { port } = bound.address() as { port: number };
    const { fd } = (bound as SocketServer & { _handle: { fd: number } })._handle;
    await withProgram(
      { fd: 3 },
      async (program) => {
        bound.close();
        assert.equal(program.port, port);
        assert.equal(await program.ask('/'), 'hello');
      },
      fd,
    );
  });
});

describe('handleSignals', () => {
  it('reloads once more for all that come during a reload, and not before that is over', async () => {
    const ends: (() => void)[] = [];
    const reload = () => new Promise<void>((resolve) => ends.push(resolve));
    const supervisor = { closed: new Promise<void>(() => {}), reload, drain: reload, destroy: () => {} };
    const stopHandling = handleSignals(supervisor);
    try {
      for (let times = 0; times < 3; times++) process.emit('SIGHUP');
      for (const begun of [1, 2, 2]) {
        assert.equal(ends.length, begun);
        ends[begun - 1]!();
        await new Promise(setImmediate);
      }
      process.emit('SIGHUP');
      assert.equal(ends.length, 3);
    } finally {
      stopHandling();
    }
  });
});

interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  readonly pids: readonly number[];
  readonly lines: AsyncIterator<string>;
  ask(path: string): Promise<string>;
  exit(): Promise<unknown[]>;
}

async function withProgram(
  options: object,
  use: (program: Program) => Promise<void>,
  ...descriptors: number[]
): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit', ...descriptors],
  });
  const exited = once(child, 'exit');
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  try {
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const first = await lines.next();
    const { port, pids } = JSON.parse(first.value as string) as { port: number; pids: number[] };
    const ask = async (path: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    await use({ child, port, pids, lines, ask, exit: () => exited });
  } finally {
    kill();
    await exited;
    process.off('exit', kill);
  }
}

/** Waits until there is none of these processes any more. */
function gone(pids: readonly number[]): Promise<void> {
  return until('they are gone', () => !pids.some(isAlive));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
