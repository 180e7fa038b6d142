/** Classes 1 to 5: framing, pings and pongs, reserved bits, opcodes, fragmentation (RFC 6455 §5). */
import { BINARY, CONTINUATION, frame, PING, PONG, TEXT } from '../../websocket/frame-peer.ts';
import type { CaseClass, EchoCase, ServerFrame } from './case-class.ts';

const LENGTHS = [0, 1, 125, 126, 127, 128, 65_535, 65_536];

export const answer = (opcode: number, content: string | Uint8Array): ServerFrame => ({
  opcode,
  payload: Buffer.from(content as string),
});
export const part = (opcode: number, content: string | Uint8Array): Buffer =>
  frame(opcode, content, { isFinal: false });

export const whole = (name: string, frames: readonly Uint8Array[], ...answers: ServerFrame[]): EchoCase => ({
  name,
  pieces: () => [Buffer.concat(frames)],
  answers,
});

/** The same, octet by octet. */
export const dribbled = (one: EchoCase): EchoCase => ({
  ...one,
  name: `${one.name}, octet by octet`,
  *pieces() {
    for (const piece of one.pieces()) for (const octet of piece) yield Buffer.from([octet]);
  },
});

export const failing = (code: number, one: EchoCase): EchoCase => ({ ...one, closes: code });

const bothWays = (one: EchoCase): EchoCase[] => [one, dribbled(one)];

const framing = (opcode: number): EchoCase[] =>
  LENGTHS.flatMap((length) => {
    const content = Buffer.alloc(length, '*');
    const one = whole(`${length} bytes`, [frame(opcode, content)], answer(opcode, content));
    return length > 200 ? [one] : bothWays(one);
  });

const reserved = [1, 2, 3, 4, 5, 6, 7].flatMap((bits) => [
  failing(1002, whole(`bits ${bits} in text`, [frame(TEXT, 'x', { reserved: bits })])),
  failing(
    1002,
    whole(
      `bits ${bits} behind a message and a ping`,
      [frame(TEXT, 'a'), frame(PING, 'p'), frame(BINARY, 'b', { reserved: bits })],
      answer(TEXT, 'a'),
      answer(PONG, 'p'),
    ),
  ),
  failing(1002, whole(`bits ${bits} in a ping`, [frame(PING, 'x', { reserved: bits })])),
]);

const opcodes = [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf].flatMap((opcode) => [
  failing(1002, whole(`opcode ${opcode}, empty`, [frame(opcode)])),
  failing(
    1002,
    whole(`opcode ${opcode} behind a message`, [frame(TEXT, 'a'), frame(opcode, 'x')], answer(TEXT, 'a')),
  ),
]);

const pings: EchoCase[] = [
  ...['', 'Hello', Buffer.from([0x00, 0xff, 0xfe, 0x80]), Buffer.alloc(125, 0xfe)].flatMap((content) =>
    bothWays(whole(`a ping of ${content.length} bytes`, [frame(PING, content)], answer(PONG, content))),
  ),
  failing(1002, whole('a ping of 126 bytes', [frame(PING, '*'.repeat(126))])),
  ...bothWays(whole('a pong that was not asked for', [frame(PONG, ''), frame(PING, 'x')], answer(PONG, 'x'))),
  ...bothWays(
    whole('a pong with content, and a ping', [frame(PONG, 'y'), frame(PING, 'x')], answer(PONG, 'x')),
  ),
  ...bothWays(
    whole(
      'ten pings',
      Array.from({ length: 10 }, (_, index) => frame(PING, `${index}`)),
      ...Array.from({ length: 10 }, (_, index) => answer(PONG, `${index}`)),
    ),
  ),
];

const [first, second] = ['fragment1', 'fragment2'] as const;
const together = answer(TEXT, first + second);
const fragmentation: EchoCase[] = [
  failing(1002, whole('a ping in two fragments', [part(PING, first), frame(CONTINUATION, second)])),
  failing(1002, whole('a pong in two fragments', [part(PONG, first), frame(CONTINUATION, second)])),
  ...bothWays(whole('text in two', [part(TEXT, first), frame(CONTINUATION, second)], together)),
  ...bothWays(
    whole(
      'a ping between',
      [part(TEXT, first), frame(PING, 'p'), frame(CONTINUATION, second)],
      answer(PONG, 'p'),
      together,
    ),
  ),
  ...bothWays(
    whole(
      'five fragments, pings between',
      [
        ...[part(TEXT, 'a'), part(CONTINUATION, 'b'), frame(PING, '1'), part(CONTINUATION, 'c')],
        ...[part(CONTINUATION, 'd'), frame(PING, '2'), frame(CONTINUATION, 'e')],
      ],
      answer(PONG, '1'),
      answer(PONG, '2'),
      answer(TEXT, 'abcde'),
    ),
  ),
  ...bothWays(
    whole(
      'an empty first, middle and last one',
      [part(TEXT, ''), part(CONTINUATION, 'x'), frame(CONTINUATION, '')],
      answer(TEXT, 'x'),
    ),
  ),
  ...bothWays(
    whole(
      'three that are empty',
      [part(BINARY, ''), part(CONTINUATION, ''), frame(CONTINUATION, '')],
      answer(BINARY, ''),
    ),
  ),
  ...[true, false].flatMap((isFinal) => [
    failing(
      1002,
      whole(`a continuation of nothing, final ${isFinal}`, [frame(CONTINUATION, 'x', { isFinal })]),
    ),
    failing(
      1002,
      whole(
        `a continuation behind a whole message, final ${isFinal}`,
        [frame(TEXT, 'a'), frame(CONTINUATION, 'x', { isFinal }), frame(TEXT, 'b')],
        answer(TEXT, 'a'),
      ),
    ),
  ]),
  failing(1002, whole('a new message between fragments', [part(TEXT, first), frame(TEXT, second)])),
  failing(
    1002,
    whole('a new fragmented message between fragments', [part(TEXT, first), part(BINARY, second)]),
  ),
];

export const FRAME_CLASSES: readonly CaseClass[] = [
  {
    number: '1.1',
    title: 'Framing, text',
    means: '8 lengths from 0 to 65,536, also octet by octet',
    cases: framing(TEXT),
  },
  { number: '1.2', title: 'Framing, binary', means: 'the same', cases: framing(BINARY) },
  { number: '2', title: 'Pings and pongs', means: '0 to 125 bytes come back; 126 are 1002', cases: pings },
  { number: '3', title: 'Reserved bits', means: 'each combination: 1002', cases: reserved },
  { number: '4', title: 'Opcodes', means: 'each reserved one: 1002', cases: opcodes },
  {
    number: '5',
    title: 'Fragmentation',
    means: 'messages with control frames between; each broken order: 1002',
    cases: fragmentation,
  },
];
