/**
 * Runs checks. What fails also tells what there was to see: that is too long to be put together for checks that hold, of which
 * there are hundreds of thousands.
 */
export function explained(seen: () => string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${seen()}`, { cause: error });
  }
}
