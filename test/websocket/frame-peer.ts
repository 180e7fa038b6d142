/** One end of a WebSocket in octets: frames are made and read here, so that a test can break any rule. */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';

export const CONTINUATION = 0x0;
export const TEXT = 0x1;
export const BINARY = 0x2;
export const CLOSE = 0x8;
export const PING = 0x9;
export const PONG = 0xa;

export interface Frame {
  readonly isFinal: boolean;
  /** The three reserved bits. */
  readonly reserved: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  /** Without its mask. */
  readonly payload: Buffer;
}

export interface FrameShape {
  readonly isFinal?: boolean;
  readonly reserved?: number;
  /** A client masks all frames (RFC 6455 §5.1). Default true. */
  readonly isMasked?: boolean;
  /** Writes the length in 2 or 8 octets although fewer would do. */
  readonly lengthOctets?: 2 | 8;
  /** The length that the frame claims, instead of the payload's. */
  readonly claims?: number;
}

export function frame(opcode: number, payload: string | Uint8Array = '', shape: FrameShape = {}): Buffer {
  const { isFinal = true, reserved = 0, isMasked = true, lengthOctets } = shape;
  const content = Buffer.from(payload as string);
  const length = shape.claims ?? content.length;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const maskBit = isMasked ? 0x80 : 0;
  let head: Buffer;
  if (lengthOctets === 8 || length > 0xffff) {
    head = Buffer.alloc(10);
    head.writeBigUInt64BE(BigInt(length), 2);
    head[1] = maskBit | 127;
  } else if (lengthOctets === 2 || length > 125) {
    head = Buffer.from([0, maskBit | 126, length >> 8, length & 0xff]);
  } else {
    head = Buffer.from([0, maskBit | length]);
  }
  head[0] = first;
  if (!isMasked) return Buffer.concat([head, content]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, content.map((octet, index) => octet ^ mask[index % 4]!)]);
}

export function closeFrame(code?: number, reason: string | Uint8Array = ''): Buffer {
  if (code === undefined) return frame(CLOSE);
  return frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason as string)]));
}

/** The status code of a close frame; 1005 without one. */
export const codeOf = ({ payload }: Frame): number => (payload.length < 2 ? 1005 : payload.readUInt16BE());

export class FramePeer {
  readonly octets: Duplex;
  /** Fulfils when the other end has ended its side, or the connection is gone. */
  readonly ended: Promise<void>;
  #received = Buffer.alloc(0);
  #hasEnded = false;
  #wake = (): void => {};

  constructor(octets: Duplex) {
    this.octets = octets;
    octets.on('data', (piece: Buffer) => {
      this.#received = Buffer.concat([this.#received, piece]);
      this.#wake();
    });
    octets.on('error', () => {});
    octets.resume();
    this.ended = new Promise<void>((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      octets.once('end', end);
      octets.once('close', end);
    });
  }

  send(...frames: readonly Uint8Array[]): void {
    this.octets.write(Buffer.concat(frames));
  }

  /** The next frame of the other end; `undefined` when there is none any more. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const read = this.#read();
      if (read !== undefined || this.#hasEnded) return read;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #read(): Frame | undefined {
    const octets = this.#received;
    if (octets.length < 2) return undefined;
    let length = octets[1]! & 0x7f;
    let at = 2;
    if (length === 126) {
      if (octets.length < 4) return undefined;
      length = octets.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (octets.length < 10) return undefined;
      length = Number(octets.readBigUInt64BE(2));
      at = 10;
    }
    const isMasked = (octets[1]! & 0x80) !== 0;
    const mask = octets.subarray(at, isMasked ? at + 4 : at);
    at += mask.length;
    if (octets.length < at + length) return undefined;
    this.#received = octets.subarray(at + length);
    const first = octets[0]!;
    const payload = octets.subarray(at, at + length);
    return {
      isFinal: (first & 0x80) !== 0,
      reserved: (first >> 4) & 7,
      opcode: first & 0xf,
      isMasked,
      payload: isMasked ? Buffer.from(payload.map((octet, index) => octet ^ mask[index % 4]!)) : payload,
    };
  }
}

/** The fields of a handshake. The key is the one of RFC 6455 §1.3. */
export const HANDSHAKE = {
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
} as const;
