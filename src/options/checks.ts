/**
 * How a bad option is refused, in the same words everywhere: `options.port: expected an integer from 0 to 65535, got 70000`.
 *
 * Each check takes the option's name as the user wrote it. `undefined` always passes: the option was not given.
 */

/**
 * @throws {TypeError} when `value` is not a number.
 * @throws {RangeError} when it is not an integer from `least` to `most`.
 */
export function checkInteger(name: string, value: unknown, least: number, most: number): void {
  if (value === undefined) return;
  const expected = `an integer from ${least} to ${most}`;
  if (typeof value !== 'number') throw new TypeError(refusal(name, expected, value));
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(refusal(name, expected, value));
  }
}

const ARTICLES = { boolean: 'a boolean', function: 'a function', number: 'a number', string: 'a string' };

/** @throws {TypeError} when `value` is not of that type. */
export function checkType(name: string, value: unknown, type: keyof typeof ARTICLES): void {
  if (value !== undefined && typeof value !== type) throw new TypeError(refusal(name, ARTICLES[type], value));
}

/** @throws {TypeError} when `value` is not an object, or is an array. */
export function checkObject(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(refusal(name, 'an object', value));
  }
}

/** @throws {TypeError} when `value` is not an object, or has a member that is none of `names`. */
export function checkMembers(name: string, value: unknown, names: readonly string[]): void {
  checkObject(name, value);
  for (const member of Object.keys(value ?? {}))
    if (!names.includes(member)) throw new TypeError(`${name}.${member}: there is no such option`);
}

/** @throws {RangeError} when `value` is none of `choices`. */
export function checkOneOf(name: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw new RangeError(refusal(name, `one of ${choices.map(shown).join(', ')}`, value));
}

/** The sentence for any other refusal. @param expected completes "expected …". */
export function refusal(name: string, expected: string, value: unknown): string {
  return `${name}: expected ${expected}, got ${shown(value)}`;
}

/** A value as it would be written in code, and short: nothing that an option holds is printed in full. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null)
    return `an object (${value.constructor?.name ?? 'no class'})`;
  return String(value);
}
