import { Response } from '../fetch/response.ts';
import { errorContent } from './error-content.ts';
import type { ErrorDetail } from './error-page.ts';

/** A refusal or failure as a response, in the form that the client asks for. It repeats nothing of the request. */
export function errorAnswer(
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  status: number,
  fields: Record<string, string> = {},
  given: ErrorDetail = {},
): Response {
  const { content, fields: own } = errorContent(headers.get('accept'), status, given);
  const all: Record<string, string> = {
    ...Object.fromEntries(own),
    'Content-Length': String(Buffer.byteLength(content)),
    ...fields,
  };
  if (fields['Vary'] !== undefined) all['Vary'] = withAccept(fields['Vary']);
  // RFC 9110 §9.3.2: the fields of GET, without the content.
  return new Response(method === 'HEAD' ? null : content, { status, headers: all });
}

const withAccept = (vary: string): string => (/\baccept\b(?!-)/i.test(vary) ? vary : `Accept, ${vary}`);
