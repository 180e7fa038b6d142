/**
 * The server's end of a WebSocket: the standard interface (WebSockets Standard, "The WebSocket interface") on the octets of a
 * tunnel. It is open from the beginning.
 *
 * The order of the end is that of RFC 6455 §7.1.1: both ends send a close frame, the server ends its side of the tunnel, and the
 * client ends its own.
 */
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { toArrayBuffer } from '../fetch/body-conversions.ts';
import { type DeflateExtension, type FrameReceiver, type FrameSender, loadCodec } from './codec.ts';
import { EventAttributes } from './event-attributes.ts';
import { closeEvent, messageEvent } from './events.ts';
import { type MessageStreams, messageStreams } from './message-streams.ts';
import { asMessage, sizeOf } from './messages.ts';
import type { WebSocketSettings } from './options.ts';

/** What a WebSocket takes from the exchange that it came from. */
export interface WebSocketCarrier {
  readonly octets: Duplex;
  /** Octets that came behind the handshake. */
  readonly received: Uint8Array;
  /** The origin of the page that the client named; empty without one. */
  readonly origin: string;
  /** Aborted when the server begins to end. */
  readonly drainSignal: AbortSignal;
  onActivity(): void;
  /** A listener has failed. */
  onFault(error: unknown): void;
  /** Both directions have ended. */
  onEnd(): void;
  /** Cuts the connection off. */
  abort(error: unknown): void;
}

export interface Negotiated {
  readonly protocol: string;
  readonly extensions: string;
  readonly deflate: DeflateExtension | undefined;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/** Status codes of RFC 6455 §7.4.1. */
const GOING_AWAY = 1001;
const PROTOCOL_ERROR = 1002;
const NO_CODE = 1005;
const NO_CLOSE = 1006;
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  Z_DATA_ERROR: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** Bytes of a reason: what a control frame holds beside the code (RFC 6455 §5.5). */
const LONGEST_REASON = 123;
/** A message in more fragments costs more than its octets. */
const MOST_FRAGMENTS = 16 * 1024;

export const SEND_FRAME = Symbol('serval.sendFrame');

const ignore = (): void => {};

/** Registers its server's drain only once, however many sockets are open. */
const openUnder = new WeakMap<AbortSignal, Set<ServerWebSocket>>();

export class ServerWebSocket extends EventAttributes {
  static readonly CONNECTING = CONNECTING;
  static readonly OPEN = OPEN;
  static readonly CLOSING = CLOSING;
  static readonly CLOSED = CLOSED;
  readonly CONNECTING = CONNECTING;
  readonly OPEN = OPEN;
  readonly CLOSING = CLOSING;
  readonly CLOSED = CLOSED;

  /** Empty: the URL is the client's (draft, "WebSocket upgrade"). */
  readonly url = '';
  readonly protocol: string;
  readonly extensions: string;

  readonly #carrier: WebSocketCarrier;
  readonly #settings: WebSocketSettings;
  readonly #octets: Duplex;
  readonly #deflate: DeflateExtension | undefined;
  readonly #receiver: FrameReceiver;
  readonly #sender: FrameSender;
  #readyState: number = OPEN;
  #binaryType: 'blob' | 'arraybuffer' = 'blob';
  #discarded = 0;
  #hasSentClose = false;
  #peerClose: { code: number; reason: string } | undefined;
  #hasEnded = { sending: false, receiving: false };
  #isOver = false;
  #hasBegun = false;
  /** While held, nothing is read. It is held until the handler's turn has ended. */
  #isHeld = true;
  #awaitsPong = false;
  #owedPong: Uint8Array | undefined;
  #silence: NodeJS.Timeout | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  #onDrained: (() => void)[] = [];

  constructor(carrier: WebSocketCarrier, negotiated: Negotiated, settings: WebSocketSettings) {
    super();
    const { Receiver, Sender, PerMessageDeflate } = loadCodec();
    this.#carrier = carrier;
    this.#settings = settings;
    this.#octets = carrier.octets;
    this.#deflate = negotiated.deflate;
    this.protocol = negotiated.protocol;
    this.extensions = negotiated.extensions;
    const extensions =
      this.#deflate === undefined ? {} : { [PerMessageDeflate.extensionName]: this.#deflate };
    this.#receiver = new Receiver({
      isServer: true,
      maxPayload: settings.maxMessageSize,
      maxFragments: MOST_FRAGMENTS,
      maxBufferedChunks: 0,
      extensions,
    });
    this.#sender = new Sender(this.#octets, extensions);
    // Nothing is read before the handler's turn has ended, so that it can add its listeners.
    this.#octets.pause();
    setImmediate(() => this.#begin());
    noteOpen(this, carrier.drainSignal);
  }

