import assert from 'node:assert/strict';
import process from 'node:process';

/** Of the work that there is, the most that may be done in one go. */
const MOST = 1 / 4;

/**
 * Fails when `work` keeps the event loop from its other work: when one round of the loop takes more than a quarter of the CPU
 * time that it takes altogether. A clock would also tell that other processes want the core, and a number of milliseconds how
 * old the machine is.
 */
export async function assertNoStall(work: () => Promise<unknown>): Promise<void> {
  const begin = process.cpuUsage();
  let longest = 0;
  let before = process.cpuUsage();
  let isOver = false;
  const round = (): void => {
    longest = Math.max(longest, sum(process.cpuUsage(before)));
    before = process.cpuUsage();
    if (!isOver) setImmediate(round);
  };
  setImmediate(round);
  await work();
  // The round in which it ended is to be counted.
  await new Promise((resolve) => setImmediate(resolve));
  isOver = true;
  const all = sum(process.cpuUsage(begin));
  assert.ok(longest < all * MOST, `${longest} ms in one go, of ${all} ms`);
}

/** Milliseconds. */
const sum = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
