/** Text from clients or files must not move the cursor, change colours, or imitate a line of serval's own output. */

/**
 * Escapes all but printable ASCII: Unicode has more control characters, such as C1 and those that reverse the direction of text.
 * Also escapes `\`, so that the result is unambiguous.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]|\\/gu, (character) => (character === '\\' ? '\\\\' : escaped(character)));
}

/** Escapes control characters only. For messages that contain names and values, which may come from a repository. */
export function withoutControls(text: string): string {
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