  get readyState(): number {
    return this.#readyState;
  }

  /** Bytes given to `send` that the connection has not taken. */
  get bufferedAmount(): number {
    return this.#discarded + this.#octets.writableLength + this.#sender._bufferedBytes;
  }

  get binaryType(): 'blob' | 'arraybuffer' {
    return this.#binaryType;
  }

  /** Another value is ignored, as the standard says of enumerations. */
  set binaryType(type: 'blob' | 'arraybuffer') {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /** Sends a message: a string as text, anything else as binary. Without effect when the WebSocket is closing or closed. */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void {
    const message = asMessage(data);
    const isText = typeof message === 'string';
    if (this.#readyState !== OPEN) {
      this.#discarded += sizeOf(message);
      return;
    }
    this.#sender.send(
      message,
      { binary: !isText, compress: this.#deflate !== undefined, fin: true, mask: false },
      ignore,
    );
    this.#onSent();
  }

  /** For `Topics`: a message whose frame was made for several sockets. Each message may be compressed or not (RFC 7692 §6). */
  [SEND_FRAME](octets: Uint8Array, message: string | Uint8Array): void {
    // A frame must not overtake a message that waits for its compression.
    if (this.#readyState !== OPEN || this.#sender._state !== 0) return this.send(message);
    this.#octets.write(octets);
    this.#onSent();
  }

  #onSent(): void {
    this.#carrier.onActivity();
    if (this.bufferedAmount > this.#settings.maxBufferedAmount)
      this.#carrier.abort(
        new Error('The client of a WebSocket does not read: maxBufferedAmount is exceeded'),
      );
  }

  /** Serval's own: fulfils when the connection takes more without buffering, or is gone. */
  drained(): Promise<void> {
    if (this.#isOver || !this.#octets.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
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
    this.#beginClosing(code ?? (reason === '' ? undefined : 1000), reason);
  }

  /** The server begins to end. */
  goAway(): void {
    this.#beginClosing(GOING_AWAY, '');
  }

  /**
   * Serval's own: the messages as streams, with back-pressure both ways. While nobody reads, the client cannot send. Binary messages
   * are `Uint8Array`s. Closing `writable` closes the WebSocket, and cancelling `readable` does so too.
   */
  streams(): MessageStreams {
    return messageStreams(this, (isHeld) => {
      if (this.#hasBegun) this.#hold(isHeld);
    });
  }

  /** The connection was lost, or cut off. */
  onLost(): void {
    this.#finish(NO_CLOSE, false);
  }

  protected onFault(error: unknown): void {
    this.#carrier.onFault(error);
  }

  // --- what comes in ---

  #begin(): void {
    if (this.#isOver) return;
    this.#hasBegun = true;
    const octets = this.#octets;
    const receiver = this.#receiver;
    receiver.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    receiver.on('ping', (data: Buffer) => this.#onPing(data));
    receiver.on('conclude', (code: number, reason: Buffer) => this.#onPeerClose(code, reason.toString()));
    receiver.on('error', (error: Error & { code?: string }) =>
      this.#fail(CODES[error.code ?? ''] ?? PROTOCOL_ERROR),
    );
    receiver.on('drain', () => this.#readOn());
    octets.on('data', (piece: Buffer) => this.#onOctets(piece));
    octets.on('end', () => this.#onPeerEnd());
    octets.on('drain', () => this.#onDrain());
    if (this.#carrier.received.length > 0) this.#onOctets(Buffer.from(this.#carrier.received));
    if (octets.readableEnded) this.#onPeerEnd();
    this.#hold(false);
    this.#awaitSilence();
  }

  #onOctets(octets: Buffer): void {
    if (this.#isOver) return;
    this.#carrier.onActivity();
    this.#awaitsPong = false;
    this.#silence?.refresh();
    // Behind a close frame nothing counts any more (RFC 6455 §1.4).
    if (this.#peerClose !== undefined || this.#receiver.destroyed) return;
    if (!this.#receiver.write(octets)) this.#octets.pause();
  }

  #readOn(): void {
    if (!this.#isHeld && !this.#isOver) this.#octets.resume();
  }

  #hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#octets.pause();
    else if (!this.#receiver.writableNeedDrain) this.#readOn();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#readyState !== OPEN) return;
    const { origin } = this.#carrier;
    if (!isBinary) this.dispatchEvent(messageEvent(data.toString(), origin));
    else if (this.#binaryType === 'blob') this.dispatchEvent(messageEvent(new Blob([data]), origin));
    else this.dispatchEvent(messageEvent(toArrayBuffer(data), origin));
  }

  /** RFC 6455 §5.5.3: it may be enough to answer the last of several pings, which is why a flood of them costs no memory. */
  #onPing(data: Uint8Array): void {
    if (this.#readyState !== OPEN) return;
    if (this.#octets.writableNeedDrain) this.#owedPong = Buffer.from(data);
    else this.#sender.pong(data, false, ignore);
  }

  #onDrain(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
    const owed = this.#owedPong;
    this.#owedPong = undefined;
    if (owed !== undefined) this.#onPing(owed);
  }

  #onPeerClose(code: number, reason: string): void {
    this.#peerClose = { code, reason };
    // RFC 6455 §5.5.1: a close frame is answered with one, usually with the same code.
    this.#beginClosing(code === NO_CODE ? undefined : code, '');
    this.#endSending();
    this.#octets.resume();
  }

  /** The peer has broken a rule (RFC 6455 §7.1.7). */
  #fail(code: number): void {
    if (this.#isOver) return;
    this.dispatchEvent(new Event('error'));
    this.#beginClosing(code, '');
    this.#endSending();
    this.#octets.resume();
  }

  #onPeerEnd(): void {
    this.#hasEnded.receiving = true;
    if (this.#peerClose === undefined) this.#readyState = Math.max(this.#readyState, CLOSING);
    this.#endSending();
    this.#endIfDone();
  }

  // --- the end ---

  #beginClosing(code: number | undefined, reason: string): void {
    if (this.#isOver || this.#hasSentClose) return;
    this.#readyState = CLOSING;
    this.#hasSentClose = true;
    this.#sender.close(code, reason, false, ignore);
    this.#closeTimer = setTimeout(() => {
      this.#carrier.abort(new Error('The client did not close its WebSocket in time'));
    }, this.#settings.closeTimeout);
    this.#closeTimer.unref();
    // A reader that holds the socket back would hold the answer back as well.
    if (this.#hasBegun) this.#hold(false);
  }

  /** RFC 6455 §7.1.1: the server ends the connection, and the client follows. */
  #endSending(): void {
    if (this.#octets.writableEnded) return;
    this.#octets.end(() => {
      this.#hasEnded.sending = true;
      this.#endIfDone();
    });
  }

  #endIfDone(): void {
    const { sending, receiving } = this.#hasEnded;
    if (this.#isOver || !sending || !receiving) return;
    const wasClean = this.#peerClose !== undefined && this.#hasSentClose;
    this.#carrier.onEnd();
    this.#finish(this.#peerClose?.code ?? NO_CLOSE, wasClean);
  }

  #finish(code: number, wasClean: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#readyState = CLOSED;
    clearTimeout(this.#silence);
    clearTimeout(this.#closeTimer);
    openUnder.get(this.#carrier.drainSignal)?.delete(this);
    this.#deflate?.cleanup();
    for (const resolve of this.#onDrained.splice(0)) resolve();
    this.dispatchEvent(closeEvent({ wasClean, code, reason: this.#peerClose?.reason ?? '' }));
  }

  // --- keep-alive ---

  /** A client that vanishes sends no FIN: a ping that gets no answer shows that it has gone (RFC 6455 §5.5.2). */
  #awaitSilence(): void {
    const { pingInterval } = this.#settings;
    if (pingInterval === 0) return;
    this.#silence = setTimeout(() => {
      if (this.#awaitsPong)
        return this.#carrier.abort(new Error('The client of a WebSocket does not answer'));
      this.#awaitsPong = true;
      if (this.#readyState === OPEN) this.#sender.ping('', false, ignore);
      this.#silence?.refresh();
    }, pingInterval);
    this.#silence.unref();
  }
}

function noteOpen(socket: ServerWebSocket, drainSignal: AbortSignal): void {
  let open = openUnder.get(drainSignal);
  if (open === undefined) {
    const sockets = new Set<ServerWebSocket>();
    openUnder.set(drainSignal, sockets);
    drainSignal.addEventListener('abort', () => {
      for (const each of sockets) each.goAway();
    });
    open = sockets;
  }
  open.add(socket);
  if (drainSignal.aborted) setImmediate(() => socket.goAway());
}
