import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { describe, it } from 'node:test';
import { load } from '../support/load.ts';
import { until } from '../support/until.ts';
import { type Supervised, withSupervisor } from './with-supervisor.ts';

const skip = process.platform === 'win32' && 'a socket is not handed on there';

describe('workers that come and go under load', { skip, timeout: 110_000 }, () => {
  it('lose only what a killed one had, and nothing by a reload, a failed reload, more workers and fewer', () =>
    withSupervisor({}, async (running) => {
      await kill(running);
      await reload(running);
      await reloadInVain(running);
      await resize(running);
    }));

  it('answers on a connection that a draining worker has accepted, though its request comes later', () =>
    // The longest grace there is: with the time after it, it is more than a timer takes.
    withSupervisor({ workers: 1, grace: 2 ** 31 - 1 }, async ({ supervisor, heard }) => {
      const idle = connect(supervisor.addresses[0]!.port, '127.0.0.1');
      await once(idle, 'connect');
      await until('it was accepted', () => supervisor.workers[0]!.connections === 1);
      await supervisor.reload();
      idle.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      assert.match(await textOf(idle), /^HTTP\/1\.1 200 [\s\S]*connection: close[\s\S]*hello$/i);
      await heard('drained');
    }));

  it('gives up a reload when it is told to end', () =>
    withSupervisor({ workers: 1 }, async ({ supervisor }) => {
      const reloaded = supervisor.reload();
      while (supervisor.workers.length < 2) await new Promise(setImmediate);
      const closed = supervisor.close();
      await assert.rejects(reloaded, { name: 'AbortError', message: /was asked to end/ });
      await closed;
    }));

  it('drains: what is under way is answered, and then nobody listens', () =>
    withSupervisor({ workers: 1 }, async ({ supervisor, ask, origin }) => {
      const slow = ask('/slow');
      await ask('/');
      await supervisor.drain();
      assert.equal(await slow, 'slow');
      await assert.rejects(fetch(origin));
      await assert.rejects(supervisor.reload(), { name: 'InvalidStateError' });
    }));

  it('end with the rest, though they had more time of their own when they were replaced', () =>
    withSupervisor({ workers: 1, grace: 60_000 }, async ({ supervisor, events }) => {
      const idle = connect(supervisor.addresses[0]!.port, '127.0.0.1');
      await once(idle, 'connect');
      await until('it was accepted', () => supervisor.workers[0]!.connections === 1);
      await supervisor.reload();
      const ended = once(idle.resume(), 'end');
      await supervisor.drain({ grace: 100 });
      await ended;
      assert.ok(!events.some(({ type }) => type === 'killed'));
    }));

  it('drains with a delay: it goes on as before and is not ready; drained once more, it ends at once', () =>
    withSupervisor({ workers: 1, threads: 2, drainDelay: 60_000 }, async ({ supervisor, ask, origin }) => {
      assert.equal(await ask('/readyz'), 'ok');
      const drained = supervisor.drain();
      while ((await ask('/readyz')) !== 'draining');
      assert.equal(await ask('/'), 'hello');
      assert.throws(() => supervisor.drain({ delay: -1 }), /^RangeError: .*delay.*-1$/);
      await supervisor.drain({ grace: 0, delay: 0 });
      await drained;
      await assert.rejects(fetch(origin));
    }));

  it('breaks off everything when it is destroyed', () =>
    withSupervisor({ workers: 1 }, async ({ supervisor, ask }) => {
      const never = assert.rejects(ask('/never'));
      await ask('/');
      supervisor.destroy(new Error('enough'));
      await never;
      await assert.rejects(supervisor.closed, /^Error: enough$/);
    }));
});

async function kill({ supervisor, origin, heard, events }: Supervised): Promise<void> {
  const victim = supervisor.workers[0]!.pid!;
  const failures = await underLoad(origin, async () => {
    process.kill(victim, 'SIGKILL');
    await heard('replaced');
  });
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  // Each connection has one request at a time.
  assert.ok(failed <= 4, `${failed}`);
  const { message } = events.find(({ type }) => type === 'died')!;
  assert.match(message, new RegExp(`^worker ${victim} was killed by SIGKILL; restarting (in 100 ms|now)$`));
  assert.equal(supervisor.workers.length, 2);
  assert.ok(!supervisor.workers.some(({ pid }) => pid === victim));
}

async function reload({ supervisor, origin, ask, heard, events }: Supervised): Promise<void> {
  const before = supervisor.workers.map(({ pid }) => pid);
  const failures = await underLoad(origin, async () => {
    await supervisor.reload({ args: ['new'] });
    await heard('drained', 2);
  });
  assert.deepEqual([...failures], []);
  assert.deepEqual(JSON.parse(await ask('/words'))[0], ['new']);
  assert.ok(supervisor.workers.every(({ pid, generation }) => generation === 2 && !before.includes(pid)));
  assert.ok(!events.some(({ type }) => type === 'killed'));
}

async function reloadInVain({ supervisor, origin }: Supervised): Promise<void> {
  const before = supervisor.workers.map(({ pid }) => [pid, 'ready']);
  const failures = await underLoad(origin, async () => {
    const broken = supervisor.reload({ data: { broken: 'no database' } });
    await assert.rejects(broken, /exited with 1: no database; the old workers continue/);
  });
  assert.deepEqual([...failures], []);
  const serving = supervisor.workers.filter(({ generation }) => generation === 2);
  assert.deepEqual(
    serving.map(({ pid, state }) => [pid, state]),
    before,
  );
}

async function resize({ supervisor, origin }: Supervised): Promise<void> {
  const failures = await underLoad(origin, async () => {
    await supervisor.resize(3);
    assert.equal(supervisor.workers.filter(({ state }) => state === 'ready').length, 3);
    await supervisor.resize(1);
    await until('one is left', () => supervisor.workers.length === 1);
  });
  assert.deepEqual([...failures], []);
  assert.throws(() => supervisor.resize(0), { name: 'RangeError' });
}

/**
 * Has a load on while something is done, which looks at each answer: three connections that are kept, and one request after
 * the other that brings a new one.
 *
 * @returns what went wrong, by kind.
 */
async function underLoad(origin: string, act: () => Promise<void>): Promise<Map<string, number>> {
  const content = new TextEncoder().encode('hello');
  const failures = new Map<string, number>();
  let isDone = false;
  const acting = act().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const report = await load({
      ...{ connections: 4, requests: 40 },
      request: (number) => ({
        url: `${origin}/`,
        // POST, because the client would send again what is idempotent, and nobody would know that it was lost.
        init: { method: 'POST', headers: number % 4 === 0 ? { Connection: 'close' } : {} },
        ...{ status: 200, content },
      }),
    });
    for (const [kind, times] of report.failures) failures.set(kind, (failures.get(kind) ?? 0) + times);
    // What is done meanwhile needs the processors, too.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await acting;
  return failures;
}

async function textOf(socket: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of socket) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
