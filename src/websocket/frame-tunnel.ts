/**
 * Messages on the octets of a tunnel, for both ends: frames in and out, pings, the closing handshake, and the end.
 *
 * The order of the end is that of RFC 6455 §7.1.1: both ends send a close frame, the server ends its side of the tunnel, and the
 * client ends its own.
 */
import { Buffer, isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import process from 'node:process';
import { systemClock } from '../io/clock.ts';
import { DeadlineSweep, type Expiring } from '../io/deadline.ts';
import * as flow from '../io/driven-socket.ts';
import { ClosingHandshake } from './closing-handshake.ts';
import type { DeflateExtension } from './codec.ts';
import type { SignalListener } from './frame-listener.ts';
import {
  FrameDecoder,
  type FrameSink,
  NO_CODE,
  NOT_UTF8,
  PING,
  PONG,
  TOO_BIG,
} from './frames/frame-decoder.ts';
import { MessageSender } from './message-sender.ts';
import type { Role, TunnelCarrier, TunnelKind } from './tunnel-carrier.ts';

/** Status codes of RFC 6455 §7.4.1. */
export const GOING_AWAY = 1001;
export const NO_CLOSE = 1006;

/** How long a client waits for a server that has broken a rule: the application learns of it by then. */
const BROKEN_MS = 1_000;

/** By when the peers of all WebSockets have to act. */
const sweep = new DeadlineSweep<FrameTunnel>(systemClock);

export class FrameTunnel<Owner = unknown>
  extends MessageSender
  implements FrameSink, flow.FlowEvents, Expiring
{
  onSignal: SignalListener | undefined = undefined;
  /** Nothing is read for now. */
  isPaused = true;
  deadline = Infinity;
  isOver = false;
  readonly #kind: TunnelKind<Owner>;
  readonly #owner: Owner;
  readonly #carrier: TunnelCarrier;
  /** Only while it holds something. */
  #decoder: FrameDecoder | undefined = undefined;
  /** As soon as no message will be sent or received any more. */
  #closing: ClosingHandshake | undefined = undefined;
  #hasBegun = false;
  /** Nothing is decoded until the turn of the application has ended, and while its reader is behind. */
  #isHeld = true;
  #isInflating = false;
  #isDecoding = false;
  #awaitsPong = false;
  #owedPong: Uint8Array | undefined = undefined;

  constructor(
    carrier: TunnelCarrier,
    kind: TunnelKind<Owner>,
    deflate: DeflateExtension | undefined,
    owner: Owner,
  ) {
    super(carrier.octets, deflate);
    this.#kind = kind;
    this.#owner = owner;
    this.#carrier = carrier;
    const { pingInterval, closeTimeout } = kind.settings;
    sweep.tickFor([pingInterval, closeTimeout]);
    sweep.add(this);
    // Nothing is decoded before the turn of the application has ended, so that it can add its listeners.
    flow.attachFlow(this.octets, this);
    const received = carrier.takeReceived();
    if (received.length > 0) {
      this.#decoder = FrameDecoder.for(this);
      this.#decoder.receive(received);
    }
    setImmediate(begin, this);
  }

  get drainSignal(): AbortSignal | undefined {
    return this.#carrier.drainSignal;
  }

  get areMasked(): boolean {
    return this.#kind.role === 'server';
  }

  /** @internal */
  protected override get masks(): boolean {
    return this.#kind.role === 'client';
  }

  get maxMessageSize(): number {
    return this.#kind.settings.maxMessageSize;
  }

  get mayBeCompressed(): boolean {
    return this.deflate !== undefined;
  }

  get #peer(): Role {
    return this.#kind.role === 'client' ? 'server' : 'client';
  }

  get #isOpen(): boolean {
    return this.#closing === undefined && !this.isOver;
  }

  get #hasSentClose(): boolean {
    return this.#closing?.hasSent === true;
  }

  // --- what goes out ---

  /** @internal */
  protected onSent(): void {
    this.#carrier.onActivity();
    if (this.bufferedAmount > this.#kind.settings.maxBufferedAmount)
      this.cutOff(new Error(`The ${this.#peer} of a WebSocket does not read: maxBufferedAmount is exceeded`));
    else if (!this.#isDecoding) this.flushSoon();
  }

  /** Sends what was written, unless that happens anyway when everything that has arrived is decoded. */
  flush(): void {
    if (!this.#isDecoding && !this.isOver) this.writeCollected();
  }

  /** @internal */
  protected cutOff(error: unknown): void {
    this.#carrier.cutOff(error);
  }

  /** @internal */
  protected onNothingWaits(): void {
    if (this.#closing?.endsBehindSent) this.#endSending();
  }

  /** @param code `undefined` for none. @param reason of at most 123 bytes. */
  close(code: number | undefined, reason: string): void {
    if (this.isOver || this.#hasSentClose || this.octets.writableEnded) return;
    this.#stop().hasSent = true;
    this.sendClose(code, reason);
    this.flush();
    this.deadline = sweep.after(this.#kind.settings.closeTimeout);
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
    if (octets !== undefined) {
      this.#decoder ??= FrameDecoder.for(this);
      this.#decoder.receive(octets);
    } else this.#decoder?.resume();
    if (!isOutermost) return;
    this.#isDecoding = false;
    if (this.#decoder?.leave()) this.#decoder = undefined;
    this.flush();
    // The event may have come before, while something was busy.
    if (this.octets.readableEnded && !this.isBusy && !this.isOver) this.onPeerEnd();
    this.#regulate();
  }

  get isBusy(): boolean {
    return this.#isHeld || this.#isInflating;
  }

  #regulate(): void {
    const isPaused = this.isBusy && !this.isOver;
    if (isPaused === this.isPaused || this.#isDecoding) return;
    this.isPaused = isPaused;
    if (isPaused) flow.pause(this.octets as Socket);
    else flow.resume(this.octets as Socket);
  }

  /** Stops and continues reading from the peer. */
  hold(isHeld: boolean): void {
    if (!this.#hasBegun || isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (!this.isBusy && !this.#isDecoding) this.#decode();
    else this.#regulate();
  }

  onText(text: string): void {
    if (!this.isOver) this.#kind.listener.onMessage(this.#owner, text);
  }

  onBinary(payload: Buffer): void {
    if (!this.isOver) this.#kind.listener.onMessage(this.#owner, payload);
  }

  onCompressed(payload: Buffer, isText: boolean): void {
    this.#inflate(Buffer.from(payload), isText);
  }

  /** Nothing that arrives counts any more. */
  #deafen(): void {
    this.#decoder ??= FrameDecoder.for(this);
    this.#decoder.end();
  }

  #inflate(octets: Buffer, isText: boolean): void {
    this.#isInflating = true;
    this.deflate!.decompress(octets, true, (error, content) => {
      this.#isInflating = false;
      if (this.isOver) return;
      if (error) {
        const isTooBig = error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
        this.#deafen();
        if (isTooBig) this.onBroken(TOO_BIG, 'a message beyond maxMessageSize (RFC 6455 §7.4.1)');
        else this.onBroken(NOT_UTF8, 'octets that are not compressed (RFC 7692 §6.2)');
      } else if (isText && !isUtf8(content!)) {
        this.#deafen();
        this.onBroken(NOT_UTF8, 'text that is not UTF-8 (RFC 6455 §8.1)');
      } else {
        this.#kind.listener.onMessage(this.#owner, isText ? content!.toString() : content!);
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
    if (this.octets.writableNeedDrain) this.#owedPong = Buffer.from(data);
    else this.writeFrame(PONG, data, false);
  }

  onPong(data: Buffer): void {
    this.onSignal?.('pong', Buffer.from(data));
  }

  onDrain(): void {
    this.resolveDrained();
    const owed = this.#owedPong;
    this.#owedPong = undefined;
    if (owed !== undefined) this.#pong(owed);
    this.flush();
    if (this.#isOpen) this.onSignal?.('drain');
  }

  onCloseFrame(code: number, reason: string): void {
    this.#stop().received = { code, reason };
    // RFC 6455 §5.5.1: a close frame is answered with one, usually with the same code.
    this.close(code === NO_CODE ? undefined : code, '');
    // RFC 6455 §7.1.1: the server ends the connection first.
    if (this.#peer === 'client') this.#endSending();
    this.hold(false);
  }

  /** RFC 6455 §7.1.7. */
  onBroken(code: number, why: string): void {
    if (this.isOver) return;
    this.#kind.listener.onBroken(this.#owner, new Error(`The ${this.#peer} of a WebSocket has sent ${why}`));
    this.close(code, '');
    this.#endSending();
    if (this.#peer === 'server')
      this.deadline = sweep.after(Math.min(BROKEN_MS, this.#kind.settings.closeTimeout));
    this.hold(false);
  }

  onPeerEnd(): void {
    // What it sent before is decoded first.
    if (this.isBusy && this.#isOpen) return;
    if (this.#closing?.peerHasEnded) return;
    this.#stop().peerHasEnded = true;
    this.#endSending();
    this.#endIfDone();
  }

  // --- the end ---

  #stop(): ClosingHandshake {
    if (this.#closing !== undefined) return this.#closing;
    this.#closing = new ClosingHandshake();
    if (!this.isOver) this.#kind.listener.onClosing(this.#owner);
    return this.#closing;
  }

  #endSending(): void {
    if (this.octets.writableEnded) return;
    if (this.waits) {
      if (this.#hasSentClose) this.#closing!.endsBehindSent = true;
      else this.cutOff(new Error(`The ${this.#peer} of a WebSocket has gone without a close`));
      return;
    }
    this.writeCollected();
    this.octets.end(() => {
      this.#stop().hasEnded = true;
      this.#endIfDone();
    });
  }

  #endIfDone(): void {
    const closing = this.#closing;
    if (this.isOver || !closing?.hasEnded || !closing.peerHasEnded) return;
    this.#carrier.onEnd();
    this.onLost();
  }

  /** The connection has ended, was lost, or was cut off. */
  onLost(): void {
    if (this.isOver) return;
    this.isOver = true;
    sweep.delete(this);
    this.#decoder?.end();
    // Later: what is being compressed calls back, and the connection is about to be cut.
    if (this.deflate !== undefined) process.nextTick(() => this.deflate!.cleanup());
    this.resolveDrained();
    // RFC 6455 §7.1.4: it is clean when both ends have sent a close frame, however the connection ends.
    const wasClean = this.#closing?.received !== undefined && this.#hasSentClose;
    const { code, reason } = this.#closing?.received ?? { code: NO_CLOSE, reason: '' };
    this.#kind.listener.onEnd(this.#owner, code, reason, wasClean);
  }

  // --- keep-alive ---

  #awaitSilence(): void {
    this.deadline = sweep.after(this.#kind.settings.pingInterval);
  }

  /** A peer that vanishes sends no FIN: a ping that gets no answer shows that it has gone (RFC 6455 §5.5.2). */
  onDeadline(): void {
    this.deadline = Infinity;
    if (this.#hasSentClose)
      return this.cutOff(new Error(`The ${this.#peer} did not close its WebSocket in time`));
    if (this.#awaitsPong) return this.cutOff(new Error(`The ${this.#peer} of a WebSocket does not answer`));
    this.#awaitsPong = true;
    if (this.#isOpen) this.writeFrame(PING, new Uint8Array(0), false);
    this.flush();
    this.#awaitSilence();
  }
}

/** Closes all WebSockets of a server that goes away. */
export function goAway(drainSignal: AbortSignal): void {
  for (const each of sweep.entries) if (each.drainSignal === drainSignal) each.close(GOING_AWAY, '');
}

function begin(tunnel: FrameTunnel): void {
  tunnel.begin();
}
