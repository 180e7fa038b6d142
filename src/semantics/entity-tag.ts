/** Entity tags (RFC 9110 §8.8.3). */

/** Whether `value` is entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE. The `W` is case-sensitive. */
export function isEntityTag(value: string): boolean {
  const open = value.startsWith('W/') ? 2 : 0;
  const close = value.length - 1;
  if (close <= open || value[open] !== '"' || value[close] !== '"') return false;
  for (let at = open + 1; at < close; at++) {
    const code = value.charCodeAt(at);
    // etagc = %x21 / %x23-7E / obs-text: no blank, no quote, no control octet.
    if (code < 0x21 || code === 0x22 || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

/**
 * The weak tag for the same opaque string (RFC 9110 §8.8.1); a weak one is given back as it is.
 *
 * @param tag for which {@link isEntityTag} holds.
 */
export function weakenEntityTag(tag: string): string {
  return tag.startsWith('W/') ? tag : `W/${tag}`;
}
