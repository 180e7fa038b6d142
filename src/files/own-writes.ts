/** Tells what is kept of files that this very process has changed one: who has just stored a file is to get that one. */
let last = -Infinity;

/** To be called when a file has got its name, and before that is acknowledged. */
export function noteWrite(): void {
  last = performance.now();
}

/** Whether what the file system said at `time`, on the clock of `performance.now()`, is older than a change of our own. */
export const isBeforeWrite = (time: number): boolean => time <= last;
