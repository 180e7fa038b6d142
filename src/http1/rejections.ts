/** The closed list of reasons for which an HTTP/1 request is refused. */
import { rejectionRow, rejectionsOf } from '../octets/rejection.ts';
import { REQUEST_REJECTIONS } from '../semantics/rejections.ts';

const SYNTAX_REJECTIONS = rejectionsOf({
  BareLF: rejectionRow(400, 'RFC 9112 §2.2', 'A line ends with CRLF, not with a bare LF.'),
  BareCR: rejectionRow(400, 'RFC 9112 §2.2', 'A CR is only allowed before an LF.'),
  TooManyEmptyLines: rejectionRow(
    400,
    'RFC 9112 §2.2',
    'There are too many empty lines before the request-line.',
  ),
  MethodSyntax: rejectionRow(400, 'RFC 9110 §9.1', 'The method is not a token followed by one SP.'),
  MethodTooLong: rejectionRow(501, 'RFC 9112 §3', 'The method is longer than any known one.'),
  TargetSyntax: rejectionRow(400, 'RFC 9112 §3.2', 'The request-target is in none of the four forms.'),
  PathSyntax: rejectionRow(
    400,
    'RFC 3986 §3.3',
    'The path contains an octet that has to be percent-encoded there.',
  ),
  TargetTooLong: rejectionRow(414, 'RFC 9110 §15.5.15', 'The request-target is too long.'),
  VersionSyntax: rejectionRow(400, 'RFC 9112 §2.3', 'The request-line does not end in an HTTP-version.'),
  VersionNotSupported: rejectionRow(505, 'RFC 9110 §15.6.6', 'This server supports HTTP/1.0 and HTTP/1.1.'),
  ObsoleteFolding: rejectionRow(400, 'RFC 9112 §5.2', 'A field line does not start with white space.'),
  FieldNameSyntax: rejectionRow(
    400,
    'RFC 9112 §5.1',
    'A field name is a token with a colon directly behind it.',
  ),
  FieldValueSyntax: rejectionRow(
    400,
    'RFC 9110 §5.5',
    'A field value contains an octet that is not allowed in it.',
  ),
  HostMissing: rejectionRow(400, 'RFC 9112 §3.2', 'An HTTP/1.1 request has a Host field.'),
  HostRepeated: rejectionRow(400, 'RFC 9112 §3.2', 'A request has one Host field.'),
  HostMismatch: rejectionRow(
    400,
    'RFC 9112 §3.2.2',
    'The Host field does not name the authority of the request-target.',
  ),
  ContentLengthSyntax: rejectionRow(
    400,
    'RFC 9110 §8.6',
    'Content-Length is not a decimal number within the limits.',
  ),
  ContentLengthRepeated: rejectionRow(400, 'RFC 9110 §8.6', 'Content-Length is given more than once.'),
  LengthAndCoding: rejectionRow(
    400,
    'RFC 9112 §6.1',
    'A message has either Content-Length or Transfer-Encoding, not both.',
  ),
  TransferEncodingSyntax: rejectionRow(
    400,
    'RFC 9112 §6.3',
    'Transfer-Encoding is not a list of codings with chunked once, at its end.',
  ),
  TransferEncodingIn10: rejectionRow(400, 'RFC 9112 §6.1', 'HTTP/1.0 has no Transfer-Encoding.'),
  TransferCodingUnknown: rejectionRow(
    501,
    'RFC 9112 §6.1',
    'The only transfer coding that this server supports is chunked.',
  ),
  ChunkSizeSyntax: rejectionRow(
    400,
    'RFC 9112 §7.1',
    'The chunk-size is not a hexadecimal number within the limits.',
  ),
  ChunkExtensionSyntax: rejectionRow(
    400,
    'RFC 9112 §7.1.1',
    'The chunk extension does not follow the grammar.',
  ),
  ChunkExtensionTooLarge: rejectionRow(400, 'RFC 9112 §7.1.1', 'The chunk extensions are too large.'),
  ChunkDataSyntax: rejectionRow(400, 'RFC 9112 §7.1', 'The chunk-data is not followed by CRLF.'),
  ChunkOverheadTooLarge: rejectionRow(
    400,
    'RFC 9112 §7.1',
    'The chunks are too small for the content in them.',
  ),
  TrailerSectionTooLarge: rejectionRow(431, 'RFC 9112 §7.1.2', 'The trailer section is too large.'),
});

export const REJECTIONS = Object.freeze({ ...REQUEST_REJECTIONS, ...SYNTAX_REJECTIONS });

export type RejectionReason = keyof typeof REJECTIONS;
