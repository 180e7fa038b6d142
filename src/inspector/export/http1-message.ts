/** A recorded message of HTTP/1, divided into its heads and its content; and its octets with those hidden that the page hides. */
import type { PartLine } from '../messages.ts';
import { contentLines } from '../wording/content-lines.ts';
import { headLines } from '../wording/head-lines.ts';
import type { Shown } from '../wording/redaction.ts';
import { withoutSecrets } from '../wording/redaction.ts';

export type MessageSide = 'request' | 'response';

export interface Http1Message {
  /** Those of interim responses come first (RFC 9110 §15.2). */
  readonly heads: readonly string[];
  /** Behind the last head, as it was on the wire: with the sizes of chunks. */
  readonly content: string;
  readonly isChunked: boolean;
}

/** @param octets one character an octet. */
export function dividedMessage(octets: string, side: MessageSide): Http1Message {
  const heads: string[] = [];
  let at = 0;
  while (at < octets.length) {
    // RFC 9112 §2.2: empty lines before a request-line are ignored.
    const [empty] = side === 'request' ? /^(?:\r\n)*/.exec(octets.slice(at))! : [''];
    const found = octets.indexOf('\r\n\r\n', at + empty.length);
    const end = found < 0 ? octets.length : found + 4;
    const head = octets.slice(at, end);
    heads.push(head);
    at = end;
    if (side === 'request' || !/^HTTP\/1\.1 1(?!01)/.test(head)) break;
  }
  return {
    heads,
    content: octets.slice(at),
    isChunked: /^transfer-encoding:.*chunked/im.test(heads.at(-1) ?? ''),
  };
}

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
