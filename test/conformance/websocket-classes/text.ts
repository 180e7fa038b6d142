/** Class 6: UTF-8 (RFC 3629), valid and not, at each end of each range, and cut at each octet (RFC 6455 §5.6, §8.1). */
import { CONTINUATION, frame, TEXT } from '../../websocket/frame-peer.ts';
import type { CaseClass, EchoCase } from './case-class.ts';
import { answer, dribbled, failing, part, whole } from './frames.ts';

const κ = 'κόσμε';

/** Each text is sent whole, octet by octet, and in two fragments that are cut at each place. */
function valid(name: string, content: string | readonly number[]): EchoCase[] {
  const octets = Buffer.from(content as string);
  const answered = answer(TEXT, octets);
  const one = whole(name, [frame(TEXT, octets)], answered);
  const cuts = Array.from({ length: octets.length + 1 }, (_, cut) =>
    whole(
      `${name}, in fragments of ${cut} and ${octets.length - cut}`,
      [part(TEXT, octets.subarray(0, cut)), frame(CONTINUATION, octets.subarray(cut))],
      answered,
    ),
  );
  return [one, dribbled(one), ...cuts];
}

function invalid(name: string, content: readonly number[]): EchoCase[] {
  const octets = Buffer.from(content);
  const embedded = Buffer.concat([Buffer.from(κ), octets, Buffer.from('edited')]);
  const cuts = Array.from({ length: octets.length - 1 }, (_, at) =>
    whole(`${name}, cut behind ${at + 1}`, [
      part(TEXT, octets.subarray(0, at + 1)),
      frame(CONTINUATION, octets.subarray(at + 1)),
    ]),
  );
  const alone = whole(name, [frame(TEXT, octets)]);
  return [alone, dribbled(alone), whole(`${name}, within a text`, [frame(TEXT, embedded)]), ...cuts].map(
    (one) => failing(1007, one),
  );
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const hex = (octets: readonly number[]): string => Buffer.from(octets).toString('hex');
const validAll = (points: readonly number[]): EchoCase[] =>
  points.flatMap((point) => valid(`U+${point.toString(16)}`, String.fromCodePoint(point)));
const invalidAll = (sequences: readonly (readonly number[])[]): EchoCase[] =>
  sequences.flatMap((octets) => invalid(hex(octets), octets));

/** Code points that are reserved for other uses are valid all the same. */
const NONCHARACTERS = range(0, 16).flatMap((plane) => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]);

const surrogates = [0xd800, 0xdb7f, 0xdb80, 0xdbff, 0xdc00, 0xdf80, 0xdfff].map((unit) => [
  0xe0 | (unit >> 12),
  0x80 | ((unit >> 6) & 63),
  0x80 | (unit & 63),
]);

export const TEXT_CLASSES: readonly CaseClass[] = [
  {
    number: '6.1',
    title: 'Text, empty and in empty fragments',
    means: 'comes back',
    cases: [
      ...valid('empty', ''),
      whole(
        'three empty fragments',
        [part(TEXT, ''), part(CONTINUATION, ''), frame(CONTINUATION, '')],
        answer(TEXT, ''),
      ),
    ],
  },
  {
    number: '6.2',
    title: 'Valid text, cut at each octet',
    means: 'comes back',
    cases: valid('Greek, Gothic, an emoji', `${κ}-𐍈-😀`),
  },
  {
    number: '6.3, 6.4',
    title: 'Text that becomes invalid',
    means: '1007 at the end of the message at the latest',
    cases: invalidAll([
      [0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xf4, 0x90, 0x80, 0x80],
      [0xce, 0xba, 0xf4, 0xbf, 0xbf, 0xbf],
    ]),
  },
  {
    number: '6.5 – 6.7, 6.9',
    title: 'First and last code point of each length, and of the gaps',
    means: 'comes back',
    cases: validAll([0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x10ffff]),
  },
  {
    number: '6.8, 6.10, 6.11',
    title: 'Sequences beyond U+10FFFF, of five and six octets',
    means: '1007',
    cases: invalidAll([
      [0xf4, 0x90, 0x80, 0x80],
      [0xf7, 0xbf, 0xbf, 0xbf],
      [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0xfb, 0xbf, 0xbf, 0xbf, 0xbf],
      [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
      [0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf],
    ]),
  },
  {
    number: '6.12',
    title: 'Continuation octets alone',
    means: '1007: each of the 64, and 2 to 6 of them',
    cases: invalidAll([
      ...range(0x80, 0xbf).map((octet) => [octet]),
      ...range(2, 6).map((length) => range(0x80, 0x7f + length)),
    ]),
  },
  {
    number: '6.13',
    title: 'First octets alone',
    means: '1007: each of the 62, a space behind',
    cases: invalidAll(range(0xc0, 0xfd).map((octet) => [octet, 0x20])),
  },
  {
    number: '6.14, 6.15',
    title: 'Sequences without their last octet',
    means: '1007: of each length, and several together',
    cases: invalidAll([
      ...[
        [0xc2],
        [0xdf],
        [0xe0, 0xa0],
        [0xef, 0xbf],
        [0xf0, 0x90, 0x80],
        [0xf4, 0x8f, 0xbf],
        [0xf8, 0x88, 0x80, 0x80],
      ],
      [0xc2, 0xe0, 0xa0, 0xf0, 0x90, 0x80],
    ]),
  },
  {
    number: '6.16',
    title: 'FE and FF',
    means: '1007',
    cases: invalidAll([[0xfe], [0xff], [0xfe, 0xfe, 0xff, 0xff]]),
  },
  {
    number: '6.17 – 6.19',
    title: 'Overlong forms of slash, NUL and the largest points',
    means: '1007',
    cases: invalidAll([
      ...[
        [0xc0, 0xaf],
        [0xe0, 0x80, 0xaf],
        [0xf0, 0x80, 0x80, 0xaf],
        [0xf8, 0x80, 0x80, 0x80, 0xaf],
      ],
      ...[
        [0xc1, 0xbf],
        [0xe0, 0x9f, 0xbf],
        [0xf0, 0x8f, 0xbf, 0xbf],
        [0xf8, 0x87, 0xbf, 0xbf, 0xbf],
      ],
      ...[
        [0xc0, 0x80],
        [0xe0, 0x80, 0x80],
        [0xf0, 0x80, 0x80, 0x80],
      ],
    ]),
  },
  {
    number: '6.20, 6.21',
    title: 'Surrogates, alone and in pairs',
    means: '1007',
    cases: invalidAll([
      ...surrogates,
      ...surrogates.slice(0, 4).flatMap((high) => surrogates.slice(4).map((low) => [...high, ...low])),
    ]),
  },
  {
    number: '6.22',
    title: 'Noncharacters of the 17 planes',
    means: 'come back',
    cases: validAll(NONCHARACTERS),
  },
  {
    number: '6.23',
    title: 'U+FFF9 to U+FFFD',
    means: 'come back',
    cases: validAll(range(0xfff9, 0xfffd)),
  },
];
