/** Content negotiation by media type: the Accept field (RFC 9110 §12.5.1). */
import { isToken, withoutOWS } from './field-syntax.ts';
import { parseWeight } from './negotiation.ts';

/**
 * The weight of a media type in thousandths: that of the most specific media range that matches it (RFC 9110 §12.5.1).
 * 0 means "not acceptable". A member that does not match the grammar is ignored.
 *
 * Ranges with parameters (`text/html;level=1`) match nothing here: they ask for a variant that is not offered.
 *
 * @param value the field's value, several lines joined by commas. With `null` (no such field) every type is acceptable.
 * @param type the type and subtype that the server offers, in lower case.
 */
export function acceptWeight(value: string | null, type: string): number {
  if (value === null) return 1000;
  const anySubtype = `${type.slice(0, type.indexOf('/'))}/*`;
  let weight = 0;
  let specificity = 0;
  for (const { range, weight: given } of mediaRanges(value)) {
    const rank = range === type ? 3 : range === anySubtype ? 2 : range === '*/*' ? 1 : 0;
    if (rank === 0 || rank < specificity) continue;
    // If a range is named twice, the lower weight counts: to send a type that the client refused is the worse mistake.
    weight = rank === specificity ? Math.min(weight, given) : given;
    specificity = rank;
  }
  return weight;
}

interface WeightedRange {
  readonly range: string;
  readonly weight: number;
}

function mediaRanges(value: string): WeightedRange[] {
  const ranges: WeightedRange[] = [];
  for (const member of splitOutsideQuotes(value, ',')) {
    const [range = '', ...parameters] = splitOutsideQuotes(member, ';').map((part) => withoutOWS(part));
    // Recipients should process any parameter named "q" as weight, wherever it is in the list (RFC 9110 §12.5.1).
    const at = parameters.findIndex((parameter) => /^q=/i.test(parameter));
    const weight = at < 0 ? 1000 : parseWeight(parameters[at]!);
    const slash = range.indexOf('/');
    const isRange = slash > 0 && isToken(range.slice(0, slash)) && isToken(range.slice(slash + 1));
    // Parameters behind the weight are not about the type: RFC 7231 had extensions of Accept there.
    const ofTheType = parameters.slice(0, at < 0 ? parameters.length : at).filter((text) => text !== '');
    if (!isRange || weight === undefined || ofTheType.length > 0) continue;
    ranges.push({ range: range.toLowerCase(), weight });
  }
  return ranges;
}

/** Parameters may be quoted strings, in which a separator is ordinary text (RFC 9110 §5.6.4). */
function splitOutsideQuotes(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (quoted && character === '\\') at++;
    else if (!quoted && character === separator) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}
