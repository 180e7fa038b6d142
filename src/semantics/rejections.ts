/** The reasons for which a request is refused in every version of HTTP. Each version adds those of its own syntax. */
import { rejectionRow, rejectionsOf } from '../octets/rejection.ts';

export const REQUEST_REJECTIONS = rejectionsOf({
  FieldSectionTooLarge: rejectionRow(431, 'RFC 6585 §5', 'The field section is too large.'),
  TooManyFieldLines: rejectionRow(431, 'RFC 6585 §5', 'The field section has too many lines.'),
  HostSyntax: rejectionRow(400, 'RFC 9110 §7.2', 'The authority is not a host with an optional port.'),
  Misdirected: rejectionRow(
    421,
    'RFC 9110 §7.4',
    'The scheme of the request, http or https, is not that of the connection.',
  ),
  ExpectationFailed: rejectionRow(
    417,
    'RFC 9110 §10.1.1',
    'The only expectation that this server supports is 100-continue.',
  ),
  ConnectNotImplemented: rejectionRow(501, 'RFC 9110 §9.3.6', 'CONNECT is not supported.'),
  ConnectWithContent: rejectionRow(400, 'RFC 9110 §9.3.6', 'A CONNECT request has no content.'),
  ContentTooLarge: rejectionRow(413, 'RFC 9110 §15.5.14', 'The content is too large.'),
  Incomplete: rejectionRow(400, 'RFC 9112 §8', 'The connection was closed before the request was complete.'),
  HeadTimeout: rejectionRow(408, 'RFC 9110 §15.5.9', 'The head of the request did not arrive in time.'),
  ContentTimeout: rejectionRow(408, 'RFC 9110 §15.5.9', 'The content of the request did not arrive in time.'),
});
