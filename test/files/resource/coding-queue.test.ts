import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BUSY, CodingJob, CodingQueue } from '../../../src/files/resource/coding-queue.ts';
import { gate } from '../../server/with-server.ts';

const LIMITS = {
  runs: 2,
  largeRuns: 1,
  large: 100,
  waiting: 4,
  waitingOctets: 1000,
  patience: 60_000,
};
const STAYS = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A queue, and what has begun in it. */
function started(limits = LIMITS) {
  const queue = new CodingQueue(limits);
  const begun: string[] = [];
  const add = (name: string, octets: number) => {
    const end = gate<string>();
    const job = new CodingJob(octets, () => {
      begun.push(name);
      return end.opened;
    });
    queue.add(job);
    return { job, end: () => end.open(name), fail: () => end.fail(new Error('unreadable')) };
  };
  return { begun, add };
}

describe('CodingQueue', () => {
  test('leaves half of the thread pool to others: two at once, the next when one has ended, however it ended', async () => {
    const { begun, add } = started();
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => add(name, 10));
    const results = jobs.map(({ job }) => job.wait(STAYS).catch(() => 'failed'));
    assert.deepEqual(begun, ['a', 'b']);
    jobs[1]!.end();
    await results[1];
    await turn();
    assert.deepEqual(begun, ['a', 'b', 'c']);
    jobs[0]!.fail();
    await turn();
    assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
    for (const { end } of jobs) {
      end();
      await turn();
    }
    assert.deepEqual(await Promise.all(results), ['failed', 'b', 'c', 'd', 'e']);
  });

  test('small content goes before large content, and one place is never taken by large content', async () => {
    const { begun, add } = started();
    const first = add('large 1', 101);
    const second = add('large 2', 102);
    assert.deepEqual(begun, ['large 1'], 'one at once');
    const small = add('small 1', 100);
    assert.deepEqual(begun, ['large 1', 'small 1']);
    add('small 3', 30);
    add('small 2', 20);
    small.end();
    await turn();
    assert.deepEqual(begun, ['large 1', 'small 1', 'small 2']);
    first.end();
    await turn();
    assert.deepEqual(begun, ['large 1', 'small 1', 'small 2', 'small 3']);
    second.end();
  });

  test('at most so many wait, and so many bytes; beyond that the largest is refused', async () => {
    for (const [limits, octets] of [
      [LIMITS, [10, 50, 20, 30, 40]],
      [{ ...LIMITS, waiting: 100 }, [250, 350, 240, 260, 200]],
    ] as const) {
      const { add } = started(limits);
      for (const name of ['running', 'running, too']) add(name, 10);
      const jobs = octets.map((size) => add(String(size), size));
      assert.equal(await jobs[1]!.job.wait(STAYS), BUSY);
      const results = jobs.map(({ job }) => Promise.race([job.result, turn().then(() => 'waits')]));
      assert.deepEqual(await Promise.all(results), ['waits', BUSY, 'waits', 'waits', 'waits']);
    }
  });

  test('what no client waits for any more is dropped; what one still waits for is not', async () => {
    const { begun, add } = started();
    const running = ['a', 'b'].map((name) => add(name, 10));
    const clients = [new AbortController(), new AbortController()] as const;
    const shared = add('shared', 10);
    const forsaken = add('forsaken', 10);
    const waits = [
      ...clients.map(({ signal }) => shared.job.wait(signal)),
      forsaken.job.wait(clients[0].signal),
    ].map((wait) => wait.catch((error: Error) => error.name));
    clients[0].abort();
    assert.equal(await waits[0], 'AbortError');
    assert.equal(await waits[2], 'AbortError');
    for (const { end } of [...running, shared]) {
      end();
      await turn();
    }
    assert.equal(await waits[1], 'shared');
    assert.deepEqual(begun, ['a', 'b', 'shared']);
    await assert.rejects(shared.job.wait(AbortSignal.abort()), { name: 'AbortError' });
  });

  test('what has waited too long is refused', async () => {
    const { add } = started({ ...LIMITS, patience: 20 });
    for (const name of ['a', 'b']) add(name, 10);
    // The timer of the queue keeps no process alive.
    const alive = setTimeout(() => {}, 60_000);
    assert.equal(await add('c', 10).job.wait(STAYS), BUSY);
    clearTimeout(alive);
  });
});
