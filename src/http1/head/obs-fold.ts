/** obs-fold = OWS CRLF RWS (RFC 9112 §5.2): how a field value was once continued on the next line. */
import { isBlank } from '../../octets/octet-table.ts';

/**
 * Replaces each obs-fold by spaces, as a user agent has to before it reads a value. The length stays the same, so offsets
 * into the text stay valid.
 */
export function unfold(text: string): string {
  let unfolded = '';
  let from = 0;
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 2)) {
    if (!isBlank(text.charCodeAt(at + 2))) continue;
    let start = at;
    while (start > from && isBlank(text.charCodeAt(start - 1))) start--;
    let end = at + 3;
    while (isBlank(text.charCodeAt(end))) end++;
    unfolded += text.slice(from, start) + ' '.repeat(end - start);
    from = end;
  }
  return unfolded + text.slice(from);
}
