/** What `Response.redirect` puts into Location (RFC 9110 §10.2.2): an absolute URL or a relative reference, in ASCII. */

/** Any absolute base will do: it is taken off again. */
const BASE = 'http://base.invalid';

/** @throws {TypeError} for what is neither. */
export function locationOf(reference: string): string {
  if (URL.canParse(reference)) return new URL(reference).href;
  // A relative reference stays one, because a server does not know under which URL its clients see it.
  const isRelative = !/^\s*[a-z][a-z\d+\-.]*:/i.test(reference) && URL.canParse(reference, BASE);
  if (!isRelative) throw new TypeError(`Response.redirect: expected a URL, got ${JSON.stringify(reference)}`);
  if (/^\s*[/\\]/.test(reference)) {
    const { href, origin } = new URL(reference, BASE);
    // `//host/path` has a host of its own.
    return origin === BASE ? href.slice(BASE.length) : href.slice('http:'.length);
  }
  return reference.trim().replace(/[^\x21-\x7e]/gu, percentEncoded);
}

const encoder = new TextEncoder();

const percentEncoded = (character: string): string =>
  Array.from(
    encoder.encode(character),
    (octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
