/**
 * Runs a sweep over tens of thousands of inputs most of which have to throw. Nine tenths of what such an error costs is its stack,
 * which nobody reads. What the sweep itself throws tells where it was called.
 */
export function withoutStacks(sweep: () => void): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    sweep();
  } catch (error) {
    Error.stackTraceLimit = limit;
    if (error instanceof Error) Error.captureStackTrace(error, withoutStacks);
    throw error;
  } finally {
    Error.stackTraceLimit = limit;
  }
}
