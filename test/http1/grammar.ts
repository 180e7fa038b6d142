/**
 * The octets that the ABNF of the RFCs allows, written out a second time: the tables of `src/` are what is being tested.
 * One character stands for one octet.
 */

/** All 256 of them. */
export const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) =>
  String.fromCharCode(octet),
);

/** tchar (RFC 9110 §5.6.2) */
export const TCHAR = /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/;
/** field-vchar, SP and HTAB (RFC 9110 §5.5), which is also what a quoted-pair may quote (RFC 9110 §5.6.4) */
export const FIELD_OCTET = /^[\t\x20-\x7e\x80-\xff]$/;
/** qdtext (RFC 9110 §5.6.4) */
export const QDTEXT = /^[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]$/;
/** HEXDIG (RFC 5234 §B.1), whose letters are case-insensitive */
export const HEXDIG = /^[0-9A-Fa-f]$/;
/** Visible ASCII without `#`: the octets of a query, of which RFC 3986 §2 allows all but a few that browsers send */
export const TARGET = /^[\x21\x22\x24-\x7e]$/;
/** pchar and `/` (RFC 3986 §3.3), with the three octets that a URI has only percent-encoded and no URL parser rewrites */
export const PATH = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/|[\]]$/;

export interface SweptFieldLine {
  readonly line: string;
  /** `name: value` as it is understood, or `undefined` where the grammar has no such line. */
  readonly field: string | undefined;
}

/** Every octet at the beginning of a field name, inside it, and at the beginning, inside and at the end of a value. */
export function sweptFieldLines(): SweptFieldLine[] {
  const swept: SweptFieldLine[] = [];
  for (const o of OCTETS) {
    const name = TCHAR.test(o);
    const value = FIELD_OCTET.test(o);
    const trimmed = o === ' ' || o === '\t' ? '' : o;
    const inName = o === ':' ? 'x: Y: v' : undefined;
    swept.push(
      { line: `${o}X: v\r\n`, field: name ? `${lowerCased(o)}x: v` : undefined },
      { line: `X${o}Y: v\r\n`, field: name ? `x${lowerCased(o)}y: v` : inName },
      { line: `X:${o}v\r\n`, field: value ? `x: ${trimmed}v` : undefined },
      { line: `X: a${o}v\r\n`, field: value ? `x: a${o}v` : undefined },
      { line: `X: v${o}\r\n`, field: value ? `x: v${trimmed}` : undefined },
    );
  }
  return swept;
}

/** Only ASCII letters have a case in HTTP. */
function lowerCased(octet: string): string {
  return /[A-Z]/.test(octet) ? String.fromCharCode(octet.charCodeAt(0) + 32) : octet;
}
