/**
 * Octets to frames, and frames to messages (RFC 6455 §5). Whole frames are read where they arrived; what is incomplete is kept. Between
 * messages it holds nothing, so that all WebSockets share some decoders: one that is idle has none.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import { CollectedOctets } from '../../fetch/content/collected-octets.ts';
import { nativeLatin1 } from '../../io/latin1.ts';
import { kept } from '../../io/shared-reading.ts';
import { applyMask } from './masking.ts';

/** Opcodes (RFC 6455 §5.2). */
export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;
/** Bits of the octet that has the opcode, and of the one with the length. */
export const FINAL = 0x80;
export const RSV1 = 0x40;
export const MASKED = 0x80;

/** A message in more fragments costs more than its octets. */
export const MOST_FRAGMENTS = 16 * 1024;

/** Status codes of RFC 6455 §7.4.1. */
export const PROTOCOL_ERROR = 1002;
export const NO_CODE = 1005;
export const NOT_UTF8 = 1007;
const TOO_MANY_FRAGMENTS = 1008;
export const TOO_BIG = 1009;

/** What becomes of the frames, and which of them are right. */
export interface FrameSink {
  /** RFC 6455 §5.1: frames of a client are masked, those of a server are not. */
  readonly areMasked: boolean;
  readonly maxMessageSize: number;
  readonly mayBeCompressed: boolean;
  /** Nothing more may be decoded for now. */
  readonly isBusy: boolean;
  onText(text: string): void;
  /** @param payload of the whole message, to be copied if it is kept. */
  onBinary(payload: Buffer): void;
  /** @param payload as `onBinary` has it. */
  onCompressed(payload: Buffer, isText: boolean): void;
  /** @param payload to be copied if it is kept. */
  onPing(payload: Buffer): void;
  onPong(payload: Buffer): void;
  /** @param code 1005 without one. */
  onCloseFrame(code: number, reason: string): void;
  /** The peer has broken a rule. Nothing more is decoded. */
  onBroken(code: number, why: string): void;
}

const RSV2_RSV3 = 0x30;

/** Codes that may be in a close frame (RFC 6455 §7.4). */
const isCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) ||
  (code >= 3000 && code <= 4999);

/** Decoders of sinks that have nothing to decode now. Few decode at the same time: those whose listeners make others decode. */
const unused: FrameDecoder[] = [];
const MOST_UNUSED = 8;

const NOBODY: FrameSink = {
  ...{ isBusy: true, areMasked: true, maxMessageSize: 0, mayBeCompressed: false },
  ...{
    onText() {},
    onBinary() {},
    onCompressed() {},
    onPing() {},
    onPong() {},
    onCloseFrame() {},
    onBroken() {},
  },
};

export class FrameDecoder {
  #sink: FrameSink;
  /** Octets that have arrived and are not decoded yet. */
  #rest: Uint8Array | undefined;
  /** An incomplete frame in pieces, and how many octets it needs to go on. */
  #gathered: CollectedOctets | undefined;
  #gatheredLength = 0;
  #needed = 0;
  /** The fragments so far. */
  #fragments: CollectedOctets | undefined;
  #fragmentCount = 0;
  #messageLength = 0;
  #opcode = CONTINUATION;
  #isCompressed = false;
  #hasEnded = false;

  private constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** A decoder that has nothing yet. */
  static for(sink: FrameSink): FrameDecoder {
    const decoder = unused.pop();
    if (decoder === undefined) return new FrameDecoder(sink);
    decoder.#sink = sink;
    return decoder;
  }

  /** Gives the decoder up if it holds nothing. @returns whether it did: it may decode for another sink then. */
  leave(): boolean {
    const isEmpty =
      !this.#hasEnded &&
      this.#rest === undefined &&
      this.#gathered === undefined &&
      this.#opcode === CONTINUATION;
    if (isEmpty) {
      this.#sink = NOBODY;
      if (unused.length < MOST_UNUSED) unused.push(this);
    }
    return isEmpty;
  }

