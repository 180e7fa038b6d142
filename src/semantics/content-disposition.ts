/** Content-Disposition (RFC 6266): whether a client shows or saves a file, and under which name. */

/** The ASCII characters that encodeURIComponent does not escape although they are no attr-char (RFC 8187 §3.2.1). */
const NOT_ATTRIBUTE_CHARACTERS = /['()*]/g;

const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Control characters, which are unsafe in the name of a saved file (RFC 6266 §4.3). */
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

/**
 * Characters to avoid in the quoted-string (RFC 6266 appendix D). Recipients differ in how they read non-ASCII characters
 * and the escapes of quotes and backslashes, and some of them decode percent signs.
 */
const NOT_PLAIN = /[^\x20-\x7e]|["\\]|%(?=[0-9A-Fa-f]{2})/gu;

/**
 * The field's value, `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`.
 *
 * `filename*` is added only if `filename` can't hold the whole name, and behind it, as RFC 6266 appendix D advises.
 * Control characters become `_`, and lone surrogates U+FFFD.
 *
 * @param fileName without a path; `''` for no name.
 */
export function contentDisposition(type: 'attachment' | 'inline', fileName: string): string {
  if (fileName === '') return type;
  const name = fileName.replace(LONE_SURROGATES, '\ufffd').replace(CONTROLS, '_');
  const plain = name.replace(NOT_PLAIN, '_');
  const value = `${type}; filename="${plain}"`;
  return plain === name ? value : `${value}; filename*=UTF-8''${extendedValue(name)}`;
}

/** value-chars (RFC 8187 §3.2.1): UTF-8, with all but attr-char percent-encoded. */
function extendedValue(name: string): string {
  return encodeURIComponent(name).replace(
    NOT_ATTRIBUTE_CHARACTERS,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
