/**
 * A message of the HTTP/2 fuzzers: a script of frames. A mutated script is a list of frames again, and its lengths are right
 * unless it says otherwise. Random octets would hardly ever get behind the first frame header.
 *
 * Each entry has four octets, and then a payload: what it is, flags, stream, and the length of the payload.
 */
import * as types from '../../../src/http2/frame/frame-types.ts';
import * as frames from '../../http2/frames.ts';
import { latin1 } from '../../support/each-split.ts';
import type { Vocabulary } from '../dictionary.ts';

const TYPES = [
  ...[types.DATA, types.HEADERS, types.PRIORITY_FRAME, types.RST_STREAM, types.SETTINGS, types.PUSH_PROMISE],
  ...[types.PING, types.GOAWAY_FRAME, types.WINDOW_UPDATE, types.CONTINUATION, types.PRIORITY_UPDATE, 0x77],
];
/** The payload is sent without a frame header. */
const RAW = 0xf0;
/** The frame header gives another length. */
const WRONG_LENGTH = 0xe0;
const LAST_STREAM = 0x7fff_ffff;

/** @returns the octets of the script, which follow the preface and SETTINGS. */
export function octetsOf(script: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at + 4 <= script.length; ) {
    const what = script[at]!;
    const end = Math.min(script.length, at + 4 + script[at + 3]!);
    const payload = script.subarray(at + 4, end);
    const stream = script[at + 2]! < 0x80 ? script[at + 2]! & 0x1f : LAST_STREAM - (script[at + 2]! & 0x1f);
    const wrong = what >= WRONG_LENGTH ? Math.max(0, payload.length + (what & 7) - 4) : payload.length;
    if (what >= RAW) pieces.push(payload);
    else pieces.push(frames.frame(TYPES[what % TYPES.length]!, script[at + 1]!, stream, payload, wrong));
    at = end;
  }
  return frames.join(...pieces);
}

/** The script of these frames. */
export function scriptOf(...octets: readonly Uint8Array[]): Buffer {
  const entries = frames
    .framesIn(frames.join(...octets))
    .flatMap(({ type, flags, stream, payload }) => [
      Uint8Array.of(TYPES.indexOf(type), flags, stream, Math.min(255, payload.length)),
      payload.subarray(0, 255),
    ]);
  return Buffer.from(frames.join(...entries));
}

const { get, post, data, headers, request, block, added, continuation } = frames;
const { END_HEADERS, END_STREAM } = types;

const BLOCKS = [
  ...[block(request()), block(request('POST', '/x')), block(request('HEAD', '/a?b'))],
  frames.join(...request('GET', '/table').map(([name, value]) => added(name, value))),
  block([...request(), ['cookie', 'a=1'], ['cookie', 'b=2'], ['te', 'trailers'], ['expect', '100-continue']]),
  block([
    [':method', 'CONNECT'],
    [':authority', 'a:1'],
  ]),
  block([[':method', 'CONNECT'], [':protocol', 'websocket'], ...request().slice(1)]),
  block([[':status', '200']]),
  block([
    [':status', '103'],
    ['link', '<a>'],
  ]),
  Uint8Array.of(0x82, 0x86, 0x84, 0x41, 0x01, 0x61),
  Uint8Array.of(0x82, 0x86, 0x84, 0xbe),
];

const FIELDS = [
  [':method', 'GET'],
  [':path', '/'],
  [':path', ''],
  [':authority', 'b'],
  [':status', '204'],
  [':x', 'y'],
  ['host', 'a'],
  ['content-length', '3'],
  ['content-length', '0'],
  ['connection', 'close'],
  ['transfer-encoding', 'chunked'],
  ['te', 'gzip'],
  ['X', 'y'],
  ['x', 'a\r\nb'],
  ['x', ' y'],
  ['priority', 'u=0, i'],
  ['cookie', 'c'],
  ['x', 'v'.repeat(60)],
].map(([name, value]) => frames.literal(name!, value!));

const HPACK_PIECES = [
  ...[
    '80',
    'be',
    'bf',
    'c0',
    '20',
    '3fe11f',
    '3fe21f',
    '3f45',
    'ffff7f',
    'ff80ffffff07',
    '400161',
    '0f2f',
    '1f',
    '7f00',
  ],
  ...['8284', 'f1e3c2e5f23a6ba0ab90f4ff', '84ffffffff', '8118', '00', '7fffffffffffffffff7f'],
].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));

