/**
 * The closed list of reasons for which a request is refused: reason → status, the rule's section, a sentence.
 *
 * Rejections are values, made once: refusing garbage must cost no more than serving a request, and an `Error` with its
 * stack costs more than parsing does. The sentence is ours alone; nothing the peer sent ever goes into an answer.
 */
export interface Rejection {
  readonly reason: string;
  readonly status: number;
  readonly section: string;
  readonly sentence: string;
}

const reject = (status: number, section: string, sentence: string) => ({ status, section, sentence });

const TABLE = {
  BareLF: reject(400, 'RFC 9112 §2.2', 'A line ends with CRLF, not with a bare LF.'),
  BareCR: reject(400, 'RFC 9112 §2.2', 'A CR stands only before an LF.'),
  TooManyEmptyLines: reject(400, 'RFC 9112 §2.2', 'There are too many empty lines before the request-line.'),
  MethodSyntax: reject(400, 'RFC 9110 §9.1', 'The method is not a token followed by one SP.'),
  MethodTooLong: reject(501, 'RFC 9112 §3', 'The method is longer than any there is.'),
  TargetSyntax: reject(400, 'RFC 9112 §3.2', 'The request-target is in none of the four forms.'),
  TargetTooLong: reject(414, 'RFC 9110 §15.5.15', 'The request-target is too long.'),
  VersionSyntax: reject(400, 'RFC 9112 §2.3', 'The request-line does not end in an HTTP-version.'),
  VersionNotSupported: reject(505, 'RFC 9110 §15.6.6', 'Only HTTP/1.0 and HTTP/1.1 are spoken here.'),
  ObsoleteFolding: reject(400, 'RFC 9112 §5.2', 'A field line does not start with white space.'),
  FieldNameSyntax: reject(400, 'RFC 9112 §5.1', 'A field name is a token followed at once by a colon.'),
  FieldValueSyntax: reject(400, 'RFC 9110 §5.5', 'A field value has an octet that is not allowed there.'),
  FieldSectionTooLarge: reject(431, 'RFC 6585 §5', 'The field section is too large.'),
  TooManyFieldLines: reject(431, 'RFC 6585 §5', 'The field section has too many lines.'),
  HostMissing: reject(400, 'RFC 9112 §3.2', 'An HTTP/1.1 request has a Host field.'),
  HostRepeated: reject(400, 'RFC 9112 §3.2', 'A request has one Host field.'),
  HostSyntax: reject(400, 'RFC 9110 §7.2', 'The authority is not a host with an optional port.'),
  HostMismatch: reject(
    400,
    'RFC 9112 §3.2.2',
    'The Host field does not name the authority of the request-target.',
  ),
  Misdirected: reject(
    421,
    'RFC 9110 §7.4',
    'The resource is an https one, and the connection is not secured.',
  ),
  ContentLengthSyntax: reject(400, 'RFC 9110 §8.6', 'Content-Length is not a decimal number within bounds.'),
  ContentLengthRepeated: reject(400, 'RFC 9110 §8.6', 'Content-Length stands more than once.'),
  LengthAndCoding: reject(400, 'RFC 9112 §6.1', 'Content-Length and Transfer-Encoding exclude each other.'),
  TransferEncodingSyntax: reject(
    400,
    'RFC 9112 §6.3',
    'Transfer-Encoding does not end in exactly one chunked.',
  ),
  TransferEncodingIn10: reject(400, 'RFC 9112 §6.1', 'HTTP/1.0 has no Transfer-Encoding.'),
  TransferCodingUnknown: reject(501, 'RFC 9112 §6.1', 'The only transfer coding spoken here is chunked.'),
  ExpectationFailed: reject(417, 'RFC 9110 §10.1.1', 'The only expectation met here is 100-continue.'),
  ConnectNotImplemented: reject(501, 'RFC 9110 §9.3.6', 'There is no tunnel to be had here.'),
  ConnectWithContent: reject(400, 'RFC 9110 §9.3.6', 'A CONNECT request has no content.'),
  ContentTooLarge: reject(413, 'RFC 9110 §15.5.14', 'The content is too large.'),
  ChunkSizeSyntax: reject(400, 'RFC 9112 §7.1', 'The chunk-size is not a hexadecimal number within bounds.'),
  ChunkExtensionSyntax: reject(400, 'RFC 9112 §7.1.1', 'The chunk extension does not follow the grammar.'),
  ChunkExtensionTooLarge: reject(400, 'RFC 9112 §7.1.1', 'The chunk extensions are too large.'),
  ChunkDataSyntax: reject(400, 'RFC 9112 §7.1', 'The chunk-data is not followed by CRLF.'),
  ChunkOverheadTooLarge: reject(400, 'RFC 9112 §7.1', 'The chunks are too small for what they carry.'),
  TrailerSectionTooLarge: reject(431, 'RFC 9112 §7.1.2', 'The trailer section is too large.'),
  Incomplete: reject(400, 'RFC 9112 §8', 'The connection was closed before the request was complete.'),
  HeadTimeout: reject(408, 'RFC 9110 §15.5.9', 'The head of the request did not arrive in time.'),
  ContentTimeout: reject(408, 'RFC 9110 §15.5.9', 'The content of the request did not arrive in time.'),
} satisfies Record<string, { status: number; section: string; sentence: string }>;

export type RejectionReason = keyof typeof TABLE;

export const REJECTIONS = Object.fromEntries(
  Object.entries(TABLE).map(([reason, row]) => [reason, Object.freeze({ reason, ...row })]),
) as Readonly<Record<RejectionReason, Rejection>>;
