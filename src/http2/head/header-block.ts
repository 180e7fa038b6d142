/**
 * A field block while it arrives: HEADERS and the CONTINUATION frames that follow (RFC 9113 §4.3, §6.10). A block in one frame is
 * not copied. The fragments of other blocks are joined.
 */
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import * as frameTypes from '../frame/frame-types.ts';
import { uint31 } from '../frame/uint32.ts';
import { BLOCK_PER_SECTION, LEAST_CONTINUATION, MOST_EMPTY_CONTINUATIONS } from '../limits.ts';

const { END_HEADERS, END_STREAM, HAS_PRIORITY, PADDED } = frameTypes;

const PRIORITY_OCTETS = 5;
const LEAST_OCTETS = 1024;
const NO_OCTETS = new Uint8Array(0);

export class HeaderBlock {
  /** The stream of the block that is not complete, or 0. No other frame may arrive before its end (RFC 9113 §4.3). */
  stream = 0;
  /** The block ends its stream. */
  endsStream = false;
  /** HEADERS say that the stream depends on itself (RFC 7540 §5.3.1). */
  dependsOnItself = false;
  /** The block is from `start` to `end` in these octets. */
  octets: Uint8Array = NO_OCTETS;
  start = 0;
  end = 0;
  #continuations = 0;
  #empty = 0;
  readonly #mostOctets: number;
  readonly #mostContinuations: number;

  /** @param sectionSize octets that a field section may have. */
  constructor(sectionSize: number) {
    this.#mostOctets = sectionSize * BLOCK_PER_SECTION;
    this.#mostContinuations = Math.ceil(this.#mostOctets / LEAST_CONTINUATION);
  }

  /** HEADERS: the payload without padding and priority is the first fragment (RFC 9113 §6.2). */
  begin(
    flags: number,
    stream: number,
    octets: Uint8Array,
    frameStart: number,
    frameEnd: number,
  ): Http2Error | undefined {
    let start = frameStart;
    let padding = 0;
    if ((flags & PADDED) !== 0) {
      if (start === frameEnd) return HTTP2_ERRORS.FrameLength;
      padding = octets[start++]!;
    }
    this.dependsOnItself = false;
    if ((flags & HAS_PRIORITY) !== 0) {
      if (frameEnd - start < PRIORITY_OCTETS) return HTTP2_ERRORS.FrameLength;
      this.dependsOnItself = uint31(octets, start) === stream;
      start += PRIORITY_OCTETS;
    }
    const end = frameEnd - padding;
    if (end < start) return HTTP2_ERRORS.PaddingTooLong;
    if (end - start > this.#mostOctets) return HTTP2_ERRORS.HeaderBlockTooLarge;
    this.endsStream = (flags & END_STREAM) !== 0;
    if ((flags & END_HEADERS) !== 0) {
      this.octets = octets;
      this.start = start;
      this.end = end;
      return undefined;
    }
    this.stream = stream;
    this.#continuations = 0;
    this.#empty = 0;
    this.octets = new Uint8Array(Math.max(LEAST_OCTETS, (end - start) * 2));
    this.start = 0;
    this.end = 0;
    this.#append(octets, start, end);
    return undefined;
  }

  /** CONTINUATION: the payload is the next fragment (RFC 9113 §6.10). */
  continue(flags: number, octets: Uint8Array, start: number, end: number): Http2Error | undefined {
    const isLast = (flags & END_HEADERS) !== 0;
    if (this.stream === 0) return HTTP2_ERRORS.ContinuationUnexpected;
    if (++this.#continuations > this.#mostContinuations) return HTTP2_ERRORS.TooManyContinuations;
    if (start === end && !isLast && ++this.#empty > MOST_EMPTY_CONTINUATIONS)
      return HTTP2_ERRORS.TooManyContinuations;
    if (this.end + end - start > this.#mostOctets) return HTTP2_ERRORS.HeaderBlockTooLarge;
    this.#append(octets, start, end);
    if (isLast) this.stream = 0;
    return undefined;
  }

  /** Drops the octets of the block. */
  letGo(): void {
    this.octets = NO_OCTETS;
  }

  #append(octets: Uint8Array, start: number, end: number): void {
    const length = this.end + end - start;
    if (length > this.octets.length) {
      const larger = new Uint8Array(Math.min(length * 2, this.#mostOctets));
      larger.set(this.octets.subarray(0, this.end));
      this.octets = larger;
    }
    this.octets.set(octets.subarray(start, end), this.end);
    this.end = length;
  }
}
