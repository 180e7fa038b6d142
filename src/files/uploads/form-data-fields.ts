/** The fields that describe form-data: Content-Type and Content-Disposition with their parameters. */
import { isToken, withoutOWS } from '../../semantics/field-syntax.ts';

/** The text before the first semicolon, in lower case, and the parameters by name in lower case. */
export interface ParameterizedValue {
  readonly value: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads `value *( OWS ";" OWS name "=" ( token / quoted-string ) )` (RFC 9110 §5.6.6).
 *
 * In a quoted string only `\"` and `\\` are escapes: browsers leave a backslash in a file name as it is (HTML, "multipart
 * form data"), so as an escape it would change the name.
 *
 * @returns `undefined` for text that does not match, and for a repeated parameter: parsers differ in which one counts.
 */
export function parseParameters(text: string): ParameterizedValue | undefined {
  const semicolon = text.indexOf(';');
  const value = withoutOWS(text, 0, semicolon < 0 ? text.length : semicolon).toLowerCase();
  const parameters = new Map<string, string>();
  let at = semicolon < 0 ? text.length : semicolon;
  while (at < text.length) {
    at = behindBlanks(text, at + 1);
    // An empty parameter, between two semicolons or behind the last one (RFC 9110 §5.6.6).
    if (at === text.length || text[at] === ';') continue;
    const equals = text.indexOf('=', at);
    const name = text.slice(at, equals).toLowerCase();
    if (equals < 0 || !isToken(name) || parameters.has(name)) return undefined;
    const read = text[equals + 1] === '"' ? quotedString(text, equals + 1) : token(text, equals + 1);
    if (read === undefined) return undefined;
    parameters.set(name, read.text);
    at = behindBlanks(text, read.end);
    if (at < text.length && text[at] !== ';') return undefined;
  }
  return { value, parameters };
}

interface Read {
  readonly text: string;
  readonly end: number;
}

function token(text: string, from: number): Read | undefined {
  let end = from;
  while (end < text.length && isToken(text[end]!)) end++;
  return end === from ? undefined : { text: text.slice(from, end), end };
}

function quotedString(text: string, from: number): Read | undefined {
  let unquoted = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') return { text: unquoted, end: at + 1 };
    const escapes = character === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\');
    unquoted += escapes ? text[++at]! : character;
  }
  return undefined;
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** `ext-value` of RFC 8187 §3.2 in UTF-8; `undefined` for anything else. */
export function decodeExtendedValue(text: string): string | undefined {
  const [, encoded] = /^utf-8'[A-Za-z0-9-]*'([!#$&+\-.^_`|~A-Za-z0-9%]*)$/i.exec(text) ?? [];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** `boundary := 0*69<bchars> bcharsnospace` (RFC 2046 §5.1.1). */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;

/** The boundary in a Content-Type of `multipart/form-data` (RFC 7578 §4.1); `undefined` without a valid one. */
export function formBoundary(contentType: string): string | undefined {
  const read = parseParameters(contentType);
  if (read?.value !== 'multipart/form-data') return undefined;
  const boundary = read.parameters.get('boundary');
  return boundary !== undefined && BOUNDARY.test(boundary) ? boundary : undefined;
}
