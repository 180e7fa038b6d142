/** The standard interface of a WebSocket (WebSockets Standard, "The WebSocket interface") on a tunnel, for both ends. */
import { Buffer } from 'node:buffer';
import { toArrayBuffer } from '../fetch/body-conversions.ts';
import type { DeflateExtension } from './codec.ts';
import { EventAttributes } from './events/event-attributes.ts';
import { closeEvent, errorEvent, messageEvent } from './events/light-events.ts';
import type { FrameListener } from './frame-listener.ts';
import { FrameTunnel, NO_CLOSE } from './frame-tunnel.ts';
import { type MessageStreams, messageStreams } from './message-streams.ts';
import { asMessage, sizeOf } from './messages.ts';
import type { MessageSettings } from './options.ts';
import { kindOf, type Role, type TunnelCarrier } from './tunnel-carrier.ts';

/** What the opening handshake has agreed on. */
export interface Negotiated {
  /** The subprotocol; empty without one. */
  readonly protocol: string;
  /** The extension, as the answer names it; empty without one. */
  readonly extensions: string;
  readonly deflate: DeflateExtension | undefined;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** Bytes of a reason: what a control frame holds beside the code (RFC 6455 §5.5). */
const LONGEST_REASON = 123;

export abstract class StandardWebSocket extends EventAttributes {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;

  static readonly #listener: FrameListener<StandardWebSocket> = {
    onMessage: (socket, data) => socket.#onMessage(data),
    onClosing: (socket) => socket.closing(),
    onBroken: (socket, error) => void socket.dispatchEvent(errorEvent(error)),
    onEnd: (socket, code, reason, wasClean) => socket.end(code, reason, wasClean),
  };

  /** @internal `undefined` until it is open. */
  protected tunnel: FrameTunnel<StandardWebSocket> | undefined = undefined;
  /** @internal Of the messages that come in. */
  protected abstract readonly origin: string;
  #readyState: number = CONNECTING;
  #binaryType: 'blob' | 'arraybuffer' = 'blob';
  #protocol = '';
  #extensions = '';
  #discarded = 0;
  #takesLate = false;

  // As Web IDL has constants: on the prototype.
  get CONNECTING(): 0 {
    return CONNECTING;
  }
  get OPEN(): 1 {
    return OPEN;
  }
  get CLOSING(): 2 {
    return CLOSING;
  }
  get CLOSED(): 3 {
    return CLOSED;
  }

  /** The subprotocol that was agreed on; empty without one. */
  get protocol(): string {
    return this.#protocol;
  }

  /** The extension that was agreed on; empty without one. */
  get extensions(): string {
    return this.#extensions;
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** Bytes given to `send` that the connection has not taken. */
  get bufferedAmount(): number {
    return this.#discarded + (this.tunnel?.bufferedAmount ?? 0);
  }

  get binaryType(): 'blob' | 'arraybuffer' {
    return this.#binaryType;
  }

  /** Another value is ignored, as the standard says of enumerations. */
  set binaryType(type: 'blob' | 'arraybuffer') {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /**
   * Sends a message: a string as text, anything else as binary. Without effect when the WebSocket is closing or closed.
   *
   * @throws {DOMException} `InvalidStateError` before it is open.
   */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void {
    if (this.#readyState === CONNECTING)
      throw new DOMException('send: the WebSocket is not open yet', 'InvalidStateError');
    const message = asMessage(data);
    if (this.#readyState === OPEN) this.tunnel!.send(message);
    else this.#discarded += sizeOf(message);
  }

  /** Serval's own: fulfils when the connection takes more without buffering, or is gone. */
  drained(): Promise<void> {
    return this.tunnel?.drained() ?? Promise.resolve();
  }

  /**
   * @param code 1000, or 3000 to 4999. Default: none.
   * @throws {DOMException} `InvalidAccessError` for another code, `SyntaxError` for a reason of more than 123 bytes.
   */
  close(code?: number, reason = ''): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999))
      throw new DOMException(
        `close: expected 1000 or a code from 3000 to 4999, got ${code}`,
        'InvalidAccessError',
      );
    if (Buffer.byteLength(reason) > LONGEST_REASON)
      throw new DOMException(`close: expected a reason of at most ${LONGEST_REASON} bytes`, 'SyntaxError');
    this.tunnel?.close(code ?? (reason === '' ? undefined : 1000), reason);
  }

  /**
   * Serval's own: the messages as streams, with back-pressure both ways. While nobody reads, the peer cannot send. Binary messages
   * are `Uint8Array`s. Closing `writable` closes the WebSocket, and cancelling `readable` does so too. `readable` also has the messages
   * that the peer has sent before it answers a close.
   */
  streams(): MessageStreams {
    this.#takesLate = true;
    return messageStreams(this, (isHeld) => this.tunnel?.hold(isHeld));
  }

  /** @internal The handshake has succeeded. */
  protected open(
    carrier: TunnelCarrier,
    role: Role,
    { protocol, extensions, deflate }: Negotiated,
    settings: MessageSettings,
  ): void {
    this.#protocol = protocol;
    this.#extensions = extensions;
    this.#readyState = OPEN;
    this.tunnel = new FrameTunnel(
      carrier,
      kindOf(role, settings, StandardWebSocket.#listener),
      deflate,
      this,
    );
  }

  /** @internal No message will be sent or received any more. */
  protected closing(): void {
    this.#readyState = CLOSING;
  }

  /** @internal Ends it, with or without having been open. */
  protected end(code: number, reason: string, wasClean: boolean): void {
    this.#readyState = CLOSED;
    this.dispatchEvent(closeEvent({ wasClean, code, reason }));
  }

  /** @internal The handshake has failed (WebSockets Standard, "fail the WebSocket connection"). */
  protected fail(error: Error): void {
    this.#readyState = CLOSED;
    this.dispatchEvent(errorEvent(error));
    this.end(NO_CLOSE, '', false);
  }

  #onMessage(data: string | Buffer): void {
    // WebSockets Standard: no message is an event any more once `close()` was called.
    if ((this.#readyState !== OPEN && !this.#takesLate) || !this.hears('message')) return;
    const { origin } = this;
    if (typeof data === 'string') this.dispatchEvent(messageEvent(data, origin));
    else if (this.#binaryType === 'blob') this.dispatchEvent(messageEvent(new Blob([data]), origin));
    else this.dispatchEvent(messageEvent(toArrayBuffer(data), origin));
  }
}
