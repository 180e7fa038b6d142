/** The inspector of a supervisor. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it } from 'node:test';
import { WebSocket } from '../../src/client/index.ts';
import { inspector } from '../../src/inspector/index.ts';
import type { WorkersNotice } from '../../src/inspector/workers/messages.ts';
import { WorkerHistory } from '../../src/inspector/workers/worker-history.ts';
import type { WorkerInfo } from '../../src/workers/index.ts';
import { sumOfLoads, type WorkerLoad } from '../../src/workers/load/worker-load.ts';
import { until } from '../support/until.ts';
import { withSupervisor } from '../workers/with-supervisor.ts';

const LOAD: WorkerLoad = {
  ...{ connections: 1, started: 6, finished: 5, cutOff: 0, rejected: 0 },
  ...{ rss: 100, heapUsed: 10, delay: 2 },
};

const infoOf = (pid: number, state: WorkerInfo['state'] = 'ready', load = LOAD): WorkerInfo => ({
  ...{ pid, generation: 1, state, since: new Date(1_000), connections: load.connections, load },
});

describe('WorkerHistory', () => {
  it('keeps the states of a worker with their times, and notices its end', () => {
    const history = new WorkerHistory();
    history.update([infoOf(1, 'starting')], 10, 900);
    history.update([infoOf(1, 'ready')], 20, 800);
    history.update([infoOf(1, 'ready')], 25, 800);
    history.update([], 30, 800);
    assert.deepEqual(history.rows[0]!.states, [
      { state: 'starting', at: 100 },
      { state: 'ready', at: 200 },
      { state: 'gone', at: 30 },
    ]);
    history.update([infoOf(1)], 40, 800);
    assert.equal(history.rows.length, 2, 'the process id was given to another worker');
  });

  it('counts requests a second over at least two seconds', () => {
    const history = new WorkerHistory();
    const at = (now: number, finished: number): number => {
      history.update([infoOf(1, 'ready', { ...LOAD, finished })], now, 0);
      return history.rows[0]!.rate;
    };
    assert.equal(at(0, 100), 0);
    assert.equal(at(1_999, 150), 0);
    assert.equal(at(2_000, 300), 100);
    assert.equal(at(4_000, 300), 0);
  });

  it('keeps the last fifty that have ended, and two hundred events', () => {
    const history = new WorkerHistory();
    for (let pid = 1; pid <= 51; pid++) {
      history.update([infoOf(pid)], pid, 0);
      history.update([], pid, 0);
      assert.equal(history.rows.length, Math.min(pid, 50));
    }
    assert.equal(history.rows[0]!.pid, 2);
    for (let i = 1; i <= 201; i++)
      history.note({ type: 'ready', pid: i, generation: 1, message: String(i) }, i);
    assert.deepEqual([history.events.length, history.events[0]!.message], [200, '2']);
  });

  it('adds up the threads of a worker, which share its memory', () => {
    const sum = sumOfLoads([LOAD, { ...LOAD, rss: 90, delay: 7 }]);
    assert.deepEqual(sum, {
      ...{ connections: 2, started: 12, finished: 10, cutOff: 0, rejected: 0 },
      ...{ rss: 100, heapUsed: 20, delay: 7 },
    });
    assert.equal(sumOfLoads([]).rss, 0);
  });
});

const skip = process.platform === 'win32' && 'a socket is not handed on there';

describe('inspector of a supervisor', { skip }, () => {
  it('shows the figures of each worker, and a reload as it happens', () =>
    withSupervisor({ hangTimeout: 500 }, async ({ supervisor, ask }) => {
      await using inspected = await inspector(supervisor);
      const headers = { origin: new URL(inspected.url).origin };
      const socket = new WebSocket(new URL('feed', inspected.url).href.replace(/^http/, 'ws'), { headers });
      let last: WorkersNotice | undefined;
      socket.addEventListener('message', (event) => {
        last = JSON.parse(String((event as unknown as MessageEvent).data)) as WorkersNotice;
      });
      for (let i = 0; i < 6; i++) await ask('/');
      const finished = () => last?.workers.reduce((sum, { load }) => sum + load.finished, 0);
      await until('all requests are counted', () => finished() === 6);
      assert.equal(last!.workers.length, 2);
      assert.ok(last!.workers.every(({ load }) => load.rss > 1_000_000 && load.heapUsed > 100_000));
      assert.deepEqual(last!.addresses, [`127.0.0.1:${supervisor.addresses[0]!.port}`]);
      await supervisor.reload();
      const inStates = (generation: number, pattern: RegExp) =>
        last!.workers.filter(
          (row) =>
            row.generation === generation && pattern.test(row.states.map(({ state }) => state).join(' ')),
        ).length;
      await until('the new ones serve', () => inStates(2, /^starting ready$|^ready$/) === 2);
      await until('the old ones have ended', () => inStates(1, /gone$/) === 2);
      assert.ok(last!.events.some(({ type, generation }) => type === 'reloaded' && generation === 2));
      assert.ok(last!.events.some(({ type, generation }) => type === 'drained' && generation === 1));
      const closed = new Promise((done) => socket.addEventListener('close', done));
      await supervisor.close();
      await closed;
    }));
});
