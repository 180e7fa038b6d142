/** Reads the frames of an HTTP/2 connection for an observer, from the octets that pass by. It checks nothing. */
import { FRAME_HEADER_OCTETS, PREFACE } from '../../http2/frame/frame-types.ts';
import { frameDetail, frameFlagNames, frameTypeName } from '../../http2/frame/frame-words.ts';
import { uint31 } from '../../http2/frame/uint32.ts';
import type { WireFrame } from './wire-observer.ts';

/** Octets of a payload that are described. */
const MOST_DESCRIBED = 256;

export class FrameWatch {
  readonly #sent = new FrameReader('sent');
  readonly #received = new FrameReader('received');

  /** The frames that these octets complete. */
  framesOf(direction: WireFrame['direction'], octets: Uint8Array): WireFrame[] {
    return (direction === 'sent' ? this.#sent : this.#received).read(octets);
  }
}

class FrameReader {
  readonly #direction: WireFrame['direction'];
  /** The header of the current frame and the beginning of its payload. */
  readonly #kept = new Uint8Array(FRAME_HEADER_OCTETS + MOST_DESCRIBED);
  #at = 0;

  constructor(direction: WireFrame['direction']) {
    this.#direction = direction;
  }

  read(octets: Uint8Array): WireFrame[] {
    const frames: WireFrame[] = [];
    let rest = startsWithPreface(octets) ? octets.subarray(PREFACE.length) : octets;
    while (rest.length > 0) {
      const most = this.#at < FRAME_HEADER_OCTETS ? FRAME_HEADER_OCTETS - this.#at : this.#end - this.#at;
      const piece = rest.subarray(0, most);
      if (this.#at < this.#kept.length)
        this.#kept.set(piece.subarray(0, this.#kept.length - this.#at), this.#at);
      this.#at += piece.length;
      rest = rest.subarray(piece.length);
      if (this.#at < FRAME_HEADER_OCTETS || this.#at < this.#end) continue;
      frames.push(frameOf(this.#direction, this.#kept));
      this.#at = 0;
    }
    return frames;
  }

  get #end(): number {
    return FRAME_HEADER_OCTETS + lengthOf(this.#kept);
  }
}

const startsWithPreface = (octets: Uint8Array): boolean =>
  octets.length >= PREFACE.length && PREFACE.every((octet, i) => octet === octets[i]);

const lengthOf = (kept: Uint8Array): number => (kept[0]! << 16) | (kept[1]! << 8) | kept[2]!;

function frameOf(direction: WireFrame['direction'], kept: Uint8Array): WireFrame {
  const type = frameTypeName(kept[3]!);
  const length = lengthOf(kept);
  const flags = frameFlagNames(type, kept[4]!);
  const payload = kept.subarray(FRAME_HEADER_OCTETS, FRAME_HEADER_OCTETS + Math.min(length, MOST_DESCRIBED));
  return { direction, type, flags, stream: uint31(kept, 5), length, detail: frameDetail(type, payload) };
}
