/** Content-Disposition (RFC 6266): whether to show or to save, and under which name. */

/** Of ASCII, what encodeURIComponent leaves alone and attr-char does not hold (RFC 8187 §3.2.1). */
const NOT_ATTRIBUTE_CHARACTERS = /['()*]/g;

const LONE_SURROGATES = /\p{Surrogate}/gu;

/** Control characters: a name that moves the cursor or ends the line is no name to save under (RFC 6266 §4.3). */
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

/**
 * What a quoted-string should not hold (RFC 6266 appendix D): other than ASCII, which is read in many ways; quotes and
 * backslashes, whose escapes are; and percent signs that some recipients decode.
 */
const NOT_PLAIN = /[^\x20-\x7e]|["\\]|%(?=[0-9A-Fa-f]{2})/gu;

/**
 * The field's value, `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`.
 *
 * `filename*` is added only when `filename` can't say it all, and behind it, as RFC 6266 appendix D advises. Control
 * characters become `_`, and lone surrogates U+FFFD.
 *
 * @param fileName without a path; `''` for none.
 */
export function contentDisposition(type: 'attachment' | 'inline', fileName: string): string {
  if (fileName === '') return type;
  const name = fileName.replace(LONE_SURROGATES, '\ufffd').replace(CONTROLS, '_');
  const plain = name.replace(NOT_PLAIN, '_');
  const value = `${type}; filename="${plain}"`;
  return plain === name ? value : `${value}; filename*=UTF-8''${extendedValue(name)}`;
}

/** value-chars (RFC 8187 §3.2.1): UTF-8, percent-encoded but for attr-char. */
function extendedValue(name: string): string {
  return encodeURIComponent(name).replace(
    NOT_ATTRIBUTE_CHARACTERS,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
