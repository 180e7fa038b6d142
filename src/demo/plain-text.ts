import { Response } from '../fetch/response.ts';

/** A short answer in words. What it says may come from the peer: `nosniff` keeps browsers from seeing HTML in it. */
export function plainText(
  status: number,
  content: string | Uint8Array<ArrayBuffer>,
  fields: Record<string, string> = {},
): Response {
  const octets = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return new Response(octets, {
    status,
    headers: {
      'Content-Type': 'text/plain',
      'Content-Length': String(octets.length),
      'X-Content-Type-Options': 'nosniff',
      ...fields,
    },
  });
}
