/**
 * The Keep-Alive field: a server's hint about how long it keeps an idle connection, and for how many more requests. Its
 * grammar is that of parameters (RFC 2068 §19.7.1.1); RFC 9112 Appendix C.2.2 describes its origin.
 */
import { listMembers, parseDecimal } from '../field-syntax.ts';

export interface KeepAlive {
  /** How many milliseconds an idle connection is kept; `undefined` if the field does not say. */
  readonly timeout: number | undefined;
  /** How many more requests the connection answers; `undefined` if the field does not say. */
  readonly max: number | undefined;
}

const MAX_DIGITS = 9;

/** Reads the hint. Members that can't be parsed are ignored, because it is only a hint. */
export function parseKeepAlive(value: string): KeepAlive {
  let timeout: number | undefined;
  let max: number | undefined;
  for (const member of listMembers(value)) {
    const equals = member.indexOf('=');
    if (equals < 0) continue;
    const name = member.slice(0, equals).toLowerCase();
    const number = parseDecimal(member.slice(equals + 1), MAX_DIGITS);
    if (number < 0) continue;
    if (name === 'timeout') timeout ??= number * 1_000;
    else if (name === 'max') max ??= number;
  }
  return { timeout, max };
}
