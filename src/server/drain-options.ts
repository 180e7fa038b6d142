/** How a server is drained. */
export interface DrainOptions {
  /**
   * For how long, in milliseconds, everything goes on as before while `server.draining` is true already: long enough for
   * whoever asks for readiness to see it and to stop sending. Default 0.
   */
  delay?: number;
  /** How long kept connections may still bring a request after that, in milliseconds. Default 10,000; `Infinity` for ever. */
  grace?: number;
}

/** What a timer would take for one millisecond. */
const TOO_LONG = 2 ** 31;

/** @throws {RangeError} naming the option and its value. */
export function checkDrainOptions({ delay, grace }: DrainOptions): void {
  if (delay !== undefined && !isDuration(delay)) {
    throw new RangeError(`drain: delay: not milliseconds from 0 to 2147483647: ${String(delay)}`);
  }
  if (grace !== undefined && grace !== Infinity && !isDuration(grace)) {
    throw new RangeError(
      `drain: grace: not milliseconds from 0 to 2147483647, or Infinity: ${String(grace)}`,
    );
  }
}

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < TOO_LONG;
