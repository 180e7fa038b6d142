/**
 * The reasons for which a response is refused that a request does not have; for the others see `rejections.ts`.
 *
 * Nobody answers a response. The status is what a gateway that got it from behind says to its own client (RFC 9110 §15.6.3).
 */
import { rejectionRow, rejectionsOf } from '../octets/rejection.ts';

const reject = (section: string, sentence: string) => rejectionRow(502, section, sentence);

export const RESPONSE_REJECTIONS = rejectionsOf({
  StatusLineSyntax: reject('RFC 9112 §4', 'The response does not begin with a status-line.'),
  StatusLineTooLong: reject('RFC 9112 §4', 'The status-line is too long.'),
  StatusCodeInvalid: reject('RFC 9110 §15', 'The status code is in none of the classes.'),
  VersionNotSupported: reject('RFC 9112 §2.3', 'The response is not one of HTTP/1.0 or HTTP/1.1.'),
  Unsolicited: reject('RFC 9112 §9.2', 'Octets arrived that answer no request.'),
  TooManyInterim: reject('RFC 9110 §15.2', 'There are too many interim responses.'),
  InterimWithContent: reject('RFC 9110 §8.6', 'An interim response says that it has content.'),
  ProtocolSwitched: reject('RFC 9110 §7.8', 'The protocol was switched, and nobody had offered to.'),
  Incomplete: reject('RFC 9112 §8', 'The connection was closed before the response was complete.'),
});

export type ResponseRejectionReason = keyof typeof RESPONSE_REJECTIONS;
