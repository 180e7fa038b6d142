/**
 * Waiting for what has to come about. How long it takes is the machine's business: one that is busy, or stands still for some
 * seconds, fails no test by it. Only what never comes about does.
 */
import assert from 'node:assert/strict';

/** Milliseconds after which something that has not come about never will. Only a test that fails takes as long. */
export const PATIENCE = 20_000;

/** Waits until something is so; fails when it does not come to be. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  patience = PATIENCE,
): Promise<void> {
  const deadline = performance.now() + patience;
  while (!(await isSo())) {
    // It is looked at once more behind the deadline: the machine may have slept through it.
    if (performance.now() > deadline && !(await isSo())) assert.fail(`never so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * For what has to be quick, or has to wait a little, and has no clock that a test could hold in its hand: a server that is right
 * passes as soon as the machine does not stand still for once, a server that is wrong is wrong each time.
 */
export async function inOneOf<T>(tries: number, attempt: () => Promise<T>): Promise<T> {
  for (let left = tries - 1; left > 0; left--) {
    try {
      return await attempt();
    } catch {
      // It may have been the machine.
    }
  }
  return attempt();
}
