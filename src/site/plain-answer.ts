import { Response } from '../server/response.ts';

/** An answer of one line of text, for people at the other end of curl. */
export function plainAnswer(status: number, text: string, fields: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', ...fields },
  });
}
