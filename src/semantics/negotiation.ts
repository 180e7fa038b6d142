/** Choosing a content coding: the Accept-Encoding field (RFC 9110 §12.5.3) and its weights (§12.4.2). */
import { isDigit } from '../octets/octet-table.ts';
import { isToken, listMembers, withoutOWS } from './field-syntax.ts';

/**
 * The weight of each coding in thousandths, by its name in lower case or `*`. The grammar allows 0 to 1000; 0 means "not
 * acceptable".
 */
export type AcceptedCodings = ReadonlyMap<string, number>;

/** RFC 9110 §12.5.3: identity is acceptable even if the field does not list it. Then all listed codings come first. */
const UNMENTIONED_IDENTITY = 1;

/**
 * Reads `#( codings [ weight ] )` (RFC 9110 §12.5.3). A member that does not match the grammar is ignored. If a coding is
 * named twice, the lower weight counts: to send a coding that the client refused is the worse mistake.
 *
 * @param value the field's value, several lines joined by commas; `''` if the request has no such field. Without the
 *   field any coding is acceptable, with an empty field none is. The sensible answer is identity in both cases.
 */
export function parseAcceptEncoding(value: string): AcceptedCodings {
  const accepted = new Map<string, number>();
  for (const member of listMembers(value)) {
    const semicolon = member.indexOf(';');
    const name = semicolon < 0 ? member : withoutOWS(member, 0, semicolon);
    const weight = semicolon < 0 ? 1000 : parseWeight(withoutOWS(member, semicolon + 1));
    if (weight === undefined || !isToken(name)) continue;
    const lower = name.toLowerCase();
    // RFC 9110 §8.4.1.3: "x-gzip" is to be treated as "gzip".
    const coding = lower === 'x-gzip' ? 'gzip' : lower;
    accepted.set(coding, Math.min(weight, accepted.get(coding) ?? weight));
  }
  return accepted;
}

/**
 * The coding that the client prefers (RFC 9110 §12.5.3).
 *
 * @param available the codings that the server can make. Between equal weights, the first of them wins.
 * @returns one of `available`, or `'identity'` if that weighs more than each of them; `undefined` if no coding is
 *   acceptable and the client refused identity by `identity;q=0` or `*;q=0`.
 */
export function chooseCoding(accepted: AcceptedCodings, available: readonly string[]): string | undefined {
  let chosen: string | undefined;
  let best = 0;
  for (const coding of available) {
    const weight = weightOf(accepted, coding);
    if (weight > best) {
      chosen = coding;
      best = weight;
    }
  }
  return weightOf(accepted, 'identity') > best ? 'identity' : chosen;
}

function weightOf(accepted: AcceptedCodings, coding: string): number {
  // RFC 9110 §12.5.3: "*" matches every coding that is not listed, including identity.
  const weight = accepted.get(coding) ?? accepted.get('*');
  if (weight !== undefined) return weight;
  return coding === 'identity' ? UNMENTIONED_IDENTITY : 0;
}

/**
 * "q=" qvalue (RFC 9110 §12.4.2), where qvalue is 0 or 1 with at most three decimals, and 1 only with zeros.
 *
 * @returns thousandths, or `undefined` for anything else.
 */
export function parseWeight(parameter: string): number | undefined {
  if (!parameter.startsWith('q=') && !parameter.startsWith('Q=')) return undefined;
  const whole = parameter[2];
  if (whole !== '0' && whole !== '1') return undefined;
  let thousandths = whole === '1' ? 1000 : 0;
  if (parameter.length > 3 && parameter[3] !== '.') return undefined;
  if (parameter.length > 7) return undefined;
  for (let at = 4, place = 100; at < parameter.length; at++, place /= 10) {
    const code = parameter.charCodeAt(at);
    if (!isDigit(code)) return undefined;
    thousandths += (code - 0x30) * place;
  }
  return thousandths <= 1000 ? thousandths : undefined;
}
