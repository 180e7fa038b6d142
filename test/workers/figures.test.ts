/** Metrics of all workers, added up. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { describe, it, test } from 'node:test';
import { type Figures, noFigures } from '../../src/io/workers/worker-figures.ts';
import { FigureReports } from '../../src/workers/figure-reports.ts';
import { FigureSums } from '../../src/workers/figure-sums.ts';
import type { FigureReport } from '../../src/workers/messages.ts';
import { until } from '../support/until.ts';
import { moduleNamed, type Supervised, withSupervisor } from './with-supervisor.ts';

const skip = process.platform === 'win32' && 'a socket is not handed on there';

function figures(counted: number, current: number, highest: number): Figures {
  return {
    counted: new Map([['a_total', [counted, 1]]]),
    current: new Map([['b', [current]]]),
    highest: new Map([['c', [highest]]]),
  };
}

test('figures: counts and current values are added up by source, and the highest wins', () => {
  const sums = new FigureSums();
  const [one, two] = [{}, {}];
  sums.note(one, 0, [figures(9, 9, 9), figures(1, 1, 1)]);
  sums.note(one, 0, [figures(10, 1, 5), figures(1, 1, 1)]);
  sums.note(one, 1, [figures(20, 2, 7), figures(1, 1, 1)]);
  sums.note(two, 0, [figures(30, 3, 6), figures(1, 1, 1)]);
  const [first, second] = sums.sum();
  assert.deepEqual(first!.counted.get('a_total'), [60, 3]);
  assert.deepEqual(first!.current.get('b'), [6]);
  assert.deepEqual(first!.highest.get('c'), [7]);
  assert.deepEqual(second!.counted.get('a_total'), [3, 3]);
});

test('figures: the counts of a worker that has ended remain, its current values do not', () => {
  const sums = new FigureSums();
  for (const [worker, count] of [
    [{}, 10],
    [{}, 20],
  ] as const) {
    sums.note(worker, 0, [figures(count, 1, 5)]);
    sums.note(worker, 1, [figures(count, 1, 5)]);
    sums.retire(worker);
    sums.retire(worker);
  }
  sums.note({}, 0, [{ ...noFigures(), counted: new Map([['a_total', [1, 1]]]) }]);
  const [sum] = sums.sum();
  assert.deepEqual(sum!.counted.get('a_total'), [61, 5]);
  assert.deepEqual([sum!.current.size, sum!.highest.size], [0, 0]);
});

test('figures: a supervisor that does not respond fails the scrape', async () => {
  const sent: FigureReport[] = [];
  const reports = new FigureReports(3, (report) => sent.push(report));
  reports.report(undefined);
  assert.equal(sent.length, 0, 'without a source there is nothing to send');
  reports.sources.push(() => figures(1, 2, 3));
  await assert.rejects(reports.sum(), /The supervisor did not respond in time/);
  const [asked] = sent;
  assert.deepEqual([asked?.thread, asked?.figures], [3, [figures(1, 2, 3)]]);
  // Too late, which must not disturb the next one.
  reports.onSum({ serval: 'sum', thread: 3, number: asked!.number!, figures: [] });
  const sum = reports.sum();
  reports.onSum({ serval: 'sum', thread: 3, number: sent[1]!.number!, figures: [figures(4, 5, 6)] });
  assert.deepEqual(await sum, [figures(4, 5, 6)]);
});

const COUNT = /^http_server_request_duration_seconds_count\{.*http_response_status_code="201".*\} (\d+)$/m;

async function countOf({ ask }: Supervised): Promise<number> {
  return Number(COUNT.exec(await ask('/metrics'))?.[1] ?? 0);
}

/** @returns which workers have answered. */
async function request({ ask }: Supervised, times: number): Promise<Set<string>> {
  return new Set(await Promise.all(Array.from({ length: times }, () => ask('/'))));
}

describe('metrics of workers', { skip, timeout: 100_000 }, () => {
  for (const [name, counts, workers] of [
    ['processes', { workers: 2 }, 2],
    ['processes with threads', { workers: 2, threads: 2 }, 4],
  ] as const) {
    it(`${name}: each worker reports for all, also for those that have been killed or replaced`, () =>
      withSupervisor(
        counts,
        async (running) => {
          const { supervisor, ask, heard } = running;
          let total = 0;
          const served = new Set<string>();
          await until('all have served', async () => {
            for (const worker of await request(running, 10)) served.add(worker);
            total += 10;
            return served.size === workers;
          });
          await until('all are counted', async () => (await countOf(running)) === total);
          const text = await ask('/metrics');
          assert.match(text, new RegExp(`^serval_workers ${workers}$`, 'm'));
          // Of the other source.
          assert.doesNotMatch(text, /serval_limit/);
          const rss = Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)![1]);
          assert.ok(rss > 2 * 20e6 && rss < 2 * 400e6, `the memory of 2 processes: ${rss}`);

          process.kill(supervisor.workers[0]!.pid!, 'SIGKILL');
          await heard('replaced');
          assert.equal(await countOf(running), total);

          // These are reported when the workers end, not before.
          await request(running, 20);
          total += 20;
          await supervisor.reload();
          await heard('drained', 2);
          assert.equal(await countOf(running), total);
          await until('the new ones report', async () =>
            new RegExp(`^serval_workers ${workers}$`, 'm').test(await ask('/metrics')),
          );
        },
        moduleNamed('counted'),
      ));
  }
});
