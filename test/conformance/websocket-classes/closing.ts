/** Class 7: the closing handshake (RFC 6455 §5.5.1, §7). */
import { CLOSE, CONTINUATION, closeFrame, frame, PING, TEXT } from '../../websocket/frame-peer.ts';
import type { CaseClass, EchoCase } from './case-class.ts';
import { answer, dribbled, failing, part, whole } from './frames.ts';

/** A close that is answered with its own code: 1005 stands for none. */
const answered = (name: string, code: number, ...frames: Uint8Array[]): EchoCase =>
  failing(code, whole(name, frames));

const VALID = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const INVALID = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

export const CLOSING_CLASSES: readonly CaseClass[] = [
  {
    number: '7.1',
    title: 'Around a close',
    means: 'one close comes back; nothing behind it counts, complete or not',
    cases: [
      failing(1000, whole('a message before', [frame(TEXT, 'a'), closeFrame(1000)], answer(TEXT, 'a'))),
      answered('two closes', 1000, closeFrame(1000), closeFrame(1000)),
      answered('a ping behind', 1000, closeFrame(1000), frame(PING, 'x')),
      answered('a message behind', 1000, closeFrame(1000), frame(TEXT, 'x')),
      answered('a broken frame behind', 1000, closeFrame(1000), frame(0xf, 'x', { reserved: 7 })),
      answered('within fragments', 1000, part(TEXT, 'a'), closeFrame(1000), frame(CONTINUATION, 'b')),
      answered('256 KiB behind', 1000, closeFrame(1000), frame(TEXT, 'x'.repeat(256 * 1024))),
    ],
  },
  {
    number: '7.3',
    title: 'Length of a close',
    means: '0 and 2 to 125 bytes are answered; 1 and 126 are 1002',
    cases: [
      answered('empty', 1005, closeFrame()),
      dribbled(answered('empty', 1005, closeFrame())),
      answered('one byte', 1002, frame(CLOSE, 'x')),
      answered('two bytes', 1000, closeFrame(1000)),
      answered('with a reason', 1000, closeFrame(1000, 'Hello')),
      dribbled(answered('with a reason', 1000, closeFrame(1000, 'Hello'))),
      answered('a reason of 123 bytes', 1000, closeFrame(1000, '*'.repeat(123))),
      answered('a reason of 124 bytes', 1002, closeFrame(1000, '*'.repeat(124))),
    ],
  },
  {
    number: '7.5',
    title: 'A reason that is not UTF-8',
    means: '1007',
    cases: [
      answered('a lone continuation', 1007, closeFrame(1000, Buffer.from([0x80]))),
      answered('beyond U+10FFFF', 1007, closeFrame(1000, Buffer.from([0xce, 0xba, 0xf4, 0x90, 0x80, 0x80]))),
      answered('a character that is not complete', 1007, closeFrame(1000, Buffer.from([0xe2, 0x82]))),
    ],
  },
  {
    number: '7.7',
    title: 'Valid codes',
    means: 'answered with the same code',
    cases: VALID.flatMap((code) => [
      answered(`${code}`, code, closeFrame(code)),
      answered(`${code} and a reason`, code, closeFrame(code, 'why')),
    ]),
  },
  {
    number: '7.9, 7.13',
    title: 'Codes that may not be sent',
    means: '1002',
    cases: INVALID.flatMap((code) => [
      answered(`${code}`, 1002, closeFrame(code)),
      answered(`${code} and a reason`, 1002, closeFrame(code, 'why')),
    ]),
  },
];
