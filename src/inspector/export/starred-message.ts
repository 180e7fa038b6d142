/** The octets of a recorded message of HTTP/1, with asterisks in place of those that the page hides. */
import type { PartLine } from '../messages.ts';
import { contentLines } from '../wording/content-lines.ts';
import { headLines } from '../wording/head-lines.ts';
import { dividedMessage, type MessageSide } from '../wording/http1-message.ts';
import { type Shown, withoutSecrets } from '../wording/redaction.ts';

/** Octets that may be shown, and as many asterisks as others. */
export function starredMessage(octets: string, side: MessageSide, shown: Shown): string {
  if (shown.secrets && shown.bodies) return octets;
  const { heads, content, isChunked } = dividedMessage(octets, side);
  const starredHeads = heads.map((head) => starred(headLines(head, side, shown.secrets), head));
  return starredHeads.join('') + starred(contentLines(content, isChunked, shown.bodies, Infinity), content);
}

/** @param octets those that the lines name, each one once. */
function starred(lines: readonly PartLine[], octets: string): string {
  let text = '';
  for (const { parts } of lines) {
    for (const { kind, length, isHidden } of parts) {
      const own = octets.slice(text.length, text.length + length);
      if (isHidden !== true) text += own;
      else text += kind === 'request-target' && !/[\r\n]/.test(own) ? withStars(own) : stars(length);
    }
  }
  return text;
}

/** A text with asterisks in place of the secrets in its query. */
export const withStars = (text: string): string => withoutSecrets(text, ({ length }) => stars(length));

export const stars = (length: number): string => '*'.repeat(length);
