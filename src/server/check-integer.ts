/** How an option that is a number is refused: everywhere in the same words. */

/**
 * @param name as the user wrote it, `options.port`.
 * @param value `undefined` is fine: the option was not given.
 * @throws {TypeError} when it is no number.
 * @throws {RangeError} when it is not an integer from `least` to `most`.
 */
export function checkInteger(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  if (typeof value !== 'number') throw new TypeError(`${name}: not a number: ${String(value)}`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name}: not an integer from ${least} to ${most}: ${value}`);
  }
}
