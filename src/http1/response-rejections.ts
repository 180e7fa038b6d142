/**
 * The reasons for which only a response can be refused; `rejections.ts` has those that requests share.
 *
 * A response is not answered. The status is the one that a gateway sends to its own client then (RFC 9110 §15.6.3).
 */
import { rejectionRow, rejectionsOf } from '../octets/rejection.ts';

export const RESPONSE_REJECTIONS = rejectionsOf({
  StatusLineSyntax: rejectionRow(502, 'RFC 9112 §4', 'The response does not begin with a status-line.'),
  StatusLineTooLong: rejectionRow(502, 'RFC 9112 §4', 'The status-line is too long.'),
  StatusCodeInvalid: rejectionRow(502, 'RFC 9110 §15', 'The status code is below 100.'),
  VersionNotSupported: rejectionRow(
    502,
    'RFC 9112 §2.3',
    'The version of the response is not HTTP/1.0 or HTTP/1.1.',
  ),
  Unsolicited: rejectionRow(502, 'RFC 9112 §9.2', 'Octets arrived although no response was expected.'),
  TooManyInterim: rejectionRow(502, 'RFC 9110 §15.2', 'There are too many interim responses.'),
  InterimWithContent: rejectionRow(502, 'RFC 9110 §8.6', 'An interim response declares content.'),
  ProtocolSwitched: rejectionRow(
    502,
    'RFC 9110 §7.8',
    'The server switched to a protocol that the request did not offer.',
  ),
  Incomplete: rejectionRow(502, 'RFC 9112 §8', 'The connection was closed before the response was complete.'),
});

export type ResponseRejectionReason = keyof typeof RESPONSE_REJECTIONS;
