/** Compares two observations of the same octets, which must not differ. */

import type { Http1RequestHead } from '../../src/http1/head/request-head.ts';
import type { FieldSection } from '../../src/semantics/field-section.ts';
import type { Observation } from './observation.ts';

/** The difference, or `undefined`. Compares the text of the head and everything decoded from it. */
export function differenceOf(one: Observation, other: Observation): string | undefined {
  if (one.rejection !== other.rejection) {
    return `${one.rejection?.reason ?? 'no rejection'} ≠ ${other.rejection?.reason ?? 'no rejection'}`;
  }
  if (one.rejectedMethod !== other.rejectedMethod)
    return `method of what was refused: ${show(one.rejectedMethod)} ≠ ${show(other.rejectedMethod)}`;
  if (one.count !== other.count) return `${one.count} ≠ ${other.count} requests`;
  if (one.rejection === undefined && one.inHead !== other.inHead) return 'whether a head has begun';
  for (let i = 0; i < one.count; i++) {
    const of = (what: string) => `${what} of request ${i + 1}`;
    if (one.heads[i]!.text !== other.heads[i]!.text) return of('the text');
    if (!sameHead(one.heads[i]!, other.heads[i]!)) return of('what is made of the head');
    if (one.complete[i] !== other.complete[i]) return of('whether the end was seen');
    if (one.contentEnd[i] !== other.contentEnd[i]) return of('the length of the content');
    if (!sameFields(one.trailers[i]!, other.trailers[i]!)) return of('the trailers');
  }
  for (let i = 0; i < one.contentLength; i++) {
    if (one.content[i] !== other.content[i]) return `the content, at ${i}`;
  }
  return undefined;
}

export function sameHead(one: Http1RequestHead, other: Http1RequestHead): boolean {
  return (
    one.method === other.method &&
    one.form === other.form &&
    one.path === other.path &&
    one.authority === other.authority &&
    one.minor === other.minor &&
    one.connectionOptions === other.connectionOptions &&
    one.expectsContinue === other.expectsContinue &&
    one.connect?.protocol === other.connect?.protocol &&
    framingOf(one) === framingOf(other) &&
    sameFields(one.fields, other.fields)
  );
}

/** The length, or the other kind of framing. */
export function framingOf({ framing }: Http1RequestHead): number {
  if (framing.kind === 'length') return framing.length;
  return framing.kind === 'none' ? 0 : -1;
}

export function sameFields(one: FieldSection, other: FieldSection): boolean {
  if (one === other) return true;
  return sameTexts(one.names, other.names) && sameTexts(one.values, other.values);
}

export function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

function show(text: string): string {
  return JSON.stringify(text);
}
