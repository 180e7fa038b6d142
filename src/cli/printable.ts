/** What others have chosen must not move the cursor, change colours or begin a line that looks like ours. */

/**
 * Text of a peer, in ASCII: beyond it there are more controls (C1, and those that reverse the direction of text), so all of
 * it is escaped; `\` too, so that nobody can pass an escape off as their own text or the other way round.
 */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]|\\/gu, (character) => (character === '\\' ? '\\\\' : escaped(character)));
}

/** Text of ours with names and values in it that may come from a repository: readable as it stands, but for controls. */
export function withoutControls(text: string): string {
  return text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
