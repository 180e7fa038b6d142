/**
 * The closed list of what a peer can do wrong: each reason with its error code, its scope and its section.
 *
 * A stream error ends one stream with RST_STREAM, a connection error the whole connection with GOAWAY (RFC 9113 §5.4). Like
 * rejections, errors are values that are made once.
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
  // The connection.
  PrefaceInvalid: protocol('RFC 9113 §3.4', 'The connection does not begin with the preface.'),
  SettingsMissing: protocol('RFC 9113 §3.4', 'The first frame is not SETTINGS.'),
  FrameTooLarge: size('RFC 9113 §4.2', 'A frame is larger than SETTINGS_MAX_FRAME_SIZE.'),
  FrameLength: size('RFC 9113 §4.2', 'A frame has not the length of its type.'),
  HeaderBlockInterrupted: protocol('RFC 9113 §4.3', 'A frame stands between those of a field block.'),
  StreamNeeded: protocol('RFC 9113 §6', 'A frame of a stream has the stream identifier 0.'),
  StreamNotAllowed: protocol('RFC 9113 §6', 'A frame of the connection has a stream identifier.'),
  StreamIdentifierEven: protocol('RFC 9113 §5.1.1', 'A client opens streams with odd identifiers.'),
  StreamIdentifierReused: protocol(
    'RFC 9113 §5.1.1',
    'A new stream has a greater identifier than all before.',
  ),
  FrameOnIdleStream: protocol('RFC 9113 §5.1', 'A frame belongs to a stream that was never opened.'),
  HeadersOnClosedStream: ofConnection(STREAM_CLOSED, 'RFC 9113 §5.1', 'HEADERS came on a closed stream.'),
  PaddingTooLong: protocol('RFC 9113 §6.1', 'The padding is as long as the frame, or longer.'),
  SettingValue: protocol('RFC 9113 §6.5.2', 'A setting has a value that it can not have.'),
  PrioritySettingChanged: protocol('RFC 9218 §2.1', 'SETTINGS_NO_RFC7540_PRIORITIES was changed later.'),
  InitialWindowTooLarge: flow('RFC 9113 §6.5.2', 'SETTINGS_INITIAL_WINDOW_SIZE is above 2^31-1.'),
  SettingsAckLength: size('RFC 9113 §6.5', 'SETTINGS with ACK has a payload.'),
  PushByClient: protocol('RFC 9113 §8.4', 'A client can not push.'),
  PushNotAllowed: protocol('RFC 9113 §6.6', 'The server pushes, and SETTINGS_ENABLE_PUSH is 0.'),
  ConnectionIncrementZero: protocol('RFC 9113 §6.9', 'WINDOW_UPDATE opens the window by 0.'),
  ConnectionWindowOverflow: flow('RFC 9113 §6.9.1', "The connection's window is opened beyond 2^31-1."),
  InitialWindowOverflow: flow('RFC 9113 §6.9.2', "A stream's window is opened beyond 2^31-1 by SETTINGS."),
  ConnectionWindowExceeded: flow('RFC 9113 §6.9.1', "DATA is larger than the connection's window."),
  ContinuationUnexpected: protocol('RFC 9113 §6.10', 'CONTINUATION continues nothing.'),
  PriorityUpdateStream: protocol('RFC 9218 §7.1', 'PRIORITY_UPDATE is for a stream that no client opens.'),
  PriorityUpdateByServer: protocol('RFC 9218 §7.1', 'A server sends no PRIORITY_UPDATE.'),
  // Abuse of the connection (RFC 9113 §10.5).
  HeaderBlockTooLarge: calm('RFC 9113 §10.5.1', 'A field block is far too large.'),
  TooManyContinuations: calm('RFC 9113 §10.5', 'A field block comes in too many CONTINUATION frames.'),
  TooManyResets: calm('RFC 9113 §10.5', 'Too many streams are opened and reset.'),
  TooManyStreamErrors: calm('RFC 9113 §10.5', 'Too many streams have to be reset.'),
  TooManySettings: calm('RFC 9113 §10.5', 'There are too many SETTINGS.'),
  TooManyPings: calm('RFC 9113 §10.5', 'There are too many PING frames.'),
  TooManyEmptyFrames: calm('RFC 9113 §10.5', 'There are too many DATA frames without content.'),
  TooManyPriorities: calm('RFC 9113 §10.5', 'There are too many PRIORITY frames.'),
  TooManyPriorityUpdates: calm('RFC 9218 §7.1', 'There are too many PRIORITY_UPDATE frames.'),
  TooManyWindowUpdates: calm('RFC 9113 §10.5', 'There are too many WINDOW_UPDATE frames.'),
  TooManyUnknownFrames: calm('RFC 9113 §10.5', 'There are too many frames of unknown types.'),
  TooManyAcknowledgements: calm('RFC 9113 §10.5', 'Too many acknowledgements wait to be read.'),
  // One stream.
  TooManyStreams: ofStream(codes.REFUSED_STREAM, 'RFC 9113 §5.1.2', 'There are too many streams at once.'),
  FrameAfterEnd: ofStream(STREAM_CLOSED, 'RFC 9113 §5.1', 'A frame follows the end of the stream.'),
  FrameOnClosedStream: ofStream(STREAM_CLOSED, 'RFC 9113 §5.1', 'A frame belongs to a closed stream.'),
  SelfDependency: ofStream(PROTOCOL_ERROR, 'RFC 7540 §5.3.1', 'A stream depends on itself.'),
  PriorityLength: ofStream(FRAME_SIZE_ERROR, 'RFC 9113 §6.3', 'PRIORITY has not 5 octets.'),
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
  ConnectionField: malformed('RFC 9113 §8.2.2', 'A field about the connection has no place in HTTP/2.'),
  TESyntax: malformed('RFC 9113 §8.2.2', 'TE has no value but trailers.'),
  PseudoFieldUnknown: malformed('RFC 9113 §8.3', 'There is a pseudo-field that is not defined there.'),
  PseudoFieldLate: malformed('RFC 9113 §8.3', 'A pseudo-field stands behind a regular field.'),
  PseudoFieldRepeated: malformed('RFC 9113 §8.3', 'A pseudo-field stands more than once.'),
  PseudoFieldMissing: malformed('RFC 9113 §8.3.1', 'A pseudo-field is missing.'),
  PseudoFieldInTrailers: malformed('RFC 9113 §8.1', 'A trailer section has a pseudo-field.'),
  TrailersWithoutEnd: malformed('RFC 9113 §8.1', 'A trailer section does not end the stream.'),
  MethodSyntax: malformed('RFC 9113 §8.3.1', 'The method is not a token.'),
  SchemeSyntax: malformed('RFC 9113 §8.3.1', 'The scheme does not follow the grammar.'),
  AuthoritySyntax: malformed('RFC 9113 §8.3.1', 'The authority is not a host with an optional port.'),
  AuthorityMissing: malformed('RFC 9113 §8.3.1', 'Neither :authority nor Host names an authority.'),
  HostMismatch: malformed('RFC 9113 §8.3.1', 'Host and :authority differ.'),
  HostRepeated: malformed('RFC 9113 §8.3.1', 'A request has one Host field.'),
  PathSyntax: malformed('RFC 9113 §8.3.1', 'The path does not follow the grammar.'),
  ConnectTarget: malformed('RFC 9113 §8.5', 'CONNECT has an :authority with a port, and nothing else.'),
  HeadersInTunnel: malformed('RFC 9113 §8.5', 'HEADERS came on the stream of a tunnel.'),
  ProtocolWithoutConnect: malformed('RFC 8441 §4', ':protocol stands in a request that is no CONNECT.'),
  FieldSectionTooLarge: ofStream(codes.CANCEL, 'RFC 9113 §10.5.1', 'The fields of a response are too large.'),
  TooManyInterim: ofStream(codes.CANCEL, 'RFC 9110 §15.2', 'There are too many interim responses.'),
  StatusSyntax: malformed('RFC 9113 §8.3.2', 'The status is not a status code.'),
  StatusSwitching: malformed('RFC 9113 §8.6', 'HTTP/2 has no 101 (Switching Protocols).'),
  InterimWithEnd: malformed('RFC 9113 §8.1', 'An interim response ends the stream.'),
  DataBeforeHeaders: malformed('RFC 9113 §8.1', 'Content comes before the head of the response.'),
  ContentLengthSyntax: malformed('RFC 9110 §8.6', 'Content-Length is not one decimal number.'),
  ContentLengthMismatch: malformed('RFC 9113 §8.1.1', 'The content has not the length declared.'),
} satisfies Readonly<Record<string, ErrorRow>>;

export type Http2ErrorReason = keyof typeof ROWS;

export const HTTP2_ERRORS = Object.freeze(
  Object.fromEntries(Object.entries(ROWS).map(([reason, row]) => [reason, new Http2Error(reason, row)])),
) as Readonly<Record<Http2ErrorReason, Http2Error>>;

/** Why a header block could not be decoded → COMPRESSION_ERROR (RFC 9113 §4.3). */
const OF_HPACK: ReadonlyMap<HpackError, Http2Error> = new Map(
  Object.values(HPACK_ERRORS).map((error) => [
    error,
    new Http2Error(error.reason, ofConnection(codes.COMPRESSION_ERROR, error.section, error.sentence)),
  ]),
);

export function compressionError(error: HpackError): Http2Error {
  return OF_HPACK.get(error)!;
}
