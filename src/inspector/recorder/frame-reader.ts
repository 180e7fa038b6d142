/** Cuts the octets of one direction of an HTTP/2 connection into frames (RFC 9113 §4.1). It checks nothing. */

import * as types from '../../http2/frame/frame-types.ts';
import { END_STREAM, FRAME_HEADER_OCTETS, PREFACE } from '../../http2/frame/frame-types.ts';
import { uint31 } from '../../http2/frame/uint32.ts';
import type { HeaderTable } from './followed-table.ts';

/** Octets of the payload that are kept: of content fewer than of control frames and header blocks. */
const MOST_CONTENT = 1_024;
const MOST_OTHER = 16_384;

export interface Frame {
  readonly direction: 'received' | 'sent';
  readonly at: number;
  /** The preface of the client has none; it is shown as a frame of stream 0 (RFC 9113 §3.4). */
  readonly type: number | undefined;
  readonly stream: number;
  /** Octets of its direction that were before it. */
  readonly offset: number;
  /** The header, and the beginning of the payload. */
  readonly octets: Uint8Array;
  /** Octets of the payload that are not kept. */
  readonly omitted: number;
  /** It is the last one of the request. */
  readonly endsRequest: boolean;
  /** The dynamic table before the header block that begins here, if it could be followed. */
  table?: HeaderTable | undefined;
}

const NONE = new Uint8Array(0);

export class FrameReader {
  readonly #direction: Frame['direction'];
  readonly #onFrame: (frame: Frame) => void;
  #header = new Uint8Array(FRAME_HEADER_OCTETS);
  /** Octets of the current header and payload that have passed. */
  #at = 0;
  #length = 0;
  #payload: Uint8Array = NONE;
  /** Octets before the current frame. */
  #offset = 0;
  /** Octets of the preface that are still to come. */
  #preface: number;

  constructor(direction: Frame['direction'], onFrame: (frame: Frame) => void) {
    this.#direction = direction;
    this.#onFrame = onFrame;
    this.#preface = direction === 'received' ? PREFACE.length : 0;
  }

  read(octets: Uint8Array, at: number): void {
    let from = 0;
    if (this.#preface > 0) {
      from = Math.min(this.#preface, octets.length);
      this.#preface -= from;
      if (this.#preface === 0) this.#emit(undefined, PREFACE, 0, at);
    }
    while (from < octets.length) {
      if (this.#at < FRAME_HEADER_OCTETS) {
        const end = Math.min(octets.length, from + FRAME_HEADER_OCTETS - this.#at);
        this.#header.set(octets.subarray(from, end), this.#at);
        this.#at += end - from;
        from = end;
        if (this.#at < FRAME_HEADER_OCTETS) return;
        this.#begin();
      } else {
        const seen = this.#at - FRAME_HEADER_OCTETS;
        const end = Math.min(octets.length, from + this.#length - seen);
        const room = this.#payload.length - seen;
        if (room > 0) this.#payload.set(octets.subarray(from, Math.min(end, from + room)), seen);
        this.#at += end - from;
        from = end;
      }
      if (this.#at === FRAME_HEADER_OCTETS + this.#length) this.#end(at);
    }
  }

  #begin(): void {
    const header = this.#header;
    this.#length = (header[0]! << 16) | (header[1]! << 8) | header[2]!;
    const most = header[3] === types.DATA ? MOST_CONTENT : MOST_OTHER;
    this.#payload = this.#length === 0 ? NONE : new Uint8Array(Math.min(this.#length, most));
  }

  #end(at: number): void {
    const octets = new Uint8Array(FRAME_HEADER_OCTETS + this.#payload.length);
    octets.set(this.#header);
    octets.set(this.#payload, FRAME_HEADER_OCTETS);
    this.#emit(this.#header[3], octets, this.#length - this.#payload.length, at);
    this.#at = 0;
    this.#payload = NONE;
  }

  #emit(type: number | undefined, octets: Uint8Array, omitted: number, at: number): void {
    const isMessage = type === types.DATA || type === types.HEADERS;
    const endsRequest = this.#direction === 'received' && isMessage && (octets[4]! & END_STREAM) !== 0;
    const stream = type === undefined ? 0 : uint31(octets, 5);
    const [direction, offset] = [this.#direction, this.#offset];
    this.#offset += octets.length + omitted;
    this.#onFrame({ direction, at, type, stream, offset, octets, omitted, endsRequest });
  }
}
