/** Fields about one hop of a message's way, which an intermediary does not forward (RFC 9110 §7.6.1). */
import { listMembers } from '../field-syntax.ts';

/**
 * The fields that are about one hop by their name, in lower case (RFC 9110 §7.6.1). HTTP/2 has none of them, except `TE`
 * with the value `trailers` in a request (RFC 9113 §8.2.2).
 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Tells which fields of a message are about the message as a whole. Of the others, some are known by name, and the
 * Connection field names the rest.
 *
 * @param connection the value of the Connection field, or `null`.
 * @returns a function that takes names in lower case.
 */
export function endToEnd(connection: string | null): (name: string) => boolean {
  if (connection === null) return (name) => !HOP_BY_HOP.has(name);
  const named = listMembers(connection.toLowerCase());
  return (name) => !HOP_BY_HOP.has(name) && !named.includes(name);
}
