/** The Expect field (RFC 9110 §10.1.1): a list, in which `100-continue` is the only expectation with a meaning. */
import { listMembers } from './field-syntax.ts';

/**
 * Reads `#expectation`. Empty members are ignored (RFC 9110 §5.6.1.2), and `100-continue` may be listed more than once.
 *
 * @param value the field's value, several lines joined by commas. The list is split at each comma, also in a quoted
 *   string: both parts of such a member are unknown expectations.
 */
export function parseExpect(value: string): 'none' | 'continue' | 'unknown' {
  let expectation: 'none' | 'continue' = 'none';
  for (const member of listMembers(value)) {
    if (member === '') continue;
    if (member.toLowerCase() !== '100-continue') return 'unknown';
    expectation = 'continue';
  }
  return expectation;
}
