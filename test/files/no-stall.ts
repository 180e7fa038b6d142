import assert from 'node:assert/strict';
import process from 'node:process';

/**
 * Fails when `work` keeps the event loop from its other work for so many milliseconds. What is measured is the CPU time of
 * one round of the loop: the time on the clock would also tell that other processes want the core.
 */
export async function assertNoStall(most: number, work: () => Promise<unknown>): Promise<void> {
  let longest = 0;
  let before = process.cpuUsage();
  let isOver = false;
  const round = (): void => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.cpuUsage();
    if (!isOver) setImmediate(round);
  };
  setImmediate(round);
  await work();
  // The round in which it ended is to be counted.
  await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  assert.ok(longest < most, `${longest} ms`);
}
