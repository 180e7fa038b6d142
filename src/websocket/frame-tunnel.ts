/**
 * Messages on the octets of a tunnel, for both ends: frames in and out, pings, the closing handshake, and the end.
 *
 * The order of the end is that of RFC 6455 §7.1.1: both ends send a close frame, the server ends its side of the tunnel, and the
 * client ends its own.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { systemClock } from '../io/clock.ts';
import { DeadlineSweep, type Expiring } from '../io/deadline.ts';
import * as flow from '../io/driven-socket.ts';
import type { DeflateExtension } from './codec.ts';
import type { FrameListener, SignalListener } from './frame-listener.ts';
import {
  FrameDecoder,
  type FrameSink,
  NO_CODE,
  NOT_UTF8,
  PING,
  PONG,
  TOO_BIG,
} from './frames/frame-decoder.ts';
import { FrameWriter } from './frames/frame-writer.ts';
import type { MadeFrame } from './frames/server-frames.ts';
import { MessageSender } from './message-sender.ts';
import type { Message } from './messages.ts';
import type { MessageSettings } from './options.ts';

/** What a WebSocket takes from the connection that carries it. */
export interface TunnelCarrier {
  readonly octets: Duplex;
  /** Octets that came behind the handshake. They are not kept. */
  takeReceived(): Uint8Array;
  onActivity(): void;
  /** Both directions have ended. */
  onEnd(): void;
  /** Cuts the connection off, and reports it as lost. */
  cutOff(error: unknown): void;
}

export type Role = 'client' | 'server';

/** Status codes of RFC 6455 §7.4.1. */
export const GOING_AWAY = 1001;
export const NO_CLOSE = 1006;

/** How long a client waits for a server that has broken a rule: the application learns of it by then. */
const BROKEN_MS = 1_000;

/** By when the peers of all WebSockets have to act. */
const sweep = new DeadlineSweep(systemClock);

export class FrameTunnel<Owner = unknown> implements FrameSink, flow.FlowEvents, Expiring {
  onSignal: SignalListener | undefined;
  /** Nothing is read for now. */
  isPaused = true;
  deadline = Infinity;
  isOver = false;
  readonly #owner: Owner;
  readonly #listener: FrameListener<Owner>;
  readonly #carrier: TunnelCarrier;
  readonly #settings: MessageSettings;
  readonly #octets: Duplex;
  readonly #deflate: DeflateExtension | undefined;
  readonly #decoder: FrameDecoder;
  readonly #writer: FrameWriter;
  readonly #sender: MessageSender;
  readonly #peer: Role;
  #isOpen = true;
  #hasSentClose = false;
  /** Messages and the close frame wait for their compression: the end comes behind them. */
  #endsBehindClose = false;
  #peerClose: { code: number; reason: string } | undefined;
  #hasEndedSending = false;
  #hasEndedReceiving = false;
  /** The peer has ended, and what it sent before is not decoded yet. */
  #endsBehindRest = false;
  #hasBegun = false;
  /** Nothing is decoded until the turn of the application has ended, and while its reader is behind. */
  #isHeld = true;
  #isInflating = false;
  #isDecoding = false;
  #awaitsPong = false;
  #owedPong: Uint8Array | undefined;
  #onDrained: (() => void)[] | undefined;

