/**
 * The closed list of errors of a peer: each reason with its error code, its scope and its section.
 *
 * A stream error ends one stream with RST_STREAM. A connection error ends the connection with GOAWAY (RFC 9113 §5.4). Like
 * rejections, errors are constants.
 */
import { HPACK_ERRORS, type HpackError } from '../hpack/errors.ts';
import * as codes from './error-codes.ts';

export type ErrorScope = 'stream' | 'connection';

export class Http2Error {
  readonly reason: string;
  /** One of `error-codes`. */
  readonly code: number;
  readonly scope: ErrorScope;
  readonly section: string;
  readonly sentence: string;

  constructor(reason: string, [code, scope, section, sentence]: ErrorRow) {
    this.reason = reason;
    this.code = code;
    this.scope = scope;
    this.section = section;
    this.sentence = sentence;
    Object.freeze(this);
  }
}

type ErrorRow = readonly [code: number, scope: ErrorScope, section: string, sentence: string];

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, FLOW_CONTROL_ERROR, STREAM_CLOSED, ENHANCE_YOUR_CALM } = codes;

const ofConnection = (code: number, section: string, sentence: string): ErrorRow => [
  code,
  'connection',
  section,
  sentence,
];
const ofStream = (code: number, section: string, sentence: string): ErrorRow => [
  code,
  'stream',
  section,
  sentence,
];
const protocol = (section: string, sentence: string) => ofConnection(PROTOCOL_ERROR, section, sentence);
const size = (section: string, sentence: string) => ofConnection(FRAME_SIZE_ERROR, section, sentence);
const flow = (section: string, sentence: string) => ofConnection(FLOW_CONTROL_ERROR, section, sentence);
const calm = (section: string, sentence: string) => ofConnection(ENHANCE_YOUR_CALM, section, sentence);
/** A malformed message is a stream error PROTOCOL_ERROR (RFC 9113 §8.1.1). */
const malformed = (section: string, sentence: string) => ofStream(PROTOCOL_ERROR, section, sentence);

