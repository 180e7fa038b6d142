/**
 * Checks a field and finds its kind (RFC 9113 §8.2, §8.3). The result is kept as the mark of the field, so each entry of a table
 * is checked once.
 */
import type { HeaderField } from '../../hpack/header-field.ts';
import { NOT_IN_NAME, NOT_IN_VALUE } from '../../hpack/octet-kinds.ts';
import { isAuthority } from '../../semantics/address/authority.ts';
import { parseContentLength } from '../../semantics/content-length.ts';
import { isToken, listMembers } from '../../semantics/field-syntax.ts';
import { HTTP2_ERRORS, type Http2Error, type Http2ErrorReason } from '../errors.ts';

export const ORDINARY = 1;
// Pseudo-fields.
export const METHOD = 2;
export const SCHEME = 3;
export const AUTHORITY = 4;
export const PATH = 5;
/** `*`, which is only for OPTIONS (RFC 9110 §7.1). */
export const PATH_ASTERISK = 6;
export const PROTOCOL = 7;
export const STATUS = 8;
// Fields for framing and routing.
export const HOST = 9;
export const CONTENT_LENGTH = 10;
export const COOKIE = 11;
export const EXPECT_CONTINUE = 12;
export const EXPECT_OTHER = 13;

/** Marks from this one on are errors. */
const FIRST_ERROR = 32;

const ERRORS = [
  'FieldNameSyntax',
  'FieldValueSyntax',
  'ConnectionField',
  'TESyntax',
  'PseudoFieldUnknown',
  'MethodSyntax',
  'SchemeSyntax',
  'AuthoritySyntax',
  'PathSyntax',
  'StatusSyntax',
  'ContentLengthSyntax',
] as const satisfies readonly Http2ErrorReason[];

const markOf = (reason: (typeof ERRORS)[number]): number => FIRST_ERROR + ERRORS.indexOf(reason);

/** Checks the value of a field. @returns its mark. */
type Check = (value: string) => number;

const connectionField: Check = () => markOf('ConnectionField');

const CHECKS: ReadonlyMap<string, Check> = new Map<string, Check>([
  [':method', (value) => (isToken(value) ? METHOD : markOf('MethodSyntax'))],
  [':scheme', (value) => (isScheme(value) ? SCHEME : markOf('SchemeSyntax'))],
  // Not empty, and without userinfo (RFC 9113 §8.3.1).
  [':authority', (value) => (isAuthority(value) ? AUTHORITY : markOf('AuthoritySyntax'))],
  [':path', pathMark],
  [':protocol', (value) => (isToken(value) ? PROTOCOL : markOf('FieldValueSyntax'))],
  [':status', (value) => (isStatus(value) ? STATUS : markOf('StatusSyntax'))],
  ['host', (value) => (isAuthority(value) ? HOST : markOf('AuthoritySyntax'))],
  [
    'content-length',
    (value) => (parseContentLength(value) < 0 ? markOf('ContentLengthSyntax') : CONTENT_LENGTH),
  ],
  ['cookie', () => COOKIE],
  ['expect', expectMark],
  // RFC 9113 §8.2.2: TE is allowed with the value trailers. The other connection-specific fields are not allowed.
  ['te', (value) => (value.toLowerCase() === 'trailers' ? ORDINARY : markOf('TESyntax'))],
  ['connection', connectionField],
  ['keep-alive', connectionField],
  ['proxy-connection', connectionField],
  ['transfer-encoding', connectionField],
  ['upgrade', connectionField],
]);

const COLON = 0x3a;
const SP = 0x20;
const HTAB = 0x09;

/** Sets the mark of the field and returns it. */
export function markField(field: HeaderField): number {
  const { name, value, kinds } = field;
  const check = CHECKS.get(name);
  let mark = check === undefined ? ORDINARY : check(value);
  if ((kinds & NOT_IN_VALUE) !== 0 || isPadded(value)) mark = markOf('FieldValueSyntax');
  if (check === undefined) {
    if (name.charCodeAt(0) === COLON) mark = markOf('PseudoFieldUnknown');
    else if ((kinds & NOT_IN_NAME) !== 0 || name === '') mark = markOf('FieldNameSyntax');
  }
  field.mark = mark;
  return mark;
}

/** @returns the error of a field with this mark, or `undefined`. */
export function faultOf(mark: number): Http2Error | undefined {
  return mark < FIRST_ERROR ? undefined : HTTP2_ERRORS[ERRORS[mark - FIRST_ERROR]!];
}

/** RFC 9113 §8.2.1: a value must not begin or end with white space. */
function isPadded(value: string): boolean {
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first === SP || first === HTAB || last === SP || last === HTAB;
}

/** scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." ) (RFC 3986 §3.1) */
function isScheme(value: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*$/.test(value);
}

/** Three digits, in one of the five classes (RFC 9110 §15). */
function isStatus(value: string): boolean {
  return /^[1-5][0-9][0-9]$/.test(value);
}

/** Empty members of the list are ignored (RFC 9110 §5.6.1.2). */
function expectMark(value: string): number {
  const members = listMembers(value.toLowerCase()).filter((member) => member !== '');
  if (members.length === 0) return ORDINARY;
  return members.every((member) => member === '100-continue') ? EXPECT_CONTINUE : EXPECT_OTHER;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;
/** Visible ASCII that is not allowed in a path (RFC 3986 §3.3) and that URL parsers rewrite. In a query it is accepted. */
const NOT_IN_PATH = '"<>\\^`{}';

/** path-absolute with an optional query, or `*`; never a fragment (RFC 9113 §8.3.1). */
function pathMark(value: string): number {
  if (value === '*') return PATH_ASTERISK;
  if (value.charCodeAt(0) !== SLASH) return markOf('PathSyntax');
  let isInQuery = false;
  for (let i = 1; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (PATH_CHARACTERS[code] === IN_BOTH || (isInQuery && PATH_CHARACTERS[code] === IN_QUERY)) continue;
    if (code !== QUESTION_MARK) return markOf('PathSyntax');
    isInQuery = true;
  }
  return PATH;
}

const IN_BOTH = 1;
const IN_QUERY = 2;
const PATH_CHARACTERS = new Uint8Array(256);
for (let code = 0x21; code < 0x7f; code++) {
  const character = String.fromCharCode(code);
  if (character !== '#' && character !== '?')
    PATH_CHARACTERS[code] = NOT_IN_PATH.includes(character) ? IN_QUERY : IN_BOTH;
}
