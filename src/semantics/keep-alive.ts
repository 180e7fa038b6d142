/**
 * The Keep-Alive field: a server's hint how long it keeps an idle connection, and for how many more requests (RFC 2068
 * §19.7.1.1, whose grammar is that of parameters; RFC 9112 Appendix C.2.2 tells where it comes from).
 */
import { listMembers } from './field-syntax.ts';

export interface KeepAlive {
  /** Milliseconds an idle connection is kept, or `undefined` when it is not said. */
  readonly timeout: number | undefined;
  /** Further requests that are answered on the connection, or `undefined`. */
  readonly max: number | undefined;
}

/** What the hint says. It is a hint: what is not understood says nothing. */
export function parseKeepAlive(value: string): KeepAlive {
  let timeout: number | undefined;
  let max: number | undefined;
  for (const member of listMembers(value)) {
    const equals = member.indexOf('=');
    if (equals < 0) continue;
    const name = member.slice(0, equals).toLowerCase();
    const number = parseSmallNumber(member.slice(equals + 1));
    if (number === undefined) continue;
    if (name === 'timeout') timeout ??= number * 1_000;
    else if (name === 'max') max ??= number;
  }
  return { timeout, max };
}

const MAX_DIGITS = 9;

function parseSmallNumber(text: string): number | undefined {
  if (text.length < 1 || text.length > MAX_DIGITS) return undefined;
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}
