/** The content of an error: a page for browsers, problem details for programs that ask for JSON, a line of text for others. */
import { acceptWeight } from '../semantics/accept.ts';
import { reasonPhrase } from '../semantics/status-codes.ts';
import { ERROR_POLICY, type ErrorDetail, errorPage } from './error-page.ts';

export type ErrorForm = 'page' | 'json' | 'text';

export interface ErrorContent {
  readonly form: ErrorForm;
  readonly content: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

const NOSNIFF = ['X-Content-Type-Options', 'nosniff'] as const;
/** The field decides, so caches have to compare it (RFC 9110 §12.5.5). */
const VARY = ['Vary', 'Accept'] as const;

const TEXT_FIELDS = [['Content-Type', 'text/plain; charset=utf-8'], VARY, NOSNIFF] as const;
const JSON_FIELDS = [['Content-Type', 'application/problem+json'], VARY, NOSNIFF] as const;
const PAGE_FIELDS = [
  ['Content-Type', 'text/html; charset=utf-8'],
  ['Content-Security-Policy', ERROR_POLICY],
  VARY,
  NOSNIFF,
] as const;

/** Pages without details, by status. */
const pages = new Map<number, string>();

/**
 * @param accept the field's value; `null` if there is none.
 * @param status from 400 to 599. Without details, or with details in ASCII, the content is ASCII.
 */
export function errorContent(accept: string | null, status: number, given: ErrorDetail = {}): ErrorContent {
  const form = errorForm(accept);
  switch (form) {
    case 'page':
      return { form, content: pageOf(status, given), fields: PAGE_FIELDS };
    case 'json':
      return { form, content: problemDetails(status, given), fields: JSON_FIELDS };
    case 'text':
      return { form, content: textOf(status, given), fields: TEXT_FIELDS };
  }
}

/**
 * A browser names HTML. A client that takes anything, as curl and `fetch()` do, gets text, and so does one that takes none of the
 * three (RFC 9110 §12.5.1 lets a server disregard the field).
 */
export function errorForm(accept: string | null): ErrorForm {
  // Most clients that are refused have one of these, and parsing takes longer.
  if (accept === null || accept === '*/*') return 'text';
  const page = acceptWeight(accept, 'text/html');
  const json = Math.max(
    acceptWeight(accept, 'application/problem+json'),
    acceptWeight(accept, 'application/json'),
  );
  const text = acceptWeight(accept, 'text/plain');
  if (page > text && page >= json) return 'page';
  return json > text ? 'json' : 'text';
}

function pageOf(status: number, given: ErrorDetail): string {
  const isPlain = Object.keys(given).length === 0;
  const known = isPlain ? pages.get(status) : undefined;
  if (known !== undefined) return known;
  const page = errorPage(status, given);
  if (isPlain) pages.set(status, page);
  return page;
}

/** RFC 9457 §3.1. The type "about:blank" means that the title is the status's phrase (§4.2.1). */
function problemDetails(status: number, { detail }: ErrorDetail): string {
  const problem = { type: 'about:blank', title: reasonPhrase(status), status, detail };
  return `${JSON.stringify(problem)}\n`;
}

function textOf(status: number, { heading, detail, advice = [], command }: ErrorDetail): string {
  const first = detail ?? reasonPhrase(status);
  const lines = [heading === undefined ? first : `${heading}. ${first}`, ...advice];
  if (command !== undefined) lines.push('', command.replace(/^/gm, '    '));
  return `${lines.join('\n')}\n`;
}
