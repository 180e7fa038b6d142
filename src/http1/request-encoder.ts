/** Encodes the heads of requests (RFC 9112 §3, §5, §6) as latin1 text: one string, in which a character is an octet. */

import { OCTET_CLASS, PATH, QUESTION_MARK, TARGET } from '../octets/octet-table.ts';
import { Rejection } from '../octets/rejection.ts';
import { isAuthority } from '../semantics/address/authority.ts';
import { isToken } from '../semantics/field-syntax.ts';
import type { Framing } from './content/framing.ts';
import type { RequestFields } from './head/request-fields.ts';
import { parseRequestTarget } from './head/request-target.ts';

export interface RequestHeadFacts {
  /** Case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /** In one of the four forms (RFC 9112 §3.2). */
  readonly target: string;
  /** The value of Host if the fields have none. Empty if the target's URI has no authority (RFC 9110 §7.2). */
  readonly authority: string;
  readonly fields: RequestFields;
  readonly framing: Framing;
  /** Whether another request may follow. */
  readonly persists: boolean;
}

/**
 * A whole head, its empty line included.
 *
 * @throws {TypeError} if the method is not a token (RFC 9110 §9.1), the target has none of the four forms or an octet that
 *   would end it (RFC 9112 §3.2), or the authority is malformed.
 */
export function serializeRequestHead(facts: RequestHeadFacts): string {
  const { fields } = facts;
  return `${serializeRequestLine(facts.method, facts.target)}${hostLine(facts)}${fields.lines}${framingLine(facts)}${fields.expectsContinue && facts.framing.kind !== 'none' ? 'Expect: 100-continue\r\n' : ''}${hopLines(facts)}\r\n`;
}

/** request-line = method SP request-target SP HTTP-version CRLF (RFC 9112 §3) */
export function serializeRequestLine(method: string, target: string): string {
  if (!isToken(method)) throw new TypeError('The method: expected a token (RFC 9110 §9.1)');
  if (!isTarget(target) || parseRequestTarget(method, target) instanceof Rejection)
    throw new TypeError('The request-target: expected one of the four forms (RFC 9112 §3.2)');
  return `${method} ${target} HTTP/1.1\r\n`;
}

/** The octets that the decoder accepts: no space and no control octet, which request splitting needs, and no fragment. */
function isTarget(target: string): boolean {
  let allowed = PATH;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code === QUESTION_MARK) allowed = TARGET;
    if ((OCTET_CLASS[code]! & allowed) === 0) return false;
  }
  return target !== '';
}

/** RFC 9110 §7.2: Host is the first field. */
function hostLine({ fields, authority }: RequestHeadFacts): string {
  const host = fields.host === '' ? authority : fields.host;
  if (!isAuthority(host))
    throw new TypeError('The authority: expected a host with an optional port (RFC 9110 §7.2)');
  return `Host: ${host}\r\n`;
}

function framingLine({ framing }: RequestHeadFacts): string {
  if (framing.kind === 'length') return `Content-Length: ${framing.length}\r\n`;
  return framing.kind === 'chunked' ? 'Transfer-Encoding: chunked\r\n' : '';
}

function hopLines({ fields, persists }: RequestHeadFacts): string {
  const options: string[] = [];
  if (!persists) options.push('close');
  // A sender of Upgrade or TE also sends the connection option (RFC 9110 §7.8, §10.1.4).
  if (fields.hasUpgrade) options.push('upgrade');
  if (fields.acceptsTrailers) options.push('TE');
  const connection = options.length === 0 ? '' : `Connection: ${options.join(', ')}\r\n`;
  return fields.acceptsTrailers ? `TE: trailers\r\n${connection}` : connection;
}
