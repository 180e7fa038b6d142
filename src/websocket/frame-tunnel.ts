/**
 * Messages on the octets of a tunnel, for both ends: frames in and out, pings, the closing handshake, and the end.
 *
 * The order of the end is that of RFC 6455 §7.1.1: both ends send a close frame, the server ends its side of the tunnel, and the
 * client ends its own.
 */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { type DeflateExtension, type FrameReceiver, type FrameSender, loadCodec } from './codec.ts';
import type { Message } from './messages.ts';
import type { MessageSettings } from './options.ts';
import { messageIn } from './server-frames.ts';

/** What a WebSocket takes from the connection that carries it. */
export interface TunnelCarrier {
  readonly octets: Duplex;
  /** Octets that came behind the handshake. */
  readonly received: Uint8Array;
  onActivity(): void;
  /** Both directions have ended. */
  onEnd(): void;
  /** Cuts the connection off, and reports it as lost. */
  abort(error: unknown): void;
}

/** What the frames are to the WebSocket. */
export interface FrameListener {
  /** Also between the close frames of this end and of the peer. */
  onMessage(data: Buffer, isBinary: boolean): void;
  /** No message will be sent any more. */
  onClosing(): void;
  /** The peer has broken a rule. */
  onBroken(error: Error): void;
  onEnd(code: number, reason: string, wasClean: boolean): void;
}

export type Role = 'client' | 'server';

/** Status codes of RFC 6455 §7.4.1. */
export const GOING_AWAY = 1001;
const PROTOCOL_ERROR = 1002;
const NO_CODE = 1005;
export const NO_CLOSE = 1006;
const CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  Z_DATA_ERROR: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
};

/** A message in more fragments costs more than its octets. */
export const MOST_FRAGMENTS = 16 * 1024;
/** How long a client waits for a server that has broken a rule: the application learns of it by then. */
const BROKEN_MS = 1_000;

const ignore = (): void => {};

/** Gets the pings and pongs of the peer, and `drain` when the connection takes more after it was full. */
export type SignalListener = (signal: 'ping' | 'pong' | 'drain', data?: Uint8Array) => void;

export class FrameTunnel {
  onSignal: SignalListener | undefined;
  readonly #carrier: TunnelCarrier;
  readonly #listener: FrameListener;
  readonly #settings: MessageSettings;
  readonly #octets: Duplex;
  readonly #deflate: DeflateExtension | undefined;
  readonly #receiver: FrameReceiver;
  readonly #sender: FrameSender;
  readonly #isClient: boolean;
  readonly #peer: Role;
  #isOpen = true;
  #hasSentClose = false;
  /** Messages and the close frame wait for their compression: the end comes behind them. */
  #endsBehindClose = false;
  #peerClose: { code: number; reason: string } | undefined;
  #hasEnded = { sending: false, receiving: false };
  #isOver = false;
  #hasBegun = false;
  /** While held, nothing is read. */
  #isHeld = true;
  #awaitsPong = false;
  #owedPong: Uint8Array | undefined;
  #silence: NodeJS.Timeout | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  #onDrained: (() => void)[] = [];

