/** Classes 9 and 10: large messages, many fragments, many messages, pieces of TCP (RFC 6455 §5.4, §10.4). */
import { BINARY, CONTINUATION, frame, TEXT } from '../../websocket/frame-peer.ts';
import type { CaseClass, EchoCase } from './case-class.ts';
import { answer, failing, whole } from './frames.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const MOST_FRAGMENTS = 16 * KIB;
/** What the server of these cases takes. */
export const LARGEST_MESSAGE = 16 * MIB;

const contentOf = (size: number): Buffer => Buffer.alloc(size, 'BAsd7&jh23 ');

const sizes = (opcode: number): EchoCase[] =>
  [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB].map((size) => {
    // Made when it is needed: they would be a lot together.
    const content = contentOf(size);
    return {
      ...whole(`${size / KIB} KiB`, [], answer(opcode, content)),
      pieces: () => [frame(opcode, content)],
    };
  });

function* fragmentsOf(opcode: number, content: Buffer, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < content.length; at += size) {
    const isFinal = at + size >= content.length;
    yield frame(at === 0 ? opcode : CONTINUATION, content.subarray(at, at + size), { isFinal });
  }
}

const fragmented = (opcode: number): EchoCase[] => {
  const content = contentOf(4 * MIB);
  return [64, 256, KIB, 4 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB].map((size) => {
    const one = {
      ...whole(`4 MiB in fragments of ${size}`, [], answer(opcode, content)),
      pieces: () => [Buffer.concat([...fragmentsOf(opcode, content, size)])],
    };
    return content.length / size > MOST_FRAGMENTS ? failing(1008, { ...one, answers: [] }) : one;
  });
};

const chopped = (opcode: number): EchoCase[] =>
  [64, 128, 256, 512, KIB, 2 * KIB].map((size) => {
    const content = contentOf(256 * KIB);
    return {
      ...whole(`256 KiB in pieces of ${size}`, [], answer(opcode, content)),
      *pieces() {
        const octets = frame(opcode, content);
        for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
      },
    };
  });

const many = (opcode: number): EchoCase[] =>
  [0, 16, 64, 256, KIB, 4 * KIB, 16 * KIB].map((size) => {
    const one = frame(opcode, contentOf(size));
    const answered = answer(opcode, contentOf(size));
    return whole(
      `1,000 messages of ${size} bytes`,
      Array.from({ length: 1_000 }, () => one),
      ...Array.from({ length: 1_000 }, () => answered),
    );
  });

const automatic: EchoCase = {
  ...whole('65,536 bytes in fragments of 1,300', [], answer(TEXT, contentOf(65_536))),
  pieces: () => fragmentsOf(TEXT, contentOf(65_536), 1_300),
};

export const SIZE_CLASSES: readonly CaseClass[] = [
  { number: '9.1', title: 'Text of 64 KiB to 16 MiB', means: 'comes back', cases: sizes(TEXT) },
  { number: '9.2', title: 'Binary of 64 KiB to 16 MiB', means: 'comes back', cases: sizes(BINARY) },
  {
    number: '9.3',
    title: '4 MiB of text in fragments of 64 bytes to 4 MiB',
    means: 'comes back; more than 16,384 fragments are 1008, a bound of Serval',
    cases: fragmented(TEXT),
  },
  { number: '9.4', title: 'The same, binary', means: 'the same', cases: fragmented(BINARY) },
  {
    number: '9.5',
    title: 'Text in pieces of TCP of 64 bytes to 2 KiB',
    means: 'comes back',
    cases: chopped(TEXT),
  },
  { number: '9.6', title: 'The same, binary', means: 'comes back', cases: chopped(BINARY) },
  { number: '9.7', title: '1,000 texts of 0 to 16 KiB', means: 'come back in order', cases: many(TEXT) },
  { number: '9.8', title: 'The same, binary', means: 'come back in order', cases: many(BINARY) },
  { number: '10', title: 'Fragments made by a library', means: 'comes back', cases: [automatic] },
];
