import { Response } from '../fetch/response.ts';

/** A plain text response. Its content may come from the client, and `nosniff` prevents browsers from treating it as HTML. */
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
