import * as types from '../../../src/http2/frame/frame-types.ts';
import { limited } from '../../http2/conversation.ts';
import {
  block,
  continuation,
  data,
  frame,
  get,
  headers,
  join,
  ping,
  post,
  priority,
  request,
  reset,
  settings,
  settingsAck,
  windowUpdate,
} from '../../http2/frames.ts';
import { fails, gives } from '../http2-requirement.ts';

const { END_HEADERS, END_STREAM } = types;
const ANSWER = 'HEADERS 1 END_STREAM :status=200 content-length=0';

gives(
  'RFC 9113 §4.1: a frame of an unknown type is ignored',
  [frame(0x77, 0xff, 1, block([])), frame(0xff, 0, 0), get(1)],
  {
    answers: ['request 1 GET /'],
  },
);

gives(
  'RFC 9113 §4.1: flags that mean nothing for a type are ignored',
  [frame(types.PING, 0xfe, 0, new Uint8Array(8)), get(1)],
  {
    answers: ['request 1 GET /'],
  },
);

gives(
  'RFC 9113 §4.1: the reserved bit of the stream identifier is ignored',
  frame(types.HEADERS, END_STREAM | END_HEADERS, 0x8000_0001, block(request())),
  { answers: ['request 1 GET /'], sent: [ANSWER] },
);

gives('RFC 9113 §4.2: DATA of 16,384 octets is taken', [post(1), data(1, 'x'.repeat(16_384))], {
  answers: ['request 1 POST /', `content 1 ${'x'.repeat(16_384)}`, 'end 1'],
});

gives(
  'RFC 9113 §4.2: HEADERS of 16,384 octets are taken',
  headers(
    1,
    request('GET', '/', ['x', 'y'.repeat(16_384 - block(request('GET', '/', ['x', '']))!.length - 2)]),
  ),
  { answers: ['request 1 GET /'] },
  limited({ fieldSection: 20_000 }),
);

for (const [name, type, stream] of [
  ['DATA', types.DATA, 1],
  ['HEADERS', types.HEADERS, 3],
  ['SETTINGS', types.SETTINGS, 0],
  ['PING', types.PING, 0],
  ['an unknown type', 0x77, 0],
] as const) {
  const titles = {
    DATA: 'RFC 9113 §4.2: DATA of 16,385 octets is FRAME_SIZE_ERROR',
    HEADERS: 'RFC 9113 §4.2: HEADERS of 16,385 octets are a connection error FRAME_SIZE_ERROR',
    SETTINGS: 'RFC 9113 §4.2: SETTINGS of 16,385 octets are a connection error FRAME_SIZE_ERROR',
    PING: 'RFC 9113 §4.2: PING of 16,385 octets is a connection error FRAME_SIZE_ERROR',
    'an unknown type': 'RFC 9113 §4.2: a frame of an unknown type with 16,385 octets is FRAME_SIZE_ERROR',
  };
  // The header alone is enough.
  fails(
    titles[name],
    [post(1), frame(type, 0, stream, new Uint8Array(0), 16_385)],
    'FrameTooLarge',
    'FRAME_SIZE_ERROR',
    1,
  );
}

