/** When this process last stored a file. Cached files are checked again then, so that a client gets what it has just stored. */
let last = -Infinity;

/** Called when a file has got its name, before the upload is acknowledged. */
export function noteWrite(): void {
  last = performance.now();
}

/** Whether this process has stored a file since `time`, on the clock of `performance.now()`. */
export const isBeforeWrite = (time: number): boolean => time <= last;
