/** One row of the table: what was checked, and how it went. */
export interface Outcome {
  readonly what: readonly string[];
  /** Empty when all is well. */
  readonly fault: string;
}

/** @returns why an action failed; empty when it did not. */
export async function faultOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
    return '';
  } catch (error) {
    return (error as Error).message || String(error);
  }
}
