/** The client's end of a WebSocket: it writes frames by hand, and names those that come (RFC 6455 §5.2). */
import { randomBytes } from 'node:crypto';
import * as frames from '../../../websocket/frames/frame-decoder.ts';
import type { PartLine } from '../../messages.ts';
import { lineOf, partOf, type Words } from '../../wording/part-lines.ts';
import type { Entry, Transcript } from '../transcript.ts';
import type { Link } from './link.ts';
import type { Shown } from './shown.ts';

const { CLOSE, FINAL, MASKED, NO_CODE, TEXT } = frames;
const OPCODES: Readonly<Record<number, string>> = {
  ...{ [frames.CONTINUATION]: 'continuation', [TEXT]: 'text', [frames.BINARY]: 'binary' },
  ...{ [CLOSE]: 'close', [frames.PING]: 'ping', [frames.PONG]: 'pong' },
};

const FIRST: Words = {
  name: 'FIN and opcode',
  note: 'Whether it is the last frame of a message, and what kind of frame it is.',
  source: 'RFC 6455 §5.2',
};
const LENGTH: Words = {
  name: 'MASK and payload length',
  note: 'Octets of the payload. The highest bit says whether they are masked.',
  source: 'RFC 6455 §5.2',
};
const MASK: Words = {
  name: 'masking-key',
  note: 'Four random octets that are combined with the payload. Only clients mask.',
  source: 'RFC 6455 §5.3',
};
const PAYLOAD: Words = { name: 'payload', note: 'The message, or a close code.', source: 'RFC 6455 §5.2' };

export class WebSocketEnd {
  /** Whether the first message that came is the client's own. */
  isEcho = false;
  messageAt: number | undefined;
  closeCode: number | undefined;
  /** The first message has come. */
  readonly message: Promise<void>;
  /** A close frame has come. */
  readonly closed: Promise<void>;
  #onMessage!: () => void;
  #onClosed!: () => void;
  readonly #link: Link;
  readonly #transcript: Transcript;
  readonly #shown: Shown;
  #rest: Buffer = Buffer.alloc(0);
  #entry: Entry | undefined;
  #own: string | undefined;

  constructor(link: Link, transcript: Transcript, shown: Shown) {
    this.#link = link;
    this.#transcript = transcript;
    this.#shown = shown;
    this.message = new Promise((resolve) => {
      this.#onMessage = resolve;
    });
    this.closed = new Promise((resolve) => {
      this.#onClosed = resolve;
    });
  }

  /** Sends a message of at most 125 ASCII characters. */
  text(message: string): void {
    this.#own = message;
    this.#send(TEXT, Buffer.from(message), message);
  }

  close(code: number): void {
    this.#send(CLOSE, Buffer.from([code >> 8, code & 0xff]), `close code ${code}`);
  }

  #send(opcode: number, payload: Buffer, meaning: string): void {
    const mask = randomBytes(4);
    const masked = payload.map((octet, i) => octet ^ mask[i & 3]!);
    const octets = Buffer.concat([Buffer.from([FINAL | opcode, MASKED | payload.length]), mask, masked]);
    this.#link.write(octets, [lineFor(octets, 6, meaning)]);
  }

  /** @param entry to which the octets belong, if they are in one already. */
  receive(octets: Buffer, entry: Entry | undefined): void {
    const { number } = this.#link;
    const own = entry ?? this.#transcript.octets(number, 'server', octets.length, this.#entry);
    this.#rest = Buffer.concat([this.#rest, octets]);
    for (let length = this.#frameLength(); length > 0; length = this.#frameLength()) {
      own.add(this.#onFrame(this.#rest.subarray(0, length)));
      this.#rest = this.#rest.subarray(length);
    }
    this.#entry = this.#rest.length > 0 ? own : undefined;
  }

  /** 0 as long as it is incomplete. */
  #frameLength(): number {
    const rest = this.#rest;
    if (rest.length < 2) return 0;
    const head = headLength(rest);
    if (rest.length < head) return 0;
    const short = rest[1]! & 0x7f;
    const length =
      short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short;
    return rest.length < head + length ? 0 : head + length;
  }

  #onFrame(octets: Buffer): PartLine {
    const head = headLength(octets);
    const opcode = octets[0]! & 0x0f;
    const payload = octets.subarray(head);
    if (opcode === CLOSE) {
      this.closeCode = payload.length < 2 ? NO_CODE : payload.readUInt16BE(0);
      this.#onClosed();
      return lineFor(octets, head, `close code ${this.closeCode}`);
    }
    const text = payload.toString('utf8');
    if (opcode < CLOSE && this.messageAt === undefined) {
      this.messageAt = this.#transcript.now();
      this.isEcho = text === this.#own;
      this.#onMessage();
    }
    // What the client has sent itself is no secret.
    const isShown = this.#shown.bodies || text === this.#own;
    return lineFor(octets, head, isShown ? text.slice(0, 200) : undefined);
  }
}

const headLength = (octets: Buffer): number => {
  const short = octets[1]! & 0x7f;
  return (short === 126 ? 4 : short === 127 ? 10 : 2) + ((octets[1]! & MASKED) === 0 ? 0 : 4);
};

/** @param meaning of the payload; `undefined` hides it. */
function lineFor(octets: Buffer, head: number, meaning: string | undefined): PartLine {
  const text = octets.toString('latin1');
  const isMasked = (octets[1]! & MASKED) !== 0;
  const kind = OPCODES[octets[0]! & 0x0f] ?? 'unknown';
  const lengthEnd = isMasked ? head - 4 : head;
  const first = (octets[0]! & FINAL) === 0 ? kind : `${kind}, FIN`;
  const length = `${isMasked ? 'masked, ' : ''}${octets.length - head} octets`;
  const payload = partOf('content', PAYLOAD, text.slice(head), meaning === undefined);
  return lineOf({ ...PAYLOAD, name: `WebSocket ${kind} frame` }, [
    { ...partOf('method', FIRST, text.slice(0, 1)), meaning: first },
    { ...partOf('chunk-size', LENGTH, text.slice(1, lengthEnd)), meaning: length },
    ...(isMasked ? [{ ...partOf('http-version', MASK, text.slice(lengthEnd, head)), meaning: 'mask' }] : []),
    ...(head === octets.length ? [] : [meaning === undefined ? payload : { ...payload, meaning }]),
  ]);
}
