/** The fields of a message to be sent, as names in lower case and values (RFC 9113 §8.2.1), made of the text that HTTP/1 writes. */
import type { FieldLines } from '../../semantics/field-lines.ts';
import { withoutOWS } from '../../semantics/field-syntax.ts';

export interface FieldPairs {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

/** Fields about the connection, which HTTP/2 does not have: an endpoint MUST NOT generate them (RFC 9113 §8.2.2). */
const ABOUT_THE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

const NO_PAIRS: FieldPairs = { names: [], values: [] };

/** Characters of a text that is remembered. */
const MOST_REMEMBERED = 4096;

/** Texts that were taken apart before: an application's responses have few different ones. */
const made: { text: string; pairs: FieldPairs }[] = Array.from({ length: 64 }, () => ({
  text: '',
  pairs: NO_PAIRS,
}));

export function fieldPairs({ lines }: FieldLines): FieldPairs {
  if (lines === '') return NO_PAIRS;
  if (lines.length > MOST_REMEMBERED) return pairsOf(lines);
  const slot = made[(lines.length ^ lines.charCodeAt(lines.length >>> 1)) & (made.length - 1)]!;
  if (slot.text !== lines) {
    slot.pairs = pairsOf(lines);
    slot.text = lines;
  }
  return slot.pairs;
}

function pairsOf(lines: string): FieldPairs {
  const names: string[] = [];
  const values: string[] = [];
  for (let at = 0; at < lines.length; ) {
    const colon = lines.indexOf(':', at);
    const end = lines.indexOf('\r\n', colon);
    const name = lines.slice(at, colon).toLowerCase();
    if (!ABOUT_THE_CONNECTION.has(name)) {
      names.push(name);
      values.push(withoutOWS(lines, colon + 1, end));
    }
    at = end + 2;
  }
  return { names, values };
}
