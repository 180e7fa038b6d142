/** The time that everything that waits goes by, and the Date line it gives. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DateLine, systemClock } from '../../src/io/clock.ts';
import { within } from '../server/with-server.ts';

describe('systemClock', () => {
  test('now() never goes back, date() is the time of day', () => {
    const first = systemClock.now();
    assert.ok(systemClock.now() >= first);
    assert.ok(Math.abs(systemClock.date() - Date.now()) < 10_000);
  });

  test('every() ticks until it is stopped', async () => {
    let ticks = 0;
    let stop = () => {};
    const alive = setInterval(() => {}, 1_000); // The clock itself keeps no process alive.
    const ticked = new Promise<void>((resolve) => {
      stop = systemClock.every(5, () => {
        ticks++;
        if (ticks === 3) resolve();
      });
    });
    await within('three ticks', ticked);
    stop();
    const then = ticks;
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(ticks, then);
    clearInterval(alive);
  });
});

describe('DateLine', () => {
  test('is a Date field line in IMF-fixdate', () => {
    assert.equal(
      new DateLine().at(Date.UTC(1994, 10, 6, 8, 49, 37)),
      'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n',
    );
  });

  test('is made anew in each second, also when the time goes back', () => {
    const line = new DateLine();
    assert.match(line.at(999), /00:00:00/);
    assert.match(line.at(1_000), /00:00:01/);
    assert.match(line.at(1_999), /00:00:01/);
    assert.match(line.at(0), /00:00:00/);
  });
});