const ROWS = {
  // Errors of the connection.
  PrefaceInvalid: protocol('RFC 9113 §3.4', 'The connection does not begin with the preface.'),
  SettingsMissing: protocol('RFC 9113 §3.4', 'The first frame is not SETTINGS.'),
  FrameTooLarge: size('RFC 9113 §4.2', 'A frame is larger than SETTINGS_MAX_FRAME_SIZE.'),
  FrameLength: size('RFC 9113 §4.2', 'The length of a frame is wrong for its type.'),
  HeaderBlockInterrupted: protocol('RFC 9113 §4.3', 'A frame is between the frames of a field block.'),
  StreamNeeded: protocol('RFC 9113 §6', 'A frame that needs a stream has the stream identifier 0.'),
  StreamNotAllowed: protocol(
    'RFC 9113 §6',
    'A frame of the connection has a stream identifier other than 0.',
  ),
  StreamIdentifierEven: protocol('RFC 9113 §5.1.1', 'A client must open streams with odd identifiers.'),
  StreamIdentifierReused: protocol(
    'RFC 9113 §5.1.1',
    'A new stream must have a greater identifier than all streams before.',
  ),
  FrameOnIdleStream: protocol('RFC 9113 §5.1', 'A frame is on a stream that was never opened.'),
  HeadersOnClosedStream: ofConnection(
    STREAM_CLOSED,
    'RFC 9113 §5.1',
    'HEADERS were received on a closed stream.',
  ),
  PaddingTooLong: protocol('RFC 9113 §6.1', 'The padding is as long as the frame, or longer.'),
  SettingValue: protocol('RFC 9113 §6.5.2', 'A setting has an invalid value.'),
  PrioritySettingChanged: protocol(
    'RFC 9218 §2.1',
    'SETTINGS_NO_RFC7540_PRIORITIES differs from the first SETTINGS.',
  ),
  InitialWindowTooLarge: flow('RFC 9113 §6.5.2', 'SETTINGS_INITIAL_WINDOW_SIZE is above 2^31-1.'),
  SettingsAckLength: size('RFC 9113 §6.5', 'SETTINGS with ACK has a payload.'),
  PushByClient: protocol('RFC 9113 §8.4', 'A client must not push.'),
  PushNotAllowed: protocol('RFC 9113 §6.6', 'A server must not push when SETTINGS_ENABLE_PUSH is 0.'),
  ConnectionIncrementZero: protocol('RFC 9113 §6.9', 'WINDOW_UPDATE opens the window by 0.'),
  ConnectionWindowOverflow: flow('RFC 9113 §6.9.1', "The connection's window is opened beyond 2^31-1."),
  InitialWindowOverflow: flow('RFC 9113 §6.9.2', "A stream's window is opened beyond 2^31-1 by SETTINGS."),
  ConnectionWindowExceeded: flow('RFC 9113 §6.9.1', "DATA is larger than the connection's window."),
  ContinuationUnexpected: protocol('RFC 9113 §6.10', 'CONTINUATION without a field block that it continues.'),
  PriorityUpdateStream: protocol(
    'RFC 9218 §7.1',
    'PRIORITY_UPDATE names a stream that a client can not open.',
  ),
  PriorityUpdateByServer: protocol('RFC 9218 §7.1', 'A server must not send PRIORITY_UPDATE.'),
  // Abuse of the connection (RFC 9113 §10.5).
  HeaderBlockTooLarge: calm('RFC 9113 §10.5.1', 'A field block is too large.'),
  TooManyContinuations: calm('RFC 9113 §10.5', 'A field block has too many CONTINUATION frames.'),
  TooManyResets: calm('RFC 9113 §10.5', 'The peer has reset too many streams.'),
  TooManyStreamErrors: calm('RFC 9113 §10.5', 'Too many streams had errors.'),
  TooManySettings: calm('RFC 9113 §10.5', 'The peer has sent too many SETTINGS.'),
  TooManyPings: calm('RFC 9113 §10.5', 'The peer has sent too many PING frames.'),
  TooManyEmptyFrames: calm('RFC 9113 §10.5', 'The peer has sent too many DATA frames without content.'),
  TooManyPriorities: calm('RFC 9113 §10.5', 'The peer has sent too many PRIORITY frames.'),
  TooManyPriorityUpdates: calm('RFC 9218 §7.1', 'The peer has sent too many PRIORITY_UPDATE frames.'),
  TooManyWindowUpdates: calm('RFC 9113 §10.5', 'The peer has sent too many WINDOW_UPDATE frames.'),
  TooManyGoAways: calm('RFC 9113 §10.5', 'The peer has sent too many GOAWAY frames.'),
  TooManyUnknownFrames: calm('RFC 9113 §10.5', 'The peer has sent too many frames of unknown types.'),
  TooManyAcknowledgements: calm('RFC 9113 §10.5', 'The peer does not read the answers to its frames.'),
  // Errors of one stream.
  TooManyStreams: ofStream(
    codes.REFUSED_STREAM,
    'RFC 9113 §5.1.2',
    'The limit of concurrent streams is reached.',
  ),
  FrameAfterEnd: ofStream(
    STREAM_CLOSED,
    'RFC 9113 §5.1',
    'A frame was received after the end of the stream.',
  ),
  FrameOnClosedStream: ofStream(STREAM_CLOSED, 'RFC 9113 §5.1', 'A frame was received on a closed stream.'),
  SelfDependency: ofStream(PROTOCOL_ERROR, 'RFC 7540 §5.3.1', 'A stream depends on itself.'),
  PriorityLength: ofStream(FRAME_SIZE_ERROR, 'RFC 9113 §6.3', 'PRIORITY must have 5 octets.'),
  StreamIncrementZero: ofStream(PROTOCOL_ERROR, 'RFC 9113 §6.9', 'WINDOW_UPDATE opens the window by 0.'),
  StreamWindowOverflow: ofStream(
    FLOW_CONTROL_ERROR,
    'RFC 9113 §6.9.1',
    "A stream's window is opened beyond 2^31-1.",
  ),
  StreamWindowExceeded: ofStream(
    FLOW_CONTROL_ERROR,
    'RFC 9113 §6.9.1',
    "DATA is larger than the stream's window.",
  ),
  // Malformed messages.
  FieldNameSyntax: malformed('RFC 9113 §8.2.1', 'A field name is not a token in lower case.'),
  FieldValueSyntax: malformed('RFC 9113 §8.2.1', 'A field value has an octet that is not allowed there.'),
  ConnectionField: malformed('RFC 9113 §8.2.2', 'A connection-specific field is not allowed in HTTP/2.'),
  TESyntax: malformed('RFC 9113 §8.2.2', 'TE must have the value trailers.'),
  PseudoFieldUnknown: malformed('RFC 9113 §8.3', 'A pseudo-field is not defined for this message.'),
  PseudoFieldLate: malformed('RFC 9113 §8.3', 'A pseudo-field is after a regular field.'),
  PseudoFieldRepeated: malformed('RFC 9113 §8.3', 'A pseudo-field is repeated.'),
  PseudoFieldMissing: malformed('RFC 9113 §8.3.1', 'A pseudo-field is missing.'),
  PseudoFieldInTrailers: malformed('RFC 9113 §8.1', 'A trailer section has a pseudo-field.'),
  TrailersWithoutEnd: malformed('RFC 9113 §8.1', 'A trailer section does not end the stream.'),
  MethodSyntax: malformed('RFC 9113 §8.3.1', 'The method is not a token.'),
  SchemeSyntax: malformed('RFC 9113 §8.3.1', 'The scheme does not follow the grammar.'),
  AuthoritySyntax: malformed('RFC 9113 §8.3.1', 'The authority is not a host with an optional port.'),
  AuthorityMissing: malformed('RFC 9113 §8.3.1', 'Neither :authority nor Host names an authority.'),
  HostMismatch: malformed('RFC 9113 §8.3.1', 'Host and :authority differ.'),
  HostRepeated: malformed('RFC 9113 §8.3.1', 'A request must have only one Host field.'),
  PathSyntax: malformed('RFC 9113 §8.3.1', 'The path does not follow the grammar.'),
  ConnectTarget: malformed(
    'RFC 9113 §8.5',
    'CONNECT must have an :authority with a port, and no other pseudo-field.',
  ),
  HeadersInTunnel: malformed('RFC 9113 §8.5', 'HEADERS were received on the stream of a tunnel.'),
  ProtocolWithoutConnect: malformed('RFC 8441 §4', ':protocol is only allowed with CONNECT.'),
  FieldSectionTooLarge: ofStream(codes.CANCEL, 'RFC 9113 §10.5.1', 'The fields of a response are too large.'),
  TooManyInterim: ofStream(codes.CANCEL, 'RFC 9110 §15.2', 'The server has sent too many interim responses.'),
  StatusSyntax: malformed('RFC 9113 §8.3.2', 'The status is not a status code.'),
  StatusSwitching: malformed('RFC 9113 §8.6', 'A response has the status 101 (Switching Protocols).'),
  InterimWithEnd: malformed('RFC 9113 §8.1', 'An interim response ends the stream.'),
  DataBeforeHeaders: malformed('RFC 9113 §8.1', 'DATA was received before the head of the response.'),
  ContentLengthSyntax: malformed('RFC 9110 §8.6', 'Content-Length is not one decimal number.'),
  ContentLengthMismatch: malformed(
    'RFC 9113 §8.1.1',
    'The length of the content differs from Content-Length.',
  ),
} satisfies Readonly<Record<string, ErrorRow>>;

export type Http2ErrorReason = keyof typeof ROWS;

export const HTTP2_ERRORS = Object.freeze(
  Object.fromEntries(Object.entries(ROWS).map(([reason, row]) => [reason, new Http2Error(reason, row)])),
) as Readonly<Record<Http2ErrorReason, Http2Error>>;

/** For each error of a header block: the connection error COMPRESSION_ERROR (RFC 9113 §4.3). */
const OF_HPACK: ReadonlyMap<HpackError, Http2Error> = new Map(
  Object.values(HPACK_ERRORS).map((error) => [
    error,
    new Http2Error(error.reason, ofConnection(codes.COMPRESSION_ERROR, error.section, error.sentence)),
  ]),
);

export function compressionError(error: HpackError): Http2Error {
  return OF_HPACK.get(error)!;
}