const ENTRIES = [
  ...[
    get(1),
    get(3),
    get(5, '/big'),
    post(1),
    post(3, '/big', ['content-length', '3']),
    headers(7, request('HEAD', '/')),
  ],
  ...[
    data(1, 'abc'),
    data(3, 'abc'),
    data(1, 'ab', 0),
    data(1, '', 0),
    data(3, ''),
    frames.paddedData(1, 'x', 3, 0),
  ],
  ...[headers(1, [['x', 'y']]), headers(3, [['x', 'y']], END_HEADERS), headers(1, [[':path', '/']])],
  ...[
    headers(1, block(request()).subarray(0, 9), END_STREAM),
    headers(3, block(request()).subarray(0, 20), 0),
  ],
  ...[
    continuation(1, block(request()).subarray(9)),
    continuation(3, block(request()).subarray(20)),
    continuation(1, new Uint8Array(0), 0),
  ],
  ...[
    frames.settings(),
    frames.settings([4, 0]),
    frames.settings([4, 100], [1, 0]),
    frames.settings([1, 4096], [5, 16_384]),
  ],
  ...[frames.settings([2, 2]), frames.settings([4, 0x7fff_ffff]), frames.settingsAck()],
  ...[frames.ping(), frames.ping('goingawa', 1), frames.goAway(0, 0), frames.goAway(3, 2, 'x')],
  ...[
    frames.windowUpdate(0, 1),
    frames.windowUpdate(1, 100),
    frames.windowUpdate(3, 0),
    frames.windowUpdate(0, 0x7fff_ffff),
  ],
  ...[
    frames.reset(1, 8),
    frames.reset(3, 0),
    frames.priority(3, 0),
    frames.priority(1, 1),
    frames.priorityUpdate(3, 'u=1, i'),
  ],
].map((octets) => new Uint8Array(scriptOf(octets)));

const SMALL = [
  '\0',
  '\x01',
  '\x04',
  '\x05',
  '\x08',
  '\x20',
  '\x25',
  '\x2d',
  '\x7f',
  '\x80',
  '\xe3',
  '\xe5',
  '\xf0',
  '\xff',
].map(latin1);

export const HTTP2_VOCABULARY: Vocabulary = {
  tokens: [SMALL, ENTRIES, ENTRIES, BLOCKS, FIELDS, HPACK_PIECES],
  lines: ENTRIES,
  messages: ENTRIES,
};

/** Scripts to begin with: each kind of frame, and conversations that go through. */
export const HTTP2_CORPUS: readonly Buffer[] = [
  ...ENTRIES.map((entry) => Buffer.from(entry)),
  scriptOf(get(1), get(3), get(5)),
  scriptOf(post(1), data(1, 'abc', 0), headers(1, [['digest', 'x']])),
  scriptOf(post(1, '/big'), post(3), data(3, 'a', 0), data(1, 'b', 0), data(3, 'c'), data(1, 'd')),
  scriptOf(
    frames.settings([4, 5]),
    get(1, '/big'),
    frames.windowUpdate(1, 10),
    frames.windowUpdate(0, 10),
    frames.reset(1, 8),
  ),
  scriptOf(
    headers(1, BLOCKS[3]!),
    headers(3, Uint8Array.of(0xc1, 0xc0, 0xbf, 0xbe)),
    headers(5, Uint8Array.of(0xc1, 0xc0, 0xbf, 0xbe)),
  ),
  scriptOf(headers(1, BLOCKS[5]!, END_HEADERS), data(1, 'tunnel', 0), data(1, 'end')),
  scriptOf(
    frames.priorityUpdate(1, 'u=0'),
    get(1, '/big'),
    get(3, '/big', ['priority', 'u=1']),
    frames.priorityUpdate(3, 'u=0'),
  ),
];

/** What a server answers to the first requests of a client. */
export const HTTP2_RESPONSES: readonly Buffer[] = [
  scriptOf(headers(1, [[':status', '200']], END_HEADERS), data(1, 'abc')),
  scriptOf(headers(1, [[':status', '103']], END_HEADERS), headers(1, [[':status', '204']])),
  scriptOf(
    headers(
      3,
      [
        [':status', '200'],
        ['content-length', '3'],
      ],
      END_HEADERS,
    ),
    data(3, 'abc', 0),
    headers(3, [['x', 'y']]),
  ),
  scriptOf(frames.goAway(1, 0), headers(1, [[':status', '200']])),
  scriptOf(headers(5, [[':status', '200']], END_HEADERS), data(5, 'tunnel', 0)),
  scriptOf(frames.reset(1, 7), frames.settings([3, 1]), frames.windowUpdate(3, 5)),
  ...ENTRIES.map((entry) => Buffer.from(entry)),
];

/** Messages of the HPACK fuzzer: blocks with their lengths. */
export const HPACK_CORPUS: readonly Buffer[] = [
  ...BLOCKS.map((octets) => [octets]),
  ...HPACK_PIECES.map((octets) => [octets]),
  [BLOCKS[3]!, Uint8Array.of(0xc1, 0xc0, 0xbf, 0xbe), Uint8Array.of(0x20, 0x82), Uint8Array.of(0xbe)],
  [
    Uint8Array.from(Buffer.from('82868441' + '8cf1e3c2e5f23a6ba0ab90f4ff', 'hex')),
    Uint8Array.from(Buffer.from('828684be5886a8eb10649cbf', 'hex')),
  ],
].map((blocks) => Buffer.concat(blocks.map((octets) => Buffer.from([octets.length, ...octets]))));

export const HPACK_VOCABULARY: Vocabulary = {
  tokens: [SMALL, HPACK_PIECES, HPACK_PIECES, FIELDS, BLOCKS],
  lines: FIELDS,
  messages: HPACK_CORPUS.map((octets) => new Uint8Array(octets)),
};
