/**
 * The known disagreements of Serval and `node:http2` (nghttp2), with the sentences that decide them. They are reviewed by hand:
 * either Serval follows a rule, or the RFCs leave room.
 *
 * Any other disagreement makes `npm run fuzz -- --mode http2-differential` fail.
 */
import type { KnownDisagreement } from '../known-disagreements.ts';

/** The examples are scripts (`script.ts`) as hexadecimal digits. */
export const HTTP2_DISAGREEMENTS: readonly KnownDisagreement[] = [
  {
    name: 'connection: Serval goes on; node INTERNAL_ERROR',
    example: '04010000',
    section: 'RFC 9113 §6.5',
    sentence:
      'No rule forbids an acknowledgement of SETTINGS that nobody waits for: Serval ignores it, up to a rate.',
  },
  {
    name: 'connection: Serval goes on; node closed',
    example: '070000080000000000000000',
    section: 'RFC 9113 §6.8',
    sentence:
      'A client that sends GOAWAY may go on: Serval leaves the connection open, node closes it when it is idle.',
  },
  {
    name: 'connection: Serval goes on; node PROTOCOL_ERROR',
    example: '01050105000178017902000105000000010f',
    section: 'RFC 7540 §5.3.1',
    sentence:
      'A stream can not depend on itself: a stream error, which node makes one of the connection (RFC 9113 §5.4.1).',
  },
  {
    name: 'connection: Serval goes on; node STREAM_CLOSED',
    example: '01050105000178017900000100',
    section: 'RFC 9113 §5.1',
    sentence:
      'Frames on a stream are ignored after RST_STREAM was sent: node does not ignore those behind END_STREAM.',
  },
  {
    name: 'connection: Serval goes on; node FRAME_SIZE_ERROR',
    example: '0104030500017801796200010261ec',
    section: 'RFC 9113 §6.3',
    sentence:
      'PRIORITY that does not have 5 octets is a stream error FRAME_SIZE_ERROR: node ends the connection.',
  },
  {
    name: 'connection: Serval waits; node ends',
    example: 'fe0501050001780179',
    section: 'RFC 9113 §4.1',
    sentence: 'Serval judges most frames when they are complete, node when their header is.',
  },
  {
    name: 'connection: Serval PROTOCOL_ERROR A frame of the connection has a stream identifier other than 0.; node goes on',
    example: '0a000800',
    section: 'RFC 9218 §7.1',
    sentence:
      'PRIORITY_UPDATE on another stream than 0 is a connection error PROTOCOL_ERROR: node does not know the frame.',
  },
  {
    name: 'connection: Serval PROTOCOL_ERROR PRIORITY_UPDATE names a stream that a client can not open.; node goes on',
    example: '0a000006000000000175',
    section: 'RFC 9218 §7.1',
    sentence: 'A client can not prioritize stream 0 or a pushed one: node does not know the frame.',
  },
  {
    name: 'connection: Serval FRAME_SIZE_ERROR The length of a frame is wrong for its type.; node goes on',
    example: '0a00000131',
    section: 'RFC 9113 §4.2',
    sentence: 'PRIORITY_UPDATE has at least 4 octets (RFC 9218 §7.1): node does not know the frame.',
  },
  {
    name: 'connection: Serval PROTOCOL_ERROR A new stream must have a greater identifier than all streams before.; node goes on',
    example: '010403050001780179010501050001780179',
    section: 'RFC 9113 §5.1.1',
    sentence: 'An unexpected stream identifier is a connection error PROTOCOL_ERROR: node ignores the frame.',
  },
  {
    name: 'connection: Serval PROTOCOL_ERROR The padding is as long as the frame, or longer.; node goes on',
    example: '010403050001780179000e010165',
    section: 'RFC 9113 §6.1',
    sentence: 'Padding of the length of the payload or more is a connection error, also on a closed stream.',
  },
  {
    name: 'stream: Serval status 501; node takes the request',
    example: '0104012100073a6d6574686f6407434f4e4e454354000a3a617574686f7269747903613a310000',
    section: 'RFC 9110 §9.3.6',
    sentence: 'Without a handler for CONNECT, Serval answers 501; the application on node takes any method.',
  },
  {
    name: 'stream: Serval status 421; node takes the request',
    example:
      '0105073200073a6d6574686f640347455400073a736368656d650468747078000a3a617574686f72697479016100053a70617468012f',
    section: 'RFC 9110 §7.4',
    sentence:
      'A request for another scheme than that of the connection is misdirected: node does not look at the scheme.',
  },
  {
    name: 'stream: Serval resets STREAM_CLOSED; node does not',
    example: '01040305000178017978200179',
    section: 'RFC 9113 §6.1',
    sentence: 'DATA on a stream that is not open is a stream error STREAM_CLOSED: node ignores it.',
  },
  {
    name: 'stream: Serval resets PROTOCOL_ERROR (FieldNameSyntax); node does not',
    example:
      '0105013700073a6d6574686f640347455400073a736368656d650468747470000a3a617574686f72697479016100053a70617468012f0001f20178',
    section: 'RFC 9113 §8.2.1',
    sentence: 'A name with an octet that is not allowed makes the request malformed: node drops the field.',
  },
  {
    name: 'stream: Serval resets PROTOCOL_ERROR (FieldValueSyntax); node does not',
    example:
      '0105013700073a6d6574686f640347455400073a736368656d650468747470000a3a617574686f72697479016100053a70617468012f0001780108',
    section: 'RFC 9113 §8.2.1',
    sentence: 'A value with a control octet may be treated as malformed: node drops the field.',
  },
  {
    name: 'stream: Serval resets PROTOCOL_ERROR (AuthoritySyntax); node does not',
    example:
      '0105013200073a6d6574686f640347455400073a736368656d650468747470000a3a617574686f72697479014000053a70617468012f',
    section: 'RFC 9113 §8.3.1',
    sentence: ':authority is a host with an optional port: node passes on any text.',
  },
  {
    name: 'stream: Serval resets PROTOCOL_ERROR (ConnectTarget); node does not',
    example: '0104012100073a6d6574686f6407434f4e4e454354000a3a617574686f7269747903613b370000',
    section: 'RFC 9113 §8.5',
    sentence: ':authority of CONNECT is a host and a port: node passes on any text.',
  },
  {
    name: 'stream: Serval resets PROTOCOL_ERROR (PathSyntax); node does not',
    example:
      '0105013300073a6d6574686f640347455400073a736368656d650468747470000a3a617574686f72697479016100053a70617468022f8d',
    section: 'RFC 9113 §8.3.1',
    sentence: ':path follows the grammar of RFC 3986: node passes on octets that a URI does not have.',
  },
  {
    name: 'the process of node ends',
    example: '',
    section: 'RFC 9113 §10.5',
    sentence: 'An assertion of nghttp2 fails. No input may end a server.',
  },
];
