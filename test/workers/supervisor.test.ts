import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { isWorker, type SupervisorEvent, supervise } from '../../src/workers/index.ts';
import { moduleNamed, QUICK, whoAnswers, withSupervisor } from './with-supervisor.ts';

const skip = process.platform === 'win32' && 'a socket is not handed on there';

// Two at a time: much of it is waiting.
describe('a supervisor', { skip, timeout: 110_000, concurrency: 2 }, () => {
  it('has every worker answer, and each only what its module says', () =>
    withSupervisor(
      { data: { text: 'from data' }, args: ['a', 'b'], env: { SERVAL_TEST: 'c' } },
      async (running) => {
        const { supervisor, ask } = running;
        const pids = supervisor.workers.map(({ pid }) => `${pid}.0`);
        assert.equal(pids.length, 2);
        assert.deepEqual([...(await whoAnswers(running, 2))].sort(), pids.sort());
        assert.ok(!pids.includes(`${process.pid}.0`));
        assert.equal(await ask('/'), 'from data');
        assert.deepEqual(JSON.parse(await ask('/words')), [['a', 'b'], 'c']);
      },
    ));

  it('has threads answer, and replaces the process of one that has died when the others have finished', () =>
    withSupervisor({ workers: 1, threads: 2, args: ['a'] }, async (running) => {
      const { supervisor, ask, heard, events } = running;
      const { pid } = supervisor.workers[0]!;
      assert.deepEqual([...(await whoAnswers(running, 2))].sort(), [`${pid}.1`, `${pid}.2`]);
      assert.deepEqual(JSON.parse(await ask('/words')), [['a'], null]);
      await ask('/throw').catch(() => {});
      await heard('drained');
      const [ready, leaving, replaced, drained] = events;
      assert.match(leaving!.message, /lost a thread: out of the blue; restarting/);
      assert.deepEqual([ready!.type, replaced!.type], ['ready', 'replaced']);
      assert.deepEqual(drained, {
        ...{ type: 'drained', pid, generation: 1 },
        message: `worker ${pid} exited with 0`,
      });
    }));

  it('runs a module that serves by itself, and on no other address', async () => {
    const port = await freePort();
    await withSupervisor(
      { port, args: [String(port)] },
      async ({ ask }) => assert.equal(await ask('/'), 'served'),
      moduleNamed('serving'),
    );
    assert.equal(isWorker(), false);
    const other = supervise(moduleNamed('serving'), { ...QUICK, port: 0, workers: 1, args: ['1'] });
    await assert.rejects(other.ready, /listens on 127\.0\.0\.1:\d+, and not on 127\.0\.0\.1:1: give both/);
  });

  it('listens on several addresses, a unix socket among them, and takes its file away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serval-test-'));
    const path = join(folder, 'app.sock');
    const listen = [{ port: 0, hostname: 'localhost' }, { path }];
    const supervisor = supervise(moduleNamed('app'), { listen, workers: 1, grace: 100, execArgv: [] });
    await supervisor.ready;
    assert.equal(supervisor.addresses[1]!.family, 'unix');
    assert.notEqual(supervisor.addresses[0]!.port, 0);
    for (const socket of [connect(path), connect(supervisor.addresses[0]!.port, 'localhost')]) {
      socket.end('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      assert.match(await textOf(socket), /^HTTP\/1\.1 200 [\s\S]*hello$/);
    }
    await supervisor.close();
    assert.equal(existsSync(path), false);
    await rm(folder, { recursive: true });
  });

  it('says that a port is in use', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const supervisor = supervise(moduleNamed('app'), { port, hostname: '127.0.0.1' });
    await assert.rejects(supervisor.ready, { code: 'EADDRINUSE', port });
    await assert.rejects(supervisor.closed, { code: 'EADDRINUSE' });
    other.close();
  });

  it('starts nothing twice that does not start the first time, and says why', async () => {
    const start = (module: string, options: object) =>
      supervise(moduleNamed(module), { ...QUICK, workers: 1, ...options });
    const broken = start('app', { data: { broken: 'no database' } });
    await assert.rejects(broken.ready, /^Error: worker \d+ exited with 1: no database$/);
    await assert.rejects(broken.closed, /no database/);
    const others: [module: string, options: object, why: RegExp][] = [
      ['app', { threads: 2, data: { broken: 'no database' } }, /no database/],
      ['listening-nowhere', {}, /exited with 0: the module neither listens on/],
      ['listening-nowhere', { threads: 2 }, /exited with 1: the module neither listens on/],
      ['supervising-itself', {}, /supervise: cannot be called in a worker/],
    ];
    await Promise.all(
      others.map(([module, options, why]) => assert.rejects(start(module, options).ready, why)),
    );
    const slow = start('listening-nowhere', {
      readyTimeout: 1,
      execArgv: ['--import', 'data:text/javascript,setInterval(()=>{},9)'],
    });
    await assert.rejects(slow.ready, /did not listen within 1 ms/);
  });

  it('ends well when it is told to before its workers listen', async () => {
    const supervisor = supervise(moduleNamed('app'), { ...QUICK, workers: 1, threads: 2 });
    while (supervisor.workers.length === 0) await new Promise(setImmediate);
    await supervisor.drain();
    // Nobody has had to look at it until now.
    await assert.rejects(supervisor.ready, /was asked to end before it was ready/);
  });

  it('replaces a worker that hangs, and kills it', () =>
    withSupervisor({ workers: 1, hangTimeout: 3_000 }, async ({ supervisor, ask, heard, events }) => {
      const victim = supervisor.workers[0]!.pid;
      const hanging = assert.rejects(ask('/hang'));
      await heard('killed');
      await hanging;
      const types = events.filter(({ pid }) => pid === victim).map(({ type }) => type);
      assert.deepEqual(types, ['ready', 'hung', 'killed']);
      assert.ok(events.some(({ type }) => type === 'replaced'));
      assert.equal(await ask('/'), 'hello');
    }));

  it('loses no connection that waits to be accepted when a worker dies', () =>
    withSupervisor({ workers: 1 }, async ({ supervisor, heard }) => {
      const victim = supervisor.workers[0]!.pid!;
      process.kill(victim, 'SIGSTOP');
      const waiting = connect(supervisor.addresses[0]!.port, '127.0.0.1');
      waiting.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(waiting, 'connect');
      process.kill(victim, 'SIGKILL');
      assert.match(await textOf(waiting), /^HTTP\/1\.1 200 [\s\S]*hello$/);
      await heard('died');
    }));

  it('replaces a worker that was told to go, and lets it finish first', () =>
    withSupervisor({ workers: 1 }, async ({ supervisor, ask, heard, events }) => {
      const victim = supervisor.workers[0]!.pid!;
      const slow = ask('/slow');
      await ask('/');
      process.kill(victim, 'SIGINT');
      process.kill(victim, 'SIGHUP');
      process.kill(victim, 'SIGTERM');
      assert.equal(await slow, 'slow');
      await heard('drained');
      assert.deepEqual(
        events.map(({ type }) => type),
        ['ready', 'leaving', 'replaced', 'drained'],
      );
    }));

  it('ends when its workers keep dying, and says so', async () => {
    const onEvent = ({ type, pid }: SupervisorEvent): void => {
      if (type === 'ready' || type === 'replaced') process.kill(pid!, 'SIGKILL');
    };
    const supervisor = supervise(moduleNamed('app'), { ...QUICK, workers: 1, onEvent });
    await supervisor.ready;
    await assert.rejects(
      supervisor.closed,
      /5 in a row lived for less than 5 seconds; worker \d+ was killed by SIGKILL/,
    );
    assert.deepEqual(supervisor.workers, []);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function textOf(socket: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of socket) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
