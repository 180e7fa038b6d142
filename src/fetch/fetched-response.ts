/**
 * Responses of the runtime's `fetch()`, which decodes content and keeps the fields that describe the coded content. To send
 * these with the decoded content would be wrong: the client would decode again, and the length would not fit.
 */
import process from 'node:process';
import { ABOUT_CODED_CONTENT } from '../semantics/coded-content.ts';
import { listMembers } from '../semantics/field-syntax.ts';

const NativeResponse = globalThis.Response;

/** The codings that the runtime's `fetch()` decodes. */
const DECODED: ReadonlySet<string> = new Set(decodedCodings());
/** Only Node decodes several codings of one response. */
const MOST_CODINGS = isOn('Bun') || isOn('Deno') ? 1 : 5;

function decodedCodings(): string[] {
  if (isOn('Deno')) return ['gzip', 'br'];
  const codings = ['gzip', 'x-gzip', 'deflate', 'br'];
  return isOn('Bun') || Number.parseInt(process.versions['undici'] ?? '', 10) >= 7
    ? [...codings, 'zstd']
    : codings;
}

function isOn(runtime: string): boolean {
  return runtime in globalThis;
}

type Field = readonly [name: string, value: string];

/** Whether the content of a response was decoded by the `fetch()` that it comes from. */
export function isDecoded(response: Response): boolean {
  // Only what was fetched has a URL. Serval's own client removes these fields itself, and its class is another one.
  if (response.url === '' || Object.getPrototypeOf(response) !== NativeResponse.prototype) return false;
  return isDecodedForm(response.headers);
}

/** Whether a `fetch()` decodes content that has these fields. */
export function isDecodedForm(fields: Iterable<Field>): boolean {
  for (const [name, value] of fields) {
    if (name.toLowerCase() !== 'content-encoding') continue;
    const codings = listMembers(value.toLowerCase());
    return codings.length <= MOST_CODINGS && codings.every((coding) => DECODED.has(coding));
  }
  return false;
}

/** Whether a field of such a response is true of the decoded content as well. */
export function describesContent([name]: Field): boolean {
  const lower = name.toLowerCase();
  return lower !== 'content-encoding' && !ABOUT_CODED_CONTENT.has(lower);
}

/** The fields of a response as they go with its content. */
export const fieldsWithContent = (response: Response): Iterable<[string, string]> =>
  isDecoded(response) ? [...response.headers].filter(describesContent) : response.headers;
