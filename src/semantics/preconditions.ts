/** Conditional requests (RFC 9110 §13): whether the server performs a method, given what the client knows. */
import { parseEntityTags, stronglyMatches, weaklyMatches } from './entity-tag.ts';
import { parseHttpDate } from './http-date.ts';

/** The validators of the selected representation (RFC 9110 §8.8). */
export interface Validators {
  /** The value of its ETag field, `"xyzzy"` or `W/"xyzzy"`; `undefined` if it has none. */
  readonly etag: string | undefined;
  /** The time in its Last-Modified field, in whole seconds of Unix time; `undefined` if it has none. */
  readonly lastModified: number | undefined;
  /** The current time by the origin server's clock, in seconds of Unix time. */
  readonly date: number;
}

/** The fields of a request by lower-case name, several lines of a name joined by commas. `Headers` implements it. */
export interface ConditionalFields {
  get(name: string): string | null;
}

/** Perform the method, answer 304 (Not Modified), or answer 412 (Precondition Failed). */
export type PreconditionResult = 'proceed' | 'not-modified' | 'failed';

/** RFC 9110 §13.2.1: preconditions are ignored for methods that neither select nor modify a representation. */
const WITHOUT_REPRESENTATION: ReadonlySet<string> = new Set(['CONNECT', 'OPTIONS', 'TRACE']);

/**
 * Evaluates the preconditions of a request in their order (RFC 9110 §13.2.2). A malformed date is ignored, and a malformed
 * entity tag matches no tag.
 *
 * Call it only if the response would otherwise be a 2xx: redirects and failures take precedence (RFC 9110 §13.2.1).
 *
 * @param current `undefined` if no representation exists, for example before a PUT that creates one.
 */
export function evaluatePreconditions(
  method: string,
  fields: ConditionalFields,
  current: Validators | undefined,
): PreconditionResult {
  const retrieval = method === 'GET' || method === 'HEAD';
  // RFC 9110 §13.2.1: without a representation the answer to a GET is 404, which takes precedence.
  if (WITHOUT_REPRESENTATION.has(method) || (retrieval && current === undefined)) return 'proceed';

  const ifMatch = fields.get('if-match');
  // RFC 9110 §13.2.2, steps 1 and 2: If-Unmodified-Since counts only without If-Match.
  if (
    ifMatch !== null ? !matches(ifMatch, current) : isModifiedSince(fields, 'if-unmodified-since', current)
  ) {
    return 'failed';
  }

  const ifNoneMatch = fields.get('if-none-match');
  // RFC 9110 §13.2.2, step 3.
  if (ifNoneMatch !== null) {
    if (!matchesWeakly(ifNoneMatch, current)) return 'proceed';
    return retrieval ? 'not-modified' : 'failed';
  }
  // RFC 9110 §13.2.2, step 4: If-Modified-Since is for GET and HEAD, and counts only without If-None-Match.
  const unmodified = retrieval && isModifiedSince(fields, 'if-modified-since', current) === false;
  return unmodified ? 'not-modified' : 'proceed';
}

/**
 * Whether the server applies the Range field of the same request (RFC 9110 §13.1.5, §13.2.2 step 5). If not, the answer is
 * the whole representation.
 *
 * A date counts as a strong validator once its second is over. Until then the representation may change again and keep
 * its date (RFC 9110 §8.8.2.2).
 *
 * @param value the value of If-Range.
 */
export function ifRangeHolds(value: string, current: Validators): boolean {
  // RFC 9110 §13.1.5: the first three characters distinguish a tag from a date.
  if (value.slice(0, 3).includes('"'))
    return current.etag !== undefined && stronglyMatches(value, current.etag);
  const { lastModified, date } = current;
  if (lastModified === undefined || date - lastModified < 1) return false;
  return parseHttpDate(value, date * 1000) === lastModified * 1000;
}

/** Whether If-Match is true (RFC 9110 §13.1.1). It uses the strong comparison. */
function matches(value: string, current: Validators | undefined): boolean {
  if (value === '*') return current !== undefined;
  const etag = current?.etag;
  return etag !== undefined && parseEntityTags(value).some((tag) => stronglyMatches(tag, etag));
}

/** Whether If-None-Match is false (RFC 9110 §13.1.2). It uses the weak comparison. */
function matchesWeakly(value: string, current: Validators | undefined): boolean {
  if (value === '*') return current !== undefined;
  const etag = current?.etag;
  return etag !== undefined && parseEntityTags(value).some((tag) => weaklyMatches(tag, etag));
}

/**
 * Whether the representation is newer than the date in a field. `undefined` if the field has to be ignored: it is missing,
 * it is not one valid date, or the representation has no date (RFC 9110 §13.1.3, §13.1.4).
 */
function isModifiedSince(
  fields: ConditionalFields,
  name: string,
  current: Validators | undefined,
): boolean | undefined {
  const value = fields.get(name);
  if (value === null || current?.lastModified === undefined) return undefined;
  const since = parseHttpDate(value, current.date * 1000);
  return since === undefined ? undefined : current.lastModified * 1000 > since;
}
