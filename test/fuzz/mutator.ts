/**
 * Makes a new message from known ones. It knows only lines and the words of HTTP. The result is close enough to a message to get
 * deep into a parser, and malformed in ways that have been used against parsers.
 *
 * It reuses one buffer for all messages: a result is valid until the next call.
 */
import { Buffer } from 'node:buffer';
import { REQUEST_VOCABULARY, type Vocabulary } from './dictionary.ts';
import type { Random } from './random.ts';

const LF = 0x0a;
/** Short messages are fast; small limits replace long messages. */
export const MOST_OCTETS = 1_024;

export class Mutator {
  readonly #buffer = Buffer.alloc(MOST_OCTETS);
  readonly #random: Random;
  readonly #vocabulary: Vocabulary;
  #length = 0;

  constructor(random: Random, vocabulary = REQUEST_VOCABULARY) {
    this.#random = random;
    this.#vocabulary = vocabulary;
  }

  /** @param other a message to splice with. @returns a view on the mutator's buffer. */
  mutate(message: Uint8Array, other: Uint8Array): Buffer {
    const random = this.#random;
    this.#length = Math.min(message.length, MOST_OCTETS);
    this.#buffer.set(message.length > MOST_OCTETS ? message.subarray(0, MOST_OCTETS) : message);
    let changes = 1;
    while (changes < 8 && random.oneIn(2)) changes++;
    for (; changes > 0; changes--) this.#change(other);
    return this.#buffer.subarray(0, this.#length);
  }

  #change(other: Uint8Array): void {
    const random = this.#random;
    const length = this.#length;
    switch (random.below(18)) {
      case 0:
      case 1:
      case 2:
        return this.#insert(this.#place(), random.pick(random.pick(this.#vocabulary.tokens)));
      case 3:
      case 4: {
        const at = this.#place();
        const token = random.pick(random.pick(this.#vocabulary.tokens));
        this.#remove(at, token.length);
        return this.#insert(at, token);
      }
      case 5:
        return this.#insert(this.#lineStart(), random.pick(this.#vocabulary.lines));
      case 6: {
        // Repeats a line: two Hosts, two lengths.
        const start = this.#lineStart();
        return this.#insert(start, this.#copy(start, this.#lineEnd(start)));
      }
      case 7: {
        const start = this.#lineStart();
        return this.#remove(start, this.#lineEnd(start) - start);
      }
      case 8: {
        // Moves a line: a field line after the empty line, a chunk before its size.
        const start = this.#lineStart();
        const line = this.#copy(start, this.#lineEnd(start));
        this.#remove(start, line.length);
        return this.#insert(this.#lineStart(), line);
      }
      case 9:
        return this.#remove(random.below(length), 1 + random.below(4));
      case 10:
        if (length > 0) this.#buffer[random.below(length)] = random.next() & 0xff;
        return;
      case 11:
        if (length > 0) this.#buffer[random.below(length)]! ^= 1 << random.below(8);
        return;
      case 12: {
        const a = random.below(length);
        const b = random.below(length);
        const octet = this.#buffer[a]!;
        if (length > 0) {
          this.#buffer[a] = this.#buffer[b]!;
          this.#buffer[b] = octet;
        }
        return;
      }
      case 13: {
        // Repeats a few octets.
        const at = random.below(length);
        const piece = this.#copy(at, Math.min(length, at + 1 + random.below(8)));
        for (let times = 1 + random.below(6); times > 0; times--) this.#insert(at, piece);
        return;
      }
      case 14:
        this.#length = random.below(length + 1);
        return;
      case 15: {
        // Joins the beginning of this message and the end of the other.
        this.#length = this.#place();
        const from = random.below(other.length);
        return this.#insert(this.#length, other.subarray(from));
      }
      case 16:
        return this.#insert(random.oneIn(2) ? length : this.#place(), random.pick(this.#vocabulary.messages));
      default:
        return this.#changeDigit();
    }
  }

  /** Any place, preferably the beginning of a line or the end of a word. */
  #place(): number {
    const at = this.#random.below(this.#length + 1);
    if (this.#random.oneIn(2)) return at;
    for (let i = at; i < this.#length; i++) if (!isWordOctet(this.#buffer[i]!)) return i;
    return this.#length;
  }

  #lineStart(): number {
    let at = this.#random.below(this.#length + 1);
    while (at > 0 && this.#buffer[at - 1] !== LF) at--;
    return at;
  }

  /** After the LF. */
  #lineEnd(start: number): number {
    let at = start;
    while (at < this.#length && this.#buffer[at] !== LF) at++;
    return Math.min(at + 1, this.#length);
  }

  #insert(at: number, octets: Uint8Array): void {
    const count = Math.min(octets.length, MOST_OCTETS - this.#length);
    if (count === 0) return;
    this.#buffer.copyWithin(at + count, at, this.#length);
    for (let i = 0; i < count; i++) this.#buffer[at + i] = octets[i]!;
    this.#length += count;
  }

  #remove(at: number, count: number): void {
    const end = Math.min(at + count, this.#length);
    this.#buffer.copyWithin(at, end, this.#length);
    this.#length -= end - at;
  }

  /** `slice` of a Buffer is a view, which would change while it is inserted. */
  #copy(start: number, end: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, start, end);
  }

  /** A length that is one more, one less, or another digit. */
  #changeDigit(): void {
    const from = this.#random.below(this.#length);
    for (let i = from; i < this.#length; i++) {
      const octet = this.#buffer[i]!;
      if (octet < 0x30 || octet > 0x39) continue;
      this.#buffer[i] = 0x30 + this.#random.below(10);
      return;
    }
  }
}

function isWordOctet(octet: number): boolean {
  return (
    (octet >= 0x30 && octet <= 0x39) || (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)
  );
}