  constructor(
    carrier: TunnelCarrier,
    role: Role,
    deflate: DeflateExtension | undefined,
    settings: MessageSettings,
    listener: FrameListener<Owner>,
    owner: Owner,
  ) {
    this.#owner = owner;
    this.#listener = listener;
    this.#carrier = carrier;
    this.#settings = settings;
    this.#octets = carrier.octets;
    this.#deflate = deflate;
    this.#peer = role === 'client' ? 'server' : 'client';
    this.#decoder = new FrameDecoder(this, {
      areMasked: role === 'server',
      mayBeCompressed: deflate !== undefined,
      maxMessageSize: settings.maxMessageSize,
    });
    // RFC 6455 §5.1: a client masks all frames, and a server none.
    this.#writer = new FrameWriter(this.#octets, role === 'client');
    this.#sender = new MessageSender(this, this.#writer, deflate);
    sweep.tickFor([settings.pingInterval, settings.closeTimeout]);
    sweep.add(this);
    // Nothing is decoded before the turn of the application has ended, so that it can add its listeners.
    flow.attachFlow(this.#octets, this);
    this.#decoder.receive(carrier.takeReceived());
    setImmediate(begin, this);
  }

  // --- what goes out ---

  /** Bytes given to `send` that the connection has not taken. */
  get bufferedAmount(): number {
    return this.#sender.bufferedAmount;
  }

  /** Sends a message. The WebSocket is open. */
  send(message: Message): void {
    this.#sender.send(message);
    this.#onSent();
  }

  /** Sends a frame that was made before. */
  sendMade(frame: MadeFrame): void {
    this.#sender.sendMade(frame);
    this.#onSent();
  }

  #onSent(): void {
    this.#carrier.onActivity();
    if (this.bufferedAmount > this.#settings.maxBufferedAmount)
      this.#carrier.cutOff(
        new Error(`The ${this.#peer} of a WebSocket does not read: maxBufferedAmount is exceeded`),
      );
    else if (!this.#isDecoding) this.#writer.flushSoon();
  }

  /** Sends what was written, unless that happens anyway when everything that has arrived is decoded. */
  flush(): void {
    if (!this.#isDecoding && !this.isOver) this.#writer.flush();
  }

  abort(error: unknown): void {
    this.#carrier.cutOff(error);
  }

  onNothingWaits(): void {
    if (this.#endsBehindClose) this.#endSending();
  }

  /** @param data at most 125 bytes. */
  ping(data: Uint8Array): void {
    this.#writer.frame(PING, data, false);
    this.#onSent();
  }

  /** Fulfils when the connection takes more without buffering, or is gone. */
  drained(): Promise<void> {
    this.flush();
    if (this.isOver || !this.#octets.writableNeedDrain) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onDrained ??= [];
      this.#onDrained.push(resolve);
    });
  }

  /** @param code `undefined` for none. @param reason of at most 123 bytes. */
  close(code: number | undefined, reason: string): void {
    if (this.isOver || this.#hasSentClose || this.#octets.writableEnded) return;
    this.#stop();
    this.#hasSentClose = true;
    this.#sender.close(code, reason);
    this.flush();
    this.deadline = sweep.after(this.#settings.closeTimeout);
    // A reader that holds the octets back would hold the answer back as well.
    if (this.#hasBegun) this.hold(false);
  }

  // --- what comes in ---

  /** For the constructor. */
  begin(): void {
    if (this.isOver) return;
    this.#hasBegun = true;
    this.#isHeld = false;
    if (!this.#hasSentClose) this.#awaitSilence();
    this.#decode();
    // The event may have come before.
    if (this.#octets.readableEnded && !this.#hasEndedReceiving) this.onPeerEnd();
    this.#regulate();
  }

  onOctets(octets: Uint8Array): void {
    if (this.isOver) return;
    this.#carrier.onActivity();
    this.#awaitsPong = false;
    if (!this.#hasSentClose) this.#awaitSilence();
    this.#decode(octets);
  }

  /** @param octets `undefined`: what has waited. */
  #decode(octets?: Uint8Array): void {
    const isOutermost = !this.#isDecoding;
    this.#isDecoding = true;
    if (octets === undefined) this.#decoder.resume();
    else this.#decoder.receive(octets);
    if (!isOutermost) return;
    this.#isDecoding = false;
    this.flush();
    if (this.#endsBehindRest && !this.isBusy) this.onPeerEnd();
    this.#regulate();
  }

  get isBusy(): boolean {
    return this.#isHeld || this.#isInflating;
  }

  #regulate(): void {
    const isPaused = this.isBusy && !this.isOver;
    if (isPaused === this.isPaused || this.#isDecoding) return;
    this.isPaused = isPaused;
    if (isPaused) flow.pause(this.#octets as Socket);
    else flow.resume(this.#octets as Socket);
  }

  /** Stops and continues reading from the peer. */
  hold(isHeld: boolean): void {
    if (!this.#hasBegun || isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (!this.isBusy && !this.#isDecoding) this.#decode();
    else this.#regulate();
  }

  onMessage(payload: Buffer, isText: boolean, isCompressed: boolean): void {
    if (isCompressed) this.#inflate(Buffer.from(payload), isText);
    else if (!this.isOver) this.#listener.onMessage(this.#owner, payload, !isText);
  }

  #inflate(octets: Buffer, isText: boolean): void {
    this.#isInflating = true;
    this.#deflate!.decompress(octets, true, (error, content) => {
      this.#isInflating = false;
      if (this.isOver) return;
      if (error) {
        const isTooBig = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
        this.#decoder.end();
        if (isTooBig) this.onBroken(TOO_BIG, 'a message beyond maxMessageSize (RFC 6455 §7.4.1)');
        else this.onBroken(NOT_UTF8, 'octets that are not compressed (RFC 7692 §6.2)');
      } else if (isText && !isUtf8(content!)) {
        this.#decoder.end();
        this.onBroken(NOT_UTF8, 'text that is not UTF-8 (RFC 6455 §8.1)');
      } else {
        this.#listener.onMessage(this.#owner, content!, !isText);
      }
      if (!this.isBusy) this.#decode();
    });
  }

  /** RFC 6455 §5.5.3: it may be enough to answer the last of several pings, which is why a flood of them costs no memory. */
  onPing(data: Buffer): void {
    if (!this.#isOpen) return;
    this.onSignal?.('ping', Buffer.from(data));
    this.#pong(data);
  }

  #pong(data: Uint8Array): void {
    if (!this.#isOpen) return;
    if (this.#octets.writableNeedDrain) this.#owedPong = Buffer.from(data);
    else this.#writer.frame(PONG, data, false);
  }

  onPong(data: Buffer): void {
    this.onSignal?.('pong', Buffer.from(data));
  }

  #resolveDrained(): void {
    const waiting = this.#onDrained;
    this.#onDrained = undefined;
    for (const resolve of waiting ?? []) resolve();
  }

  onDrain(): void {
    this.#resolveDrained();
    const owed = this.#owedPong;
    this.#owedPong = undefined;
    if (owed !== undefined) this.#pong(owed);
    this.flush();
    if (this.#isOpen) this.onSignal?.('drain');
  }

  onCloseFrame(code: number, reason: string): void {
    this.#peerClose = { code, reason };
    // RFC 6455 §5.5.1: a close frame is answered with one, usually with the same code.
    this.close(code === NO_CODE ? undefined : code, '');
    // RFC 6455 §7.1.1: the server ends the connection first.
    if (this.#peer === 'client') this.#endSending();
    this.hold(false);
  }

  /** RFC 6455 §7.1.7. */
  onBroken(code: number, why: string): void {
    if (this.isOver) return;
    this.#listener.onBroken(this.#owner, new Error(`The ${this.#peer} of a WebSocket has sent ${why}`));
    this.close(code, '');
    this.#endSending();
    if (this.#peer === 'server')
      this.deadline = sweep.after(Math.min(BROKEN_MS, this.#settings.closeTimeout));
    this.hold(false);
  }

  onPeerEnd(): void {
    this.#endsBehindRest = this.isBusy && !this.isOver && this.#isOpen;
    if (this.#endsBehindRest) return;
    this.#hasEndedReceiving = true;
    this.#stop();
    this.#endSending();
    this.#endIfDone();
  }

  // --- the end ---

  #stop(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#listener.onClosing(this.#owner);
  }

  #endSending(): void {
    if (this.#octets.writableEnded) return;
    if (this.#sender.waits) {
      if (this.#hasSentClose) this.#endsBehindClose = true;
      else this.#carrier.cutOff(new Error(`The ${this.#peer} of a WebSocket has gone without a close`));
      return;
    }
    this.#writer.flush();
    this.#octets.end(() => {
      this.#hasEndedSending = true;
      this.#endIfDone();
    });
  }

  #endIfDone(): void {
    if (this.isOver || !this.#hasEndedSending || !this.#hasEndedReceiving) return;
    this.#carrier.onEnd();
    this.onLost();
  }

  /** The connection has ended, was lost, or was cut off. */
  onLost(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#isOpen = false;
    sweep.delete(this);
    this.#decoder.end();
    // Later: what is being compressed calls back, and the connection is about to be cut.
    if (this.#deflate !== undefined) process.nextTick(() => this.#deflate!.cleanup());
    this.#resolveDrained();
    // RFC 6455 §7.1.4: it is clean when both ends have sent a close frame, however the connection ends.
    const wasClean = this.#peerClose !== undefined && this.#hasSentClose;
    const { code, reason } = this.#peerClose ?? { code: NO_CLOSE, reason: '' };
    this.#listener.onEnd(this.#owner, code, reason, wasClean);
  }

  // --- keep-alive ---

  #awaitSilence(): void {
    this.deadline = sweep.after(this.#settings.pingInterval);
  }

  /** A peer that vanishes sends no FIN: a ping that gets no answer shows that it has gone (RFC 6455 §5.5.2). */
  onDeadline(): void {
    this.deadline = Infinity;
    if (this.#hasSentClose)
      return this.#carrier.cutOff(new Error(`The ${this.#peer} did not close its WebSocket in time`));
    if (this.#awaitsPong)
      return this.#carrier.cutOff(new Error(`The ${this.#peer} of a WebSocket does not answer`));
    this.#awaitsPong = true;
    if (this.#isOpen) this.#writer.frame(PING, new Uint8Array(0), false);
    this.flush();
    this.#awaitSilence();
  }
}

function begin(tunnel: FrameTunnel): void {
  tunnel.begin();
}
