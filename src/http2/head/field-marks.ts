/**
 * Checks a field and finds its kind (RFC 9113 §8.2, §8.3). The result is kept as the mark of the field, so each entry of a table
 * is checked once.
 */
import type { HeaderField } from '../../hpack/header-field.ts';
import { NOT_IN_NAME, NOT_IN_VALUE } from '../../hpack/octet-kinds.ts';
import { OCTET_CLASS, PATH as PATH_OCTET, TARGET } from '../../octets/octet-table.ts';
import { isAuthority } from '../../semantics/address/authority.ts';
import { HOP_BY_HOP } from '../../semantics/connection/hop-by-hop.ts';
import { parseContentLength } from '../../semantics/content-length.ts';
import { parseExpect } from '../../semantics/expect.ts';
import { isToken } from '../../semantics/field-syntax.ts';
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
  ...[...HOP_BY_HOP].map((name) => [name, connectionField] as const),
  // RFC 9113 §8.2.2: TE is allowed with the value trailers. The other connection-specific fields are not allowed.
  ['te', (value) => (value.toLowerCase() === 'trailers' ? ORDINARY : markOf('TESyntax'))],
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

function expectMark(value: string): number {
  const expectation = parseExpect(value);
  if (expectation === 'none') return ORDINARY;
  return expectation === 'continue' ? EXPECT_CONTINUE : EXPECT_OTHER;
}

const SLASH = 0x2f;
const QUESTION_MARK = 0x3f;

/** path-absolute with an optional query, or `*`; never a fragment (RFC 9113 §8.3.1). */
function pathMark(value: string): number {
  if (value === '*') return PATH_ASTERISK;
  if (value.charCodeAt(0) !== SLASH) return markOf('PathSyntax');
  let isInQuery = false;
  for (let i = 1; i < value.length; i++) {
    const code = value.charCodeAt(i);
    // A code unit above 255 has no class.
    const octetClass = OCTET_CLASS[code] ?? 0;
    if ((octetClass & PATH_OCTET) !== 0 || (isInQuery && (octetClass & TARGET) !== 0)) continue;
    if (code !== QUESTION_MARK) return markOf('PathSyntax');
    isInQuery = true;
  }
  return PATH;
}
