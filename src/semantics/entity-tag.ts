/** Entity tags (RFC 9110 §8.8.3). */
import { withoutOWS } from './field-syntax.ts';

/** Whether `value` is entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE. The `W` is case-sensitive. */
export function isEntityTag(value: string): boolean {
  const open = value.startsWith('W/') ? 2 : 0;
  const close = value.length - 1;
  if (close <= open || value[open] !== '"' || value[close] !== '"') return false;
  for (let at = open + 1; at < close; at++) {
    const code = value.charCodeAt(at);
    // etagc = %x21 / %x23-7E / obs-text: no white space, no quote, no control octet.
    if (code < 0x21 || code === 0x22 || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/**
 * The weak tag with the same opaque string (RFC 9110 §8.8.1). A weak tag is returned unchanged.
 *
 * @param tag a text for which {@link isEntityTag} holds.
 */
export function weakenEntityTag(tag: string): string {
  return tag.startsWith('W/') ? tag : `W/${tag}`;
}

/**
 * The entity tags of an If-Match or If-None-Match field (RFC 9110 §13.1.1, §13.1.2), several lines joined by commas. A
 * member that is not an entity tag can't match one and is left out. So is `*` beside other members, which RFC 9110
 * §13.1.1 forbids.
 */
export function parseEntityTags(value: string): string[] {
  const tags: string[] = [];
  let quoted = false;
  for (let start = 0, at = 0; at <= value.length; at++) {
    // An opaque-tag may hold commas and has no escapes: the next quote ends it (RFC 9110 §8.8.3).
    if (value[at] === '"') quoted = !quoted;
    if (at < value.length && (quoted || value[at] !== ',')) continue;
    const member = withoutOWS(value, start, at);
    if (isEntityTag(member)) tags.push(member);
    start = at + 1;
  }
  return tags;
}

/** Strong comparison (RFC 9110 §8.8.3.2): both tags are equal and not weak. */
export function stronglyMatches(one: string, other: string): boolean {
  return one === other && !one.startsWith('W/');
}

/** Weak comparison (RFC 9110 §8.8.3.2): both opaque-tags are equal, whether the tags are weak or not. */
export function weaklyMatches(one: string, other: string): boolean {
  return weakenEntityTag(one) === weakenEntityTag(other);
}
