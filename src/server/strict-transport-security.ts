/** The option `hsts`: the field Strict-Transport-Security (RFC 6797). */
import { checkInteger, checkObject, checkType } from '../options/checks.ts';
import { FieldLines } from '../semantics/field-lines.ts';

export interface HstsOptions {
  /** Seconds in which browsers use nothing but HTTPS for this host. 0 makes them forget it (RFC 6797 §6.1.1). */
  maxAge: number;
  /** The same for each name below this host (RFC 6797 §6.1.2). Default false. */
  includeSubDomains?: boolean;
  /** Allows browsers to ship the name in their own list. Requires `includeSubDomains` and a year. Default false. */
  preload?: boolean;
}

const NAME = 'Strict-Transport-Security';
/** What the common list of browsers asks for: https://hstspreload.org */
const LEAST_TO_PRELOAD = 31_536_000;
const MEMBERS: readonly string[] = ['maxAge', 'includeSubDomains', 'preload'];

/**
 * Checks the option.
 *
 * @returns the value of the field; empty without the option.
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function resolveHsts(given: number | HstsOptions | undefined, name = 'options.hsts'): string {
  if (given === undefined) return '';
  if (typeof given !== 'object') {
    checkInteger(name, given, 0, Number.MAX_SAFE_INTEGER);
    return `max-age=${given}`;
  }
  checkObject(name, given);
  for (const member of Object.keys(given))
    if (!MEMBERS.includes(member)) throw new TypeError(`${name}.${member}: there is no such option`);
  const { maxAge, includeSubDomains = false, preload = false } = given;
  if (maxAge === undefined)
    throw new TypeError(`${name}.maxAge: expected a number of seconds, got undefined`);
  checkInteger(`${name}.maxAge`, maxAge, 0, Number.MAX_SAFE_INTEGER);
  checkType(`${name}.includeSubDomains`, includeSubDomains, 'boolean');
  checkType(`${name}.preload`, preload, 'boolean');
  if (preload && !(includeSubDomains && maxAge >= LEAST_TO_PRELOAD))
    throw new TypeError(
      `${name}.preload: requires includeSubDomains and a maxAge of at least ${LEAST_TO_PRELOAD}, got ${maxAge}`,
    );
  return [`max-age=${maxAge}`, includeSubDomains && 'includeSubDomains', preload && 'preload']
    .filter((directive) => directive !== false)
    .join('; ');
}

/**
 * The fields of an answer that no handler sees, such as 400.
 *
 * @param value of the option; empty for none.
 */
export function hstsFields(value: string, { encrypted }: { readonly encrypted: boolean }): FieldLines {
  const fields = new FieldLines();
  // RFC 6797 §7.2: not over an insecure transport.
  if (value !== '' && encrypted) fields.add(NAME, value);
  return fields;
}

/** @returns the fields with this value, unless the application has set one: clients read only the first (RFC 6797 §8.1). */
export function withHsts(fields: FieldLines, value: string): FieldLines {
  if (/^strict-transport-security:/im.test(fields.lines)) return fields;
  // The fields may belong to a response that is sent again, over plain HTTP.
  const all = Object.assign(new FieldLines(), fields);
  all.add(NAME, value);
  return all;
}
