/** Classes 12 and 13: permessage-deflate, by content and by parameters (RFC 7692). */
import { BINARY, CONTINUATION, frame, PING, PONG, TEXT } from '../../websocket/frame-peer.ts';
import type { CaseClass, EchoCase } from './case-class.ts';
import { deflated, RSV1 } from './compression.ts';
import { answer, failing, whole } from './frames.ts';

const PLAIN = 'permessage-deflate';
const SIZES = [16, 64, 256, 1_024, 4_096, 16_384, 65_536, 131_072];
const WINDOWS = [9, 10, 12, 15];

/** Content that compresses well, less well, and not at all: the last from a generator of the same numbers each time. */
const CONTENTS: Record<string, (size: number) => Buffer> = {
  JSON: (size) => Buffer.alloc(size, '{"id":12345,"name":"a name","tags":["x","y"],"ok":true},'),
  HTML: (size) => Buffer.alloc(size, '<li class="item"><a href="/a/path?x=1">Größe &amp; Maß</a></li>\n'),
  noise(size) {
    let state = 1;
    return Buffer.alloc(size).map(() => {
      state = (state * 48_271) % 2_147_483_647;
      return state & 0xff;
    }) as Buffer;
  },
};

const messages = (opcode: number, content: Buffer, count: number, window = 15): Buffer[] =>
  Array.from({ length: count }, () => frame(opcode, deflated(content, window), { reserved: RSV1 }));

const byContent = (name: string): EchoCase[] =>
  SIZES.map((size) => {
    const content = CONTENTS[name]!(size);
    const opcode = name === 'JSON' ? TEXT : BINARY;
    return {
      ...whole(`20 messages of ${size} bytes`, messages(opcode, content, 20)),
      answers: Array.from({ length: 20 }, () => answer(opcode, content)),
      offer: PLAIN,
    };
  });

const OFFERS: readonly string[] = [
  PLAIN,
  `${PLAIN}; server_no_context_takeover`,
  `${PLAIN}; client_no_context_takeover`,
  `${PLAIN}; server_no_context_takeover; client_no_context_takeover`,
  `${PLAIN}; client_max_window_bits`,
  ...WINDOWS.flatMap((bits) => [
    `${PLAIN}; client_max_window_bits=${bits}`,
    `${PLAIN}; server_max_window_bits=${bits}`,
    `${PLAIN}; server_max_window_bits=${bits}; client_max_window_bits=${bits}; server_no_context_takeover`,
  ]),
  `${PLAIN}; unknown, ${PLAIN}`,
  `${PLAIN}; server_max_window_bits=16, ${PLAIN}; client_max_window_bits`,
];

const byOffer: EchoCase[] = OFFERS.flatMap((offer) => {
  const bits = (side: string): number =>
    Number(new RegExp(`${side}_max_window_bits=(9|1[0-5])\\b`).exec(offer)?.[1] ?? 15);
  return [1_024, 32_768].map((size) => {
    const content = CONTENTS['JSON']!(size);
    return {
      ...whole(`"${offer}", ${size} bytes`, messages(TEXT, content, 3, bits('client'))),
      answers: Array.from({ length: 3 }, () => answer(TEXT, content)),
      offer,
      window: bits('server'),
    };
  });
});

const text = CONTENTS['JSON']!(5_000);
const octets = deflated(text);
const framed: EchoCase[] = [
  ...[1, 7, 100].map((size) => ({
    ...whole(`fragments of ${size}`, [], answer(TEXT, text)),
    *pieces(): Iterable<Uint8Array> {
      for (let at = 0; at < octets.length; at += size)
        yield frame(at === 0 ? TEXT : CONTINUATION, octets.subarray(at, at + size), {
          reserved: at === 0 ? RSV1 : 0,
          isFinal: at + size >= octets.length,
        });
    },
  })),
  whole(
    'a ping between the fragments',
    [
      frame(TEXT, octets.subarray(0, 9), { reserved: RSV1, isFinal: false }),
      frame(PING, 'p'),
      frame(CONTINUATION, octets.subarray(9)),
    ],
    answer(PONG, 'p'),
    answer(TEXT, text),
  ),
  whole(
    'compressed, plain, compressed',
    [frame(TEXT, octets, { reserved: RSV1 }), frame(TEXT, 'plain'), frame(TEXT, octets, { reserved: RSV1 })],
    answer(TEXT, text),
    answer(TEXT, 'plain'),
    answer(TEXT, text),
  ),
  whole('an empty message', [frame(TEXT, Buffer.from([0x00]), { reserved: RSV1 })], answer(TEXT, '')),
  failing(
    1002,
    whole('the bit in a continuation', [
      frame(TEXT, octets.subarray(0, 9), { reserved: RSV1, isFinal: false }),
      frame(CONTINUATION, octets.subarray(9), { reserved: RSV1 }),
    ]),
  ),
  failing(1002, whole('the bit in a ping', [frame(PING, '', { reserved: RSV1 })])),
  failing(
    1007,
    whole('octets that are no deflate', [frame(TEXT, Buffer.from([0xff, 0xff, 0xff]), { reserved: RSV1 })]),
  ),
  failing(
    1007,
    whole('text that is not UTF-8', [frame(TEXT, deflated(Buffer.from([0xce])), { reserved: RSV1 })]),
  ),
].map((one) => ({ ...one, offer: PLAIN }));

export const DEFLATE_CLASSES: readonly CaseClass[] = [
  ...Object.keys(CONTENTS).map((name, index) => ({
    number: `12.${index + 1}`,
    title: `Compression of ${name}, 16 bytes to 128 KiB`,
    means: 'comes back',
    cases: byContent(name),
  })),
  {
    number: '12.4',
    title: 'Compressed frames',
    means: 'fragments, pings and plain messages between; broken ones: 1002, 1007',
    cases: framed,
  },
  {
    number: '13',
    title: 'Parameters of compression',
    means:
      'windows of 9 to 15 bits, context takeover, several offers: what the server sends fits the window that was offered',
    cases: byOffer,
  },
];
