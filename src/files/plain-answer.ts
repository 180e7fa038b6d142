import { Response } from '../fetch/response.ts';
import { reasonPhrase } from '../semantics/status-codes.ts';

/** A redirect with its reason phrase as a line of text. It repeats nothing that the client sent. */
export function plainAnswer(method: string, status: number, fields: Record<string, string> = {}): Response {
  const text = `${reasonPhrase(status)}\n`;
  return new Response(method === 'HEAD' ? null : text, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(text.length),
      'X-Content-Type-Options': 'nosniff',
      ...fields,
    },
  });
}

/**
 * A redirect on this host.
 *
 * 302, not 301 or 308: browsers remember those, and on a developer's machine one port serves many sites.
 *
 * @param reference begins with `./` (RFC 3986 §4.2) and is made from decoded names. Copying the path of the request would let
 *   `//evil.example` send the visitor to another host.
 */
export function redirectAnswer(method: string, reference: string, query: string): Response {
  return plainAnswer(method, 302, { Location: reference + query });
}