  /** @param octets may be changed: masks are taken off in place. */
  receive(octets: Uint8Array): void {
    if (this.#hasEnded) return;
    if (this.#rest !== undefined) {
      this.#rest = Buffer.concat([this.#rest, octets]);
      if (!this.#sink.isBusy) this.resume();
      return;
    }
    if (this.#gathered === undefined) return this.#decode(octets);
    this.#gathered.add(octets);
    this.#gatheredLength += octets.length;
    if (this.#gatheredLength < this.#needed) return;
    const whole = this.#gathered.join();
    this.#gathered = undefined;
    this.#decode(whole);
  }

  /** Goes on when the sink is not busy any more. */
  resume(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined) this.#decode(rest);
  }

  /** Nothing counts any more. */
  end(): void {
    this.#hasEnded = true;
    this.#rest = undefined;
    this.#gathered = undefined;
    this.#fragments = undefined;
  }

  #decode(octets: Uint8Array): void {
    let at = 0;
    while (at < octets.length && !this.#hasEnded) {
      if (this.#sink.isBusy) {
        this.#rest = kept(octets.subarray(at));
        return;
      }
      const next = this.#frame(octets, at);
      if (next < 0) {
        if (this.#hasEnded) return;
        this.#gathered = new CollectedOctets();
        this.#gathered.add(octets.subarray(at));
        this.#gatheredLength = octets.length - at;
        return;
      }
      at = next;
    }
  }

  /** @returns the offset behind the frame; negative if it is incomplete, or broken. */
  #frame(octets: Uint8Array, at: number): number {
    const available = octets.length - at;
    if (available < 2) return this.#needs(2);
    const first = octets[at]!;
    const second = octets[at + 1]!;
    const opcode = first & 0x0f;
    const isMasked = (second & MASKED) !== 0;
    const why = this.#whyBroken(first, second);
    if (why !== undefined) return this.#break(PROTOCOL_ERROR, why);
    let length = second & 0x7f;
    let head = 2;
    if (length === 126) {
      if (available < 4) return this.#needs(4);
      length = uint16(octets, at + 2);
      head = 4;
      if (length < 126)
        return this.#break(PROTOCOL_ERROR, 'a length in more octets than it needs (RFC 6455 §5.2)');
    } else if (length === 127) {
      if (available < 10) return this.#needs(10);
      length = uint32(octets, at + 2) * 2 ** 32 + uint32(octets, at + 6);
      head = 10;
      if (length < 65_536)
        return this.#break(PROTOCOL_ERROR, 'a length in more octets than it needs (RFC 6455 §5.2)');
    }
    const isControl = opcode >= CLOSE;
    if (!isControl && this.#messageLength + length > this.#sink.maxMessageSize)
      return this.#break(TOO_BIG, 'a message beyond maxMessageSize (RFC 6455 §7.4.1)');
    if (isMasked) head += 4;
    const end = at + head + length;
    if (octets.length < end) return this.#needs(head + length);
    const begin = at + head;
    const bits = isMasked ? applyMask(octets, begin, end, octets, begin - 4) : 0x80;
    // Most messages are short and ASCII: they need no view, and are UTF-8.
    if (first === (FINAL | TEXT) && bits < 0x80) {
      this.#sink.onText(nativeLatin1(octets, begin, end));
      return end;
    }
    const payload = Buffer.from(octets.buffer, octets.byteOffset + begin, length);
    if (isControl) this.#control(opcode, payload);
    else this.#data(opcode, payload, (first & FINAL) !== 0, (first & RSV1) !== 0);
    return end;
  }

  #needs(octets: number): number {
    this.#needed = octets;
    return -1;
  }

  #break(code: number, why: string): number {
    this.end();
    this.#sink.onBroken(code, why);
    return -1;
  }

  /** What the first two octets of a frame tell. */
  #whyBroken(first: number, second: number): string | undefined {
    const opcode = first & 0x0f;
    if ((first & RSV2_RSV3) !== 0) return 'reserved bits (RFC 6455 §5.2)';
    if ((first & RSV1) !== 0 && !(this.#sink.mayBeCompressed && (opcode === TEXT || opcode === BINARY)))
      return 'a reserved bit, RSV1 (RFC 6455 §5.2, RFC 7692 §6)';
    if (((second & MASKED) !== 0) !== this.#sink.areMasked)
      return this.#sink.areMasked
        ? 'a frame without a mask (RFC 6455 §5.1)'
        : 'a masked frame (RFC 6455 §5.1)';
    if (opcode >= CLOSE) {
      if (opcode > PONG) return `the reserved opcode ${opcode} (RFC 6455 §5.2)`;
      if ((first & FINAL) === 0) return 'a fragmented control frame (RFC 6455 §5.5)';
      return (second & 0x7f) > 125 ? 'a control frame of more than 125 octets (RFC 6455 §5.5)' : undefined;
    }
    if (opcode > BINARY) return `the reserved opcode ${opcode} (RFC 6455 §5.2)`;
    const isWithin = this.#opcode !== CONTINUATION;
    if (opcode === CONTINUATION) return isWithin ? undefined : 'a continuation of nothing (RFC 6455 §5.4)';
    return isWithin ? 'a new message before the last one has ended (RFC 6455 §5.4)' : undefined;
  }

  #data(opcode: number, payload: Buffer, isFinal: boolean, isCompressed: boolean): void {
    if (isFinal && opcode !== CONTINUATION) return this.#message(payload, opcode, isCompressed);
    if (opcode !== CONTINUATION) {
      this.#opcode = opcode;
      this.#isCompressed = isCompressed;
      this.#fragments = new CollectedOctets();
    }
    if (++this.#fragmentCount > MOST_FRAGMENTS) {
      this.#break(TOO_MANY_FRAGMENTS, `a message in more than ${MOST_FRAGMENTS} fragments`);
      return;
    }
    this.#messageLength += payload.length;
    if (payload.length > 0) this.#fragments!.add(ownedIfSmall(payload));
    if (!isFinal) return;
    const whole = this.#messageLength === 0 ? payload : asBuffer(this.#fragments!.join());
    const begun = this.#opcode;
    this.#fragments = undefined;
    this.#fragmentCount = 0;
    this.#messageLength = 0;
    this.#opcode = CONTINUATION;
    this.#message(whole, begun, this.#isCompressed);
  }

  #message(payload: Buffer, opcode: number, isCompressed: boolean): void {
    const isText = opcode === TEXT;
    if (isCompressed) this.#sink.onCompressed(payload, isText);
    else if (!isText) this.#sink.onBinary(payload);
    else if (isUtf8(payload)) this.#sink.onText(payload.toString());
    else this.#break(NOT_UTF8, 'text that is not UTF-8 (RFC 6455 §8.1)');
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === PING) return this.#sink.onPing(payload);
    if (opcode === PONG) return this.#sink.onPong(payload);
    if (payload.length === 1)
      return void this.#break(PROTOCOL_ERROR, 'a close of one octet (RFC 6455 §5.5.1)');
    const code = payload.length === 0 ? NO_CODE : payload.readUInt16BE(0);
    if (code !== NO_CODE && !isCode(code))
      return void this.#break(PROTOCOL_ERROR, `the code ${code}, which may not be sent (RFC 6455 §7.4)`);
    if (payload.length > 0 && code === NO_CODE)
      return void this.#break(PROTOCOL_ERROR, 'the code 1005, which may not be sent (RFC 6455 §7.4.1)');
    const reason = payload.subarray(2);
    if (!isUtf8(reason)) return void this.#break(NOT_UTF8, 'a reason that is not UTF-8 (RFC 6455 §8.1)');
    this.end();
    this.#sink.onCloseFrame(code, reason.toString());
  }
}

const uint16 = (octets: Uint8Array, at: number): number => (octets[at]! << 8) | octets[at + 1]!;
const uint32 = (octets: Uint8Array, at: number): number =>
  uint16(octets, at) * 65_536 + uint16(octets, at + 2);

const asBuffer = (octets: Uint8Array): Buffer =>
  octets instanceof Buffer ? octets : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);

/** A small fragment would keep all that arrived with it. */
const SMALL = 4 * 1024;
const ownedIfSmall = (payload: Buffer): Buffer =>
  payload.length < SMALL && payload.length < payload.buffer.byteLength ? Buffer.from(payload) : payload;