for (const [title, octets] of [
  [
    'RFC 9113 §4.2: PRIORITY in a block of HEADERS that has no room for it is FRAME_SIZE_ERROR',
    frame(types.HEADERS, 0x25, 1, new Uint8Array(4)),
  ],
  [
    'RFC 9113 §4.2: RST_STREAM of 3 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.RST_STREAM, 0, 1, new Uint8Array(3)),
  ],
  [
    'RFC 9113 §4.2: RST_STREAM of 5 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.RST_STREAM, 0, 1, new Uint8Array(5)),
  ],
  [
    'RFC 9113 §4.2: SETTINGS of 5 octets are a connection error FRAME_SIZE_ERROR',
    frame(types.SETTINGS, 0, 0, new Uint8Array(5)),
  ],
  [
    'RFC 9113 §4.2: SETTINGS of 7 octets are a connection error FRAME_SIZE_ERROR',
    frame(types.SETTINGS, 0, 0, new Uint8Array(7)),
  ],
  [
    'RFC 9113 §4.2: PING of 7 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.PING, 0, 0, new Uint8Array(7)),
  ],
  [
    'RFC 9113 §4.2: PING of 9 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.PING, 0, 0, new Uint8Array(9)),
  ],
  [
    'RFC 9113 §4.2: GOAWAY of 7 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.GOAWAY_FRAME, 0, 0, new Uint8Array(7)),
  ],
  [
    'RFC 9113 §4.2: WINDOW_UPDATE of 3 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.WINDOW_UPDATE, 0, 0, new Uint8Array(3)),
  ],
  [
    'RFC 9113 §4.2: WINDOW_UPDATE of 5 octets is a connection error FRAME_SIZE_ERROR',
    frame(types.WINDOW_UPDATE, 0, 0, new Uint8Array(5)),
  ],
  [
    'RFC 9113 §4.2: PADDED without the length of the padding is FRAME_SIZE_ERROR',
    frame(types.HEADERS, 0x0d, 1),
  ],
] as const)
  fails(title, octets, 'FrameLength', 'FRAME_SIZE_ERROR');

const CUT = block(request());

gives(
  'RFC 9113 §4.3: a field block may be cut into CONTINUATION frames anywhere',
  [
    headers(1, CUT.subarray(0, 3), END_STREAM),
    continuation(1, CUT.subarray(3, 4), 0),
    continuation(1, CUT.subarray(4)),
  ],
  { answers: ['request 1 GET /'], sent: [ANSWER] },
);

for (const [title, between] of [
  ['RFC 9113 §4.3: DATA inside a field block is a connection error PROTOCOL_ERROR', data(1, 'x')],
  ['RFC 9113 §4.3: HEADERS inside a field block are a connection error PROTOCOL_ERROR', headers(1, CUT)],
  ['RFC 9113 §4.3: HEADERS of another stream inside a field block are a connection error', get(3)],
  ['RFC 9113 §4.3: PRIORITY inside a field block is a connection error PROTOCOL_ERROR', priority(3, 0)],
  ['RFC 9113 §4.3: RST_STREAM inside a field block is a connection error PROTOCOL_ERROR', reset(1, 8)],
  ['RFC 9113 §4.3: SETTINGS inside a field block are a connection error PROTOCOL_ERROR', settings()],
  [
    'RFC 9113 §4.3: an acknowledgement inside a field block is a connection error PROTOCOL_ERROR',
    settingsAck(),
  ],
  ['RFC 9113 §4.3: PING inside a field block is a connection error PROTOCOL_ERROR', ping()],
  [
    'RFC 9113 §4.3: WINDOW_UPDATE inside a field block is a connection error PROTOCOL_ERROR',
    windowUpdate(0, 1),
  ],
  [
    'RFC 9113 §4.3: CONTINUATION of another stream inside a field block is a connection error',
    continuation(3, CUT),
  ],
  [
    'RFC 9113 §4.3: an unknown frame inside a field block is a connection error PROTOCOL_ERROR',
    frame(0x77, 0, 1),
  ],
  [
    'RFC 9113 §4.3: a PRIORITY of a wrong length inside a field block is a connection error',
    frame(types.PRIORITY_FRAME, 0, 1, new Uint8Array(4)),
  ],
] as const)
  fails(
    title,
    [headers(1, CUT.subarray(0, 3), END_STREAM), between],
    'HeaderBlockInterrupted',
    'PROTOCOL_ERROR',
  );

fails(
  'RFC 9113 §4.3: a block that can not be decoded is a connection error COMPRESSION_ERROR',
  headers(1, Uint8Array.of(0x80)),
  'IndexZero',
  'COMPRESSION_ERROR',
);

gives(
  'RFC 9113 §4.3.1: the block of a refused request still changes the dynamic table',
  [
    // The name and the value of this malformed request are indexes in the next one.
    headers(1, join(Uint8Array.of(0x40, 1, 0x61, 1, 0x62), block(request()))),
    headers(3, join(block(request()), Uint8Array.of(0xbe))),
  ],
  { answers: ['reset - PROTOCOL_ERROR PseudoFieldLate', 'request 3 GET /'] },
);
