/** Reads the heads of WebSocket frames as they pass (RFC 6455 §5.2), for the observer of a client. */
import type { Duplex } from 'node:stream';

/** A frame of a WebSocket (RFC 6455 §5.2). */
export interface WebSocketFrame {
  readonly direction: 'sent' | 'received';
  /** `text`, `binary`, `continuation`, `close`, `ping` or `pong`; the number of an unknown opcode. */
  readonly type: string;
  /** Those of `FIN`, `RSV1`, `RSV2`, `RSV3` and `MASK` that are set. */
  readonly flags: readonly string[];
  /** Bytes of its payload. */
  readonly length: number;
  /** The status code and the reason of a close frame; empty for others. */
  readonly detail: string;
}

const TYPES: ReadonlyMap<number, string> = new Map([
  [0x0, 'continuation'],
  [0x1, 'text'],
  [0x2, 'binary'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
]);
const CLOSE = 0x8;
const FIRST_FLAGS = ['FIN', 'RSV1', 'RSV2', 'RSV3'];

/** One direction of a connection. */
export class WebSocketFrameWatch {
  readonly #direction: WebSocketFrame['direction'];
  readonly #onFrame: (frame: WebSocketFrame) => void;
  /** The beginning of a frame that is not complete. */
  #rest = Buffer.alloc(0);
  /** Octets of a payload that has not passed yet. */
  #remaining = 0;

  constructor(direction: WebSocketFrame['direction'], onFrame: (frame: WebSocketFrame) => void) {
    this.#direction = direction;
    this.#onFrame = onFrame;
  }

  pass(octets: Uint8Array): void {
    const passed = Math.min(this.#remaining, octets.length);
    this.#remaining -= passed;
    if (passed === octets.length) return;
    this.#rest = Buffer.concat([this.#rest, octets.subarray(passed)]);
    while (this.#readFrame()) {}
  }

  /** @returns whether there may be another. */
  #readFrame(): boolean {
    const octets = this.#rest;
    if (octets.length < 2) return false;
    const isMasked = (octets[1]! & 0x80) !== 0;
    const short = octets[1]! & 0x7f;
    const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
    const headEnd = isMasked ? lengthEnd + 4 : lengthEnd;
    if (octets.length < headEnd) return false;
    const length =
      short === 127 ? Number(octets.readBigUInt64BE(2)) : short === 126 ? octets.readUInt16BE(2) : short;
    const opcode = octets[0]! & 0xf;
    const end = headEnd + length;
    if (opcode === CLOSE && octets.length < end && length < 126) return false;
    this.#onFrame({
      direction: this.#direction,
      type: TYPES.get(opcode) ?? `opcode ${opcode}`,
      flags: [
        ...FIRST_FLAGS.filter((_, i) => (octets[0]! & (0x80 >> i)) !== 0),
        ...(isMasked ? ['MASK'] : []),
      ],
      length,
      detail:
        opcode === CLOSE ? closeText(octets.subarray(headEnd, end), octets.subarray(lengthEnd, headEnd)) : '',
    });
    this.#remaining = Math.max(0, end - octets.length);
    this.#rest = octets.subarray(Math.min(end, octets.length));
    return true;
  }
}

/** RFC 6455 §5.5.1. */
function closeText(payload: Uint8Array, mask: Uint8Array): string {
  const text = Buffer.from(mask.length === 0 ? payload : payload.map((octet, i) => octet ^ mask[i % 4]!));
  return text.length < 2 ? '' : `${text.readUInt16BE()} ${text.toString('utf8', 2)}`.trimEnd();
}

/** Shows everything that passes through the octets of a WebSocket from now on. */
export function watchFrames(
  octets: Duplex,
  received: Uint8Array,
  onFrame: (frame: WebSocketFrame) => void,
): void {
  const sent = new WebSocketFrameWatch('sent', onFrame);
  const arrived = new WebSocketFrameWatch('received', onFrame);
  const write = octets.write as (...given: unknown[]) => boolean;
  octets.write = (...given: unknown[]) => {
    const [piece] = given;
    sent.pass(typeof piece === 'string' ? Buffer.from(piece) : (piece as Uint8Array));
    return write.apply(octets, given);
  };
  arrived.pass(received);
  octets.on('data', (piece: Uint8Array) => arrived.pass(piece));
}
