/** A sub-command of `npm run endurance`. */

export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  readonly help: string;
  /**
   * @returns what went wrong, a line each; empty when all is well.
   * @throws {UsageError} for words that it does not understand.
   */
  run(words: readonly string[]): Promise<readonly string[]>;
}

export class UsageError extends Error {}

/** @throws {UsageError} */
export function wholeNumber(option: string, text: string, least = 0): number {
  const value = Number(text);
  if (text === '' || !Number.isSafeInteger(value) || value < least)
    throw new UsageError(`--${option}: expected an integer from ${least}, got ${JSON.stringify(text)}`);
  return value;
}
