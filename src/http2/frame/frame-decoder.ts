/**
 * Decodes octets to frames (RFC 9113 §4). The input may be cut at any octet. The header of a frame is checked before its payload
 * is kept.
 *
 * `next` returns a frame when it is complete. DATA is different: its header comes first, then its content in the pieces in which
 * it arrives, then its end. So content is not copied, and does not wait for the rest of its frame.
 */
import { joinOctets } from '../../octets/join-octets.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import { frameFault } from './frame-rules.ts';
import * as frameTypes from './frame-types.ts';

// Named here because V8 folds only a module's own constants.
const { DATA, FRAME_HEADER_OCTETS, PADDED, PREFACE, SETTINGS } = frameTypes;

/** A frame other than DATA is complete; its payload is from `start` to `end` in `octets`. */
export const FRAME = 1;
/** A DATA frame begins. For flow control all of its `length` counts now, with padding (RFC 9113 §6.1). */
export const DATA_FRAME = 2;
/** A piece of the content of DATA: from `start` to `end` in `octets`. */
export const DATA_PIECE = 3;
/** The DATA frame is complete, with its padding. */
export const DATA_END = 4;

const IN_PREFACE = 0;
const AT_FRAME = 1;
const IN_DATA = 2;
const IN_PADDING = 3;
const STOPPED = 4;

const NO_OCTETS = new Uint8Array(0);

export class FrameDecoder {
  type = 0;
  flags = 0;
  /** The stream identifier; the reserved bit is ignored (RFC 9113 §4.1). */
  stream = 0;
  /** Octets of payload. */
  length = 0;
  /** For DATA: octets of padding and of its length. */
  padding = 0;
  octets: Uint8Array = NO_OCTETS;
  start = 0;
  end = 0;
  /** After REJECTED: the error. If it is a stream error, the frame was skipped, and decoding can continue. */
  error: Http2Error = HTTP2_ERRORS.PrefaceInvalid;

  #isJoined = false;
  #at = 0;
  #state: number;
  #prefaceAt = 0;
  #isFirst = true;
  /** Octets of content, or of padding, that have not arrived yet. */
  #remaining = 0;
  readonly #maxFrameSize: number;

  /** @param expectsPreface whether the octets are those of a client (RFC 9113 §3.4). */
  constructor(maxFrameSize: number, expectsPreface: boolean) {
    this.#maxFrameSize = maxFrameSize;
    this.#state = expectsPreface ? IN_PREFACE : AT_FRAME;
  }

