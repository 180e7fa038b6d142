/**
 * The known disagreements of Serval and `node:http`, with the sentences that decide them. They are reviewed by hand: either Serval
 * follows a rule, or the RFCs leave room and Serval takes the stricter reading.
 *
 * Any other disagreement makes `npm run fuzz -- --mode differential` fail.
 */
export interface KnownDisagreement {
  /** The class, as in `exchanges.ts`. */
  readonly name: string;
  /** A message with this disagreement, one character an octet. */
  readonly example: string;
  readonly section: string;
  readonly sentence: string;
}

export const KNOWN_DISAGREEMENTS: readonly KnownDisagreement[] = [
  {
    name: 'Serval refuses: BareCR',
    example: '\rGET / HTTP/1.0\r\n\r\n',
    section: 'RFC 9112 §2.2',
    sentence:
      'A recipient of a bare CR MUST consider the element invalid; only empty lines, CRLF, are ignored before a request-line.',
  },
  {
    name: 'Serval refuses: BareLF',
    example: '\nGET / HTTP/1.0\r\n\r\n',
    section: 'RFC 9112 §2.2',
    sentence: 'A recipient MAY recognize a single LF as a line terminator: Serval never does.',
  },
  {
    name: 'Serval refuses: TooManyEmptyLines',
    example: '\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    section: 'RFC 9112 §2.2',
    sentence: 'A server SHOULD ignore at least one empty line: Serval ignores two, node any number.',
  },
  {
    name: 'Serval refuses, node says nothing: BareCR',
    example: '\r\r',
    section: 'RFC 9112 §2.2',
    sentence: 'The same, without a request that node could answer.',
  },
  {
    name: 'Serval refuses, node says nothing: BareLF',
    example: '\n',
    section: 'RFC 9112 §2.2',
    sentence: 'The same, without a request that node could answer.',
  },
  {
    name: 'Serval refuses, node says nothing: TooManyEmptyLines',
    example: '\r\n\r\n\r\n',
    section: 'RFC 9112 §2.2',
    sentence: 'The same, without a request that node could answer.',
  },
  {
    name: 'Serval refuses: TargetSyntax',
    example: 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 9112 §3.2',
    sentence:
      'A request-target is in one of four forms, none with a fragment, and a line without a version is not a request-line (RFC 9112 §3).',
  },
  {
    name: 'Serval refuses: PathSyntax',
    example: 'GET /x\\..\\a HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 3986 §3.3',
    sentence:
      'A path has neither backslashes nor the other octets that URL parsers rewrite: Serval refuses them, node passes them on.',
  },
  {
    name: 'Serval refuses: VersionSyntax',
    example: 'GET /  HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 9112 §3',
    sentence: 'request-line = method SP request-target SP HTTP-version: one SP, not several.',
  },
  {
    name: 'Serval refuses: VersionNotSupported',
    example: 'GET / HTTP/0.9\r\n\r\n',
    section: 'RFC 9110 §15.6.6',
    sentence:
      'A server that does not support the major version answers 505; a real HTTP/0.9 request has no version.',
  },
  {
    name: 'Serval refuses: HostSyntax',
    example: 'GET / HTTP/1.1\r\nHost: u@a\r\n\r\n',
    section: 'RFC 9112 §3.2',
    sentence: 'A server MUST respond 400 to a Host field with an invalid value.',
  },
  {
    name: 'Serval refuses: HostRepeated',
    example: 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    section: 'RFC 9112 §3.2',
    sentence: 'A server MUST respond 400 to a request with more than one Host field line.',
  },
  {
    name: 'Serval refuses: HostMismatch',
    example: 'GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n',
    section: 'RFC 9112 §3.2.2',
    sentence:
      'An origin server MUST ignore Host for an absolute-form target; Serval refuses two different hosts.',
  },
  {
    name: 'Serval refuses: Misdirected',
    example: 'GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 9110 §7.4',
    sentence:
      'A request for https that did not come over a secured connection is rejected, 421 (RFC 9110 §15.5.20).',
  },
  {
    name: 'Serval refuses: ContentLengthSyntax',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 00000000000000005\r\n\r\nhello',
    section: 'RFC 9110 §8.6',
    sentence: 'A recipient MUST anticipate potentially large decimal numerals: Serval by allowing 16 digits.',
  },
  {
    name: 'Serval refuses: ChunkSizeSyntax',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n00000000000000000\r\n\r\n',
    section: 'RFC 9112 §7.1',
    sentence:
      'A recipient MUST anticipate potentially large hexadecimal numerals: Serval by allowing 16 digits.',
  },
  {
    name: 'Serval refuses: TransferEncodingIn10',
    example: 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    section: 'RFC 9112 §6.1',
    sentence:
      'A server that receives Transfer-Encoding in HTTP/1.0 MUST treat the message as if the framing is faulty.',
  },
  {
    name: 'Serval refuses: TransferCodingUnknown',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    section: 'RFC 9112 §6.1',
    sentence:
      'A server that receives a transfer coding it does not understand SHOULD respond 501; node hands the coded content on.',
  },
  {
    name: 'Serval refuses: TransferEncodingSyntax',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n',
    section: 'RFC 9112 §6.3',
    sentence:
      'When the length cannot be told for sure the server MUST respond 400: Serval takes exactly one coding, chunked.',
  },
  {
    name: 'Serval refuses: ExpectationFailed',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nExpect: x 100-continue\r\nContent-Length: 5\r\n\r\nhello',
    section: 'RFC 9110 §10.1.1',
    sentence:
      'A server that receives an expectation other than 100-continue MAY respond 417; node looks for the word anywhere in the value.',
  },
  {
    name: 'both refuse, Serval with 413',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n',
    section: 'RFC 9110 §15.5.14',
    sentence:
      'Content larger than the server is willing to process is 413, at the head; node waits for the content, and then reports its end.',
  },
  {
    name: 'both refuse, Serval with 417',
    example: 'BREW / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n',
    section: 'RFC 9110 §10.1.1',
    sentence:
      'The message has two faults for node and one for Serval: methods are not a closed list (RFC 9110 §9.1).',
  },
  {
    name: 'both refuse, Serval with 421',
    example: 'BREW https://a/ HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 9110 §15.5.20',
    sentence:
      'The message has two faults for node and one for Serval: methods are not a closed list (RFC 9110 §9.1).',
  },
  {
    name: 'both refuse, Serval with 501',
    example: 'BREW / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
    section: 'RFC 9110 §15.6.2',
    sentence: 'An unknown coding, or a method longer than any known one, is 501.',
  },
  {
    name: 'both refuse, Serval with 505',
    example: 'GET / HTTP/2.0\r\n\r\n',
    section: 'RFC 9110 §15.6.6',
    sentence: 'A version that is well-formed and not supported is 505, not malformed.',
  },
  {
    name: 'both refuse, node with 417',
    example: 'GET * HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n',
    section: 'RFC 9112 §3.2.4',
    sentence:
      'The message has two faults, and Serval looks at the request-line first: asterisk-form is for OPTIONS.',
  },
  {
    name: 'node refuses: HPE_INVALID_METHOD',
    example: 'BREW / HTTP/1.1\r\nHost: a\r\n\r\n',
    section: 'RFC 9110 §9.1',
    sentence:
      'Methods are tokens, and the list of them is open: an origin server that does not know one SHOULD respond 501, which is up to the handler.',
  },
  {
    name: 'node refuses: HPE_INVALID_VERSION',
    example: 'GET / HTTP/1.9\r\nHost: a\r\n\r\n',
    section: 'RFC 9110 §2.5',
    sentence:
      'A recipient SHOULD process a message with a higher minor version as if it were in the highest one to which it conforms.',
  },
  {
    name: 'node refuses: HPE_CLOSED_CONNECTION',
    example: 'GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    section: 'RFC 9112 §9.6',
    sentence:
      'A server that closes MUST NOT process requests after the last one; the last one itself is answered.',
  },
  {
    name: 'node refuses: HPE_STRICT',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5; a\r\nhello\r\n0\r\n\r\n',
    section: 'RFC 9112 §7.1.1',
    sentence: 'chunk-ext has bad whitespace around ; and =, which a recipient MUST parse (RFC 9110 §5.6.3).',
  },
  {
    name: 'node refuses: HPE_INVALID_CHUNK_SIZE',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 ;a\r\nhello\r\n0\r\n\r\n',
    section: 'RFC 9112 §7.1.1',
    sentence: 'The same white space, before the first ; of an extension.',
  },
  {
    name: 'node refuses: HPE_INVALID_CONTENT_LENGTH',
    example: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n',
    section: 'RFC 9110 §6.5.1',
    sentence:
      'A sender must not put framing into trailers; a recipient drops such a field, and never merges it.',
  },
  {
    name: 'node refuses: HPE_INVALID_TRANSFER_ENCODING',
    example:
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTransfer-Encoding: x\r\n\r\n',
    section: 'RFC 9110 §6.5.1',
    sentence:
      'The same for Transfer-Encoding; and a HTAB after the word chunked is white space, not part of it (RFC 9110 §5.5).',
  },
  {
    name: 'node refuses too early',
    example: 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n!',
    section: 'RFC 9112 §9.3.2',
    sentence:
      'Responses are sent in the order of the requests: a fault in a later request does not cancel the response to an earlier one.',
  },
  {
    name: 'node answers a head that breaks off',
    example: 'GET / HTTP/1.1\r\nHo',
    section: 'RFC 9112 §8',
    sentence:
      'A server that receives an incomplete request MAY send an error response before it closes: Serval closes.',
  },
  {
    name: 'node closes when CONNECT comes',
    example: 'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n',
    section: 'RFC 9110 §9.3.6',
    sentence:
      'An origin server MAY accept CONNECT; one that does not should say so, which is 501 (RFC 9110 §15.6.2).',
  },
  {
    name: 'node reads no further than Upgrade',
    example: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n!',
    section: 'RFC 9110 §7.8',
    sentence: 'A server MAY ignore Upgrade, and then the connection stays HTTP/1.1.',
  },
  {
    name: 'node says nothing to PRI',
    example: 'PRI *\r\n\r\n',
    section: 'RFC 9110 §9.1',
    sentence:
      'PRI begins the preface of HTTP/2, which node refuses; without that protocol it is a method like any other.',
  },
  {
    name: 'only node answers',
    example: 'GET / HTTP/1.0\r\nConnection: close\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n',
    section: 'RFC 9112 §9.3',
    sentence:
      'If the close connection option is present the connection will not persist, whatever other options are present.',
  },
];
