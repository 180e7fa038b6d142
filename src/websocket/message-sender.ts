/** Messages on their way out, in order: at once, or behind those that wait for their compression or for a Blob. */
import { Buffer } from 'node:buffer';
import type { DeflateExtension } from './codec.ts';
import { BINARY, CLOSE, TEXT } from './frames/frame-decoder.ts';
import type { FrameWriter } from './frames/frame-writer.ts';
import type { MadeFrame } from './frames/server-frames.ts';
import { type Message, sizeOf } from './messages.ts';
import { Turns } from './turns.ts';

/** A shorter message is not compressed: it would hardly become shorter. */
const WORTH_COMPRESSING = 1_024;

const NO_OCTETS = new Uint8Array(0);

/** What the sender knows of its tunnel. */
interface SendingTunnel {
  /** Messages that still wait are gone with the connection. */
  readonly isOver: boolean;
  /** Sends what was written. */
  flush(): void;
  /** A message cannot be sent. */
  abort(error: unknown): void;
  /** Nothing waits any more. */
  onNothingWaits(): void;
}

export class MessageSender {
  readonly #tunnel: SendingTunnel;
  readonly #writer: FrameWriter;
  readonly #deflate: DeflateExtension | undefined;
  #turns: Turns | undefined;

  constructor(tunnel: SendingTunnel, writer: FrameWriter, deflate: DeflateExtension | undefined) {
    this.#tunnel = tunnel;
    this.#writer = writer;
    this.#deflate = deflate;
  }

  /** Whether messages wait. */
  get waits(): boolean {
    return this.#turns !== undefined;
  }

  /** Bytes that wait, and those that the connection has not taken. */
  get bufferedAmount(): number {
    return this.#writer.waiting + (this.#turns?.size ?? 0);
  }

  send(message: Message): void {
    const waits = this.waits || message instanceof Blob;
    if (waits || (this.#deflate !== undefined && sizeOf(message) >= WORTH_COMPRESSING))
      this.#inTurn(sizeOf(message), () => this.#sendLate(message));
    else this.#write(message as string | Uint8Array);
  }

  /** Sends a frame that was made before. Each message may be compressed or not (RFC 7692 §6). */
  sendMade(frame: MadeFrame): void {
    // A frame must not overtake a message that waits.
    if (this.waits) this.send(frame.message);
    else this.#writer.made(frame.short ?? frame.octets);
  }

  /** Sends a close frame behind all messages. */
  close(code: number | undefined, reason: string): void {
    const payload = closePayload(code, reason);
    if (this.waits) this.#inTurn(0, async () => this.#writer.frame(CLOSE, payload, false));
    else this.#writer.frame(CLOSE, payload, false);
  }

  #write(message: string | Uint8Array): void {
    if (typeof message === 'string') this.#writer.text(message);
    else this.#writer.frame(BINARY, message, false);
  }

  async #sendLate(message: Message): Promise<void> {
    const whole = message instanceof Blob ? new Uint8Array(await message.arrayBuffer()) : message;
    if (this.#deflate === undefined || sizeOf(whole) < WORTH_COMPRESSING) return this.#write(whole);
    const octets = await compressed(this.#deflate, whole);
    if (octets !== undefined && !this.#tunnel.isOver)
      this.#writer.frame(typeof whole === 'string' ? TEXT : BINARY, octets, true);
  }

  /** @param size in bytes. */
  #inTurn(size: number, act: () => Promise<void>): void {
    this.#turns ??= new Turns(() => {
      this.#turns = undefined;
      this.#tunnel.onNothingWaits();
    });
    this.#turns.add(size, async () => {
      if (this.#tunnel.isOver) return;
      try {
        await act();
      } catch (error) {
        // A Blob of a file that has changed cannot be read. What is sent must not lack a message.
        this.#tunnel.abort(error);
      }
      this.#tunnel.flush();
    });
  }
}

/** `undefined` if the connection has ended meanwhile. */
function compressed(
  deflate: DeflateExtension,
  message: string | Uint8Array,
): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    deflate.compress(message, true, (error, octets) => resolve(error ? undefined : octets));
  });
}

function closePayload(code: number | undefined, reason: string): Uint8Array {
  if (code === undefined) return NO_OCTETS;
  const payload = Buffer.from(`  ${reason}`);
  payload.writeUInt16BE(code);
  return payload;
}