  constructor(
    carrier: TunnelCarrier,
    role: Role,
    deflate: DeflateExtension | undefined,
    settings: MessageSettings,
    listener: FrameListener,
  ) {
    const { Receiver, Sender, PerMessageDeflate } = loadCodec();
    this.#carrier = carrier;
    this.#listener = listener;
    this.#settings = settings;
    this.#octets = carrier.octets;
    this.#deflate = deflate;
    this.#isClient = role === 'client';
    this.#peer = role === 'client' ? 'server' : 'client';
    const extensions = deflate === undefined ? {} : { [PerMessageDeflate.extensionName]: deflate };
    this.#receiver = new Receiver({
      isServer: role === 'server',
      maxPayload: settings.maxMessageSize,
      maxFragments: MOST_FRAGMENTS,
      maxBufferedChunks: 0,
      extensions,
    });
    this.#sender = new Sender(this.#octets, extensions);
    // Nothing is read before the turn of the application has ended, so that it can add its listeners.
    this.#octets.pause();
    setImmediate(() => this.#begin());
  }

  // --- what goes out ---

  /** Bytes given to `send` that the connection has not taken. */
  get bufferedAmount(): number {
    return this.#octets.writableLength + this.#sender._bufferedBytes;
  }

  /** Sends a message. The WebSocket is open. */
  send(message: Message): void {
    const binary = typeof message !== 'string';
    // RFC 6455 §5.1: a client masks all frames, and a server none.
    const shape = { binary, compress: this.#deflate !== undefined, fin: true, mask: this.#isClient } as const;
    this.#sender.send(message, shape, ignore);
    this.#onSent();
  }

  /** Sends octets that were framed before. Each message may be compressed or not (RFC 7692 §6). */
  sendFrame(octets: Uint8Array): void {
    // A frame must not overtake a message that waits for its compression.
    if (this.#sender._state !== 0) return this.send(messageIn(octets));
    this.#octets.write(octets);
    this.#onSent();
  }

  #onSent(): void {
    this.#carrier.onActivity();
    if (this.bufferedAmount > this.#settings.maxBufferedAmount)
      this.#carrier.abort(
        new Error(`The ${this.#peer} of a WebSocket does not read: maxBufferedAmount is exceeded`),
      );
  }

  /** @param data at most 125 bytes. */
  ping(data: Uint8Array): void {
    this.#sender.ping(data, this.#isClient, ignore);
    this.#onSent();
  }

  /** Fulfils when the connection takes more without buffering, or is gone. */
  drained(): Promise<void> {
    if (this.#isOver || !this.#octets.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  /** @param code `undefined` for none. @param reason of at most 123 bytes. */
  close(code: number | undefined, reason: string): void {
    if (this.#isOver || this.#hasSentClose || this.#octets.writableEnded) return;
    this.#stop();
    this.#hasSentClose = true;
    this.#sender.close(code, reason, this.#isClient, () => {
      if (this.#endsBehindClose) this.#endSending();
    });
    this.#awaitEnd(this.#settings.closeTimeout);
    // A reader that holds the octets back would hold the answer back as well.
    if (this.#hasBegun) this.hold(false);
  }

  // --- what comes in ---

  #begin(): void {
    if (this.#isOver) return;
    this.#hasBegun = true;
    const octets = this.#octets;
    const receiver = this.#receiver;
    receiver.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    receiver.on('ping', (data: Buffer) => this.#onPing(data));
    receiver.on('pong', (data: Buffer) => this.onSignal?.('pong', data));
    receiver.on('conclude', (code: number, reason: Buffer) => this.#onPeerClose(code, reason.toString()));
    receiver.on('error', (error: Error & { code?: string }) => this.#fail(error));
    receiver.on('drain', () => this.#readOn());
    octets.on('data', (piece: Buffer) => this.#onOctets(piece));
    octets.on('end', () => this.#onPeerEnd());
    octets.on('drain', () => this.#onDrain());
    if (this.#carrier.received.length > 0) this.#onOctets(Buffer.from(this.#carrier.received));
    if (octets.readableEnded) this.#onPeerEnd();
    // The event may have come before.
    if (!octets.writableNeedDrain) this.#resolveDrained();
    this.hold(false);
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

  /** Stops and continues reading from the peer. */
  hold(isHeld: boolean): void {
    if (!this.#hasBegun) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#octets.pause();
    else if (!this.#receiver.writableNeedDrain) this.#readOn();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (!this.#isOver) this.#listener.onMessage(data, isBinary);
  }

  /** RFC 6455 §5.5.3: it may be enough to answer the last of several pings, which is why a flood of them costs no memory. */
  #onPing(data: Uint8Array): void {
    if (!this.#isOpen) return;
    this.onSignal?.('ping', data);
    this.#pong(data);
  }

  #pong(data: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#octets.writableNeedDrain) this.#owedPong = Buffer.from(data);
    else this.#sender.pong(data, this.#isClient, ignore);
  }

  #resolveDrained(): void {
    for (const resolve of this.#onDrained.splice(0)) resolve();
  }

  #onDrain(): void {
    this.#resolveDrained();
    const owed = this.#owedPong;
    this.#owedPong = undefined;
    if (owed !== undefined) this.#pong(owed);
    if (this.#isOpen) this.onSignal?.('drain');
  }

  #onPeerClose(code: number, reason: string): void {
    this.#peerClose = { code, reason };
    // RFC 6455 §5.5.1: a close frame is answered with one, usually with the same code.
    this.close(code === NO_CODE ? undefined : code, '');
    // RFC 6455 §7.1.1: the server ends the connection first.
    if (!this.#isClient) this.#endSending();
    this.#octets.resume();
  }

  /** The peer has broken a rule (RFC 6455 §7.1.7). */
  #fail(error: Error & { code?: string }): void {
    if (this.#isOver) return;
    this.#listener.onBroken(error);
    this.close(CODES[error.code ?? ''] ?? PROTOCOL_ERROR, '');
    this.#endSending();
    if (this.#isClient) this.#awaitEnd(Math.min(BROKEN_MS, this.#settings.closeTimeout));
    this.#octets.resume();
  }

  #onPeerEnd(): void {
    this.#hasEnded.receiving = true;
    this.#stop();
    this.#endSending();
    this.#endIfDone();
  }

  // --- the end ---

  #stop(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listener.onClosing();
  }

  #awaitEnd(milliseconds: number): void {
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => {
      this.#carrier.abort(new Error(`The ${this.#peer} did not close its WebSocket in time`));
    }, milliseconds);
    this.#closeTimer.unref();
  }

  #endSending(): void {
    if (this.#octets.writableEnded) return;
    if (this.#sender._state !== 0) {
      if (this.#hasSentClose) this.#endsBehindClose = true;
      else this.#carrier.abort(new Error(`The ${this.#peer} of a WebSocket has gone without a close`));
      return;
    }
    this.#octets.end(() => {
      this.#hasEnded.sending = true;
      this.#endIfDone();
    });
  }

  #endIfDone(): void {
    const { sending, receiving } = this.#hasEnded;
    if (this.#isOver || !sending || !receiving) return;
    this.#carrier.onEnd();
    this.onLost();
  }

  /** The connection has ended, was lost, or was cut off. */
  onLost(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isOpen = false;
    clearTimeout(this.#silence);
    clearTimeout(this.#closeTimer);
    // Later: what waits for its compression would otherwise still be sent to a connection that is about to be cut.
    process.nextTick(() => this.#deflate?.cleanup());
    this.#resolveDrained();
    // RFC 6455 §7.1.4: it is clean when both ends have sent a close frame, however the connection ends.
    const wasClean = this.#peerClose !== undefined && this.#hasSentClose;
    this.#listener.onEnd(this.#peerClose?.code ?? NO_CLOSE, this.#peerClose?.reason ?? '', wasClean);
  }

  // --- keep-alive ---

  /** A peer that vanishes sends no FIN: a ping that gets no answer shows that it has gone (RFC 6455 §5.5.2). */
  #awaitSilence(): void {
    const { pingInterval } = this.#settings;
    if (pingInterval === 0) return;
    this.#silence = setTimeout(() => {
      if (this.#awaitsPong)
        return this.#carrier.abort(new Error(`The ${this.#peer} of a WebSocket does not answer`));
      this.#awaitsPong = true;
      if (this.#isOpen) this.#sender.ping('', this.#isClient, ignore);
      this.#silence?.refresh();
    }, pingInterval);
    this.#silence.unref();
  }
}