  /** Takes more octets. They must not change until they have been decoded, or `keep` has been called. */
  receive(octets: Uint8Array): void {
    // A reader that takes a whole piece detaches it: then it has no length any more.
    if (this.#at >= this.octets.length) {
      this.#isJoined = false;
      this.octets = octets;
    } else {
      // Only a part of one frame waits, and the size of a frame is limited.
      this.octets = joinOctets(this.octets.subarray(this.#at), octets, this.#isJoined);
      this.#isJoined = true;
    }
    this.#at = 0;
  }

  /** Copies the octets that have not been decoded, so that the caller may reuse the memory of those it has passed. */
  keep(): void {
    if (this.#isJoined || this.#at >= this.octets.length) return;
    this.octets = joinOctets(NO_OCTETS, this.octets.subarray(this.#at), true);
    this.#isJoined = true;
    this.#at = 0;
  }

  /** FRAME, DATA_FRAME, DATA_PIECE, DATA_END, NEED_OCTETS or REJECTED. */
  next(): number {
    switch (this.#state) {
      case AT_FRAME:
        return this.#frame();
      case IN_DATA:
        return this.#data();
      case IN_PADDING:
        return this.#skipPadding();
      case IN_PREFACE:
        return this.#preface();
      default:
        return NEED_OCTETS;
    }
  }

  /** Octets received and not decoded. */
  get buffered(): number {
    return Math.max(0, this.octets.length - this.#at);
  }

  /** The preface or a frame has arrived in part. */
  get isInFrame(): boolean {
    return this.#state !== AT_FRAME || this.#at < this.octets.length;
  }

  /** Decodes nothing more. */
  stop(): void {
    this.#state = STOPPED;
    this.octets = NO_OCTETS;
    this.#at = 0;
  }

  #preface(): number {
    const { octets } = this;
    while (this.#at < octets.length && this.#prefaceAt < PREFACE.length) {
      if (octets[this.#at] !== PREFACE[this.#prefaceAt]) return this.#fail(HTTP2_ERRORS.PrefaceInvalid);
      this.#at++;
      this.#prefaceAt++;
    }
    if (this.#prefaceAt < PREFACE.length) return this.#needOctets();
    this.#state = AT_FRAME;
    return this.#frame();
  }

  #frame(): number {
    const { octets } = this;
    const at = this.#at;
    if (octets.length - at < FRAME_HEADER_OCTETS) return this.#needOctets();
    const length = (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!;
    const type = octets[at + 3]!;
    const flags = octets[at + 4]!;
    const stream =
      ((octets[at + 5]! & 0x7f) << 24) | (octets[at + 6]! << 16) | (octets[at + 7]! << 8) | octets[at + 8]!;
    this.type = type;
    this.flags = flags;
    this.stream = stream;
    this.length = length;
    // A connection error for each type: a frame that is too large is not skipped.
    if (length > this.#maxFrameSize) return this.#fail(HTTP2_ERRORS.FrameTooLarge);
    if (this.#isFirst) {
      if (type !== SETTINGS || (flags & frameTypes.ACK) !== 0)
        return this.#fail(HTTP2_ERRORS.SettingsMissing);
      this.#isFirst = false;
    }
    const fault = frameFault(type, length, stream);
    if (fault?.scope === 'connection') return this.#fail(fault);
    if (type === DATA) return this.#beginData(at + FRAME_HEADER_OCTETS);
    this.start = at + FRAME_HEADER_OCTETS;
    this.end = this.start + length;
    if (this.end > octets.length) return this.#needOctets();
    this.#at = this.end;
    if (fault === undefined) return FRAME;
    this.error = fault;
    return REJECTED;
  }

  #beginData(payload: number): number {
    this.padding = 0;
    this.#remaining = this.length;
    this.#at = payload;
    if ((this.flags & PADDED) !== 0) {
      if (this.length === 0) return this.#fail(HTTP2_ERRORS.FrameLength);
      if (payload === this.octets.length) {
        // The header is decoded again when the length of the padding arrives.
        this.#at = payload - FRAME_HEADER_OCTETS;
        return this.#needOctets();
      }
      // RFC 9113 §6.1: padding of the length of the payload or more is a connection error.
      this.padding = this.octets[payload]! + 1;
      if (this.padding > this.length) return this.#fail(HTTP2_ERRORS.PaddingTooLong);
      this.#at = payload + 1;
      this.#remaining -= this.padding;
    }
    this.#state = IN_DATA;
    return DATA_FRAME;
  }

  #data(): number {
    if (this.#remaining === 0) {
      this.#remaining = this.padding === 0 ? 0 : this.padding - 1;
      this.#state = IN_PADDING;
      return this.#skipPadding();
    }
    if (this.#at >= this.octets.length) return this.#needOctets();
    this.start = this.#at;
    this.end = Math.min(this.octets.length, this.#at + this.#remaining);
    this.#remaining -= this.end - this.start;
    this.#at = this.end;
    return DATA_PIECE;
  }

  /** Padding that is not zero is accepted; to verify it is optional (RFC 9113 §6.1). */
  #skipPadding(): number {
    const skipped = Math.min(this.#remaining, this.buffered);
    this.#at += skipped;
    this.#remaining -= skipped;
    if (this.#remaining > 0) return this.#needOctets();
    this.#state = AT_FRAME;
    return DATA_END;
  }

  /** Drops octets that have all been decoded. */
  #needOctets(): number {
    if (this.#at >= this.octets.length) {
      this.octets = NO_OCTETS;
      this.#at = 0;
    }
    return NEED_OCTETS;
  }

  #fail(error: Http2Error): number {
    this.error = error;
    this.stop();
    return REJECTED;
  }
}
