/** Messages on their way out, in order: at once, or behind those that wait for their compression or for a Blob. */
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { DeflateExtension } from './codec.ts';
import { BINARY, CLOSE, PING, TEXT } from './frames/frame-decoder.ts';
import { FrameWriter } from './frames/frame-writer.ts';
import type { MadeFrame } from './frames/server-frames.ts';
import { type Message, sizeOf } from './messages.ts';
import { Turns } from './turns.ts';

/** A shorter message is not compressed: it would hardly become shorter. */
const WORTH_COMPRESSING = 1_024;

const NO_OCTETS = new Uint8Array(0);

export abstract class MessageSender extends FrameWriter {
  protected readonly deflate: DeflateExtension | undefined;
  #turns: Turns | undefined = undefined;
  #onDrained: (() => void)[] | undefined = undefined;

  constructor(octets: Duplex, deflate: DeflateExtension | undefined) {
    super(octets);
    this.deflate = deflate;
  }

  /** Messages that still wait are gone with the connection. */
  abstract readonly isOver: boolean;

  /** @internal Something was written that is to be flushed. */
  protected abstract onSent(): void;

  /** @internal A message cannot be sent. */
  protected abstract cutOff(error: unknown): void;

  /** @internal Nothing waits any more. */
  protected abstract onNothingWaits(): void;

  /** Whether messages wait. */
  protected get waits(): boolean {
    return this.#turns !== undefined;
  }

  /** Bytes that wait, and those that the connection has not taken. */
  get bufferedAmount(): number {
    return this.unsent + (this.#turns?.size ?? 0);
  }

  /** Sends a message. The WebSocket is open. */
  send(message: Message): void {
    this.#send(message);
    this.onSent();
  }

  /** Sends a frame that was made before. Each message may be compressed or not (RFC 7692 §6). */
  sendMade(frame: MadeFrame): void {
    // A frame must not overtake a message that waits.
    if (this.waits) this.#send(frame.message);
    else this.writeMade(frame.short ?? frame.octets);
    this.onSent();
  }

  /** @param data at most 125 bytes. */
  ping(data: Uint8Array): void {
    this.writeFrame(PING, data, false);
    this.onSent();
  }

  /** Fulfils when the connection takes more without buffering, or is gone. */
  drained(): Promise<void> {
    this.flush();
    if (this.isOver || !this.octets.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained ??= [];
      this.#onDrained.push(resolve);
    });
  }

  protected resolveDrained(): void {
    const waiting = this.#onDrained;
    this.#onDrained = undefined;
    for (const resolve of waiting ?? []) resolve();
  }

  #send(message: Message): void {
    const waits = this.waits || message instanceof Blob;
    if (waits || (this.deflate !== undefined && sizeOf(message) >= WORTH_COMPRESSING))
      this.#inTurn(sizeOf(message), () => this.#sendLate(message));
    else this.#write(message as string | Uint8Array);
  }

  /** Sends a close frame behind all messages. */
  protected sendClose(code: number | undefined, reason: string): void {
    const payload = closePayload(code, reason);
    if (this.waits) this.#inTurn(0, async () => this.writeFrame(CLOSE, payload, false));
    else this.writeFrame(CLOSE, payload, false);
  }

  #write(message: string | Uint8Array): void {
    if (typeof message === 'string') this.writeText(message);
    else this.writeFrame(BINARY, message, false);
  }

  async #sendLate(message: Message): Promise<void> {
    const whole = message instanceof Blob ? new Uint8Array(await message.arrayBuffer()) : message;
    if (this.deflate === undefined || sizeOf(whole) < WORTH_COMPRESSING) return this.#write(whole);
    const octets = await compressed(this.deflate, whole);
    if (octets !== undefined && !this.isOver)
      this.writeFrame(typeof whole === 'string' ? TEXT : BINARY, octets, true);
  }

  /** @param size in bytes. */
  #inTurn(size: number, act: () => Promise<void>): void {
    this.#turns ??= new Turns(() => {
      this.#turns = undefined;
      this.onNothingWaits();
    });
    this.#turns.add(size, async () => {
      if (this.isOver) return;
      try {
        await act();
      } catch (error) {
        // A Blob of a file that has changed cannot be read. What is sent must not lack a message.
        this.cutOff(error);
      }
      this.flush();
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
