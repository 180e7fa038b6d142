/** The server's end of a WebSocket. It is open from the beginning, and closes when its server begins to end. */
import { Buffer } from 'node:buffer';
import type { SignalListener } from './frame-listener.ts';
import { GOING_AWAY, goAway } from './frame-tunnel.ts';
import type { MadeFrame } from './frames/server-frames.ts';
import type { WebSocketSettings } from './options.ts';
import { type Negotiated, StandardWebSocket } from './standard-socket.ts';
import type { TunnelCarrier } from './tunnel-carrier.ts';

/** What a WebSocket takes from the exchange that it came from. */
export interface WebSocketCarrier extends TunnelCarrier {
  /** The origin of the page that the client named; empty without one. */
  readonly origin: string;
  /** Aborted when the server begins to end. */
  readonly drainSignal: AbortSignal;
  /** A listener has failed. */
  onFault(error: unknown): void;
}

/** Bytes of a control frame (RFC 6455 §5.5). */
const LONGEST_CONTROL = 125;

export const SEND_FRAME = Symbol('serval.sendFrame');
export const LISTEN_TO_SIGNALS = Symbol('serval.listenToSignals');

/** The signals of servers whose WebSockets are closed when they begin to end. */
const heard = new WeakSet<AbortSignal>();

export class ServerWebSocket extends StandardWebSocket {
  readonly #carrier: WebSocketCarrier;

  /** @internal */
  constructor(carrier: WebSocketCarrier, negotiated: Negotiated, settings: WebSocketSettings) {
    super();
    this.#carrier = carrier;
    this.open(carrier, 'server', negotiated, settings);
    closeOnDrain(this, carrier.drainSignal);
  }

  /** Empty: the URL is the client's (draft, "WebSocket upgrade"). */
  get url(): string {
    return '';
  }

  /** @internal */
  protected override get origin(): string {
    return this.#carrier.origin;
  }

  /** @internal For `Topics`: a message whose frame was made for several sockets. */
  [SEND_FRAME](frame: MadeFrame): void {
    if (this.readyState === this.OPEN) this.tunnel!.sendMade(frame);
  }

  /**
   * Serval's own: sends a ping, which the client has to answer. Without effect when the WebSocket is closing or closed.
   *
   * @throws {RangeError} for more than 125 bytes (RFC 6455 §5.5).
   */
  ping(data: string | Uint8Array = ''): void {
    const octets = Buffer.from(data as string);
    if (octets.length > LONGEST_CONTROL)
      throw new RangeError(`ping: expected at most ${LONGEST_CONTROL} bytes, got ${octets.length}`);
    if (this.readyState === this.OPEN) this.tunnel!.ping(octets);
  }

  /** @internal For adapters: what the standard interface does not tell. */
  [LISTEN_TO_SIGNALS](listener: SignalListener): void {
    this.tunnel!.onSignal = listener;
  }

  /** Serval's own: cuts the connection off, without a close frame. `onclose` gets 1006. */
  terminate(): void {
    if (this.readyState !== this.CLOSED) this.#carrier.cutOff(new Error('The WebSocket was terminated'));
  }

  /** @internal The server begins to end. */
  goAway(): void {
    this.tunnel!.close(GOING_AWAY, '');
  }

  /** @internal The connection was lost, or cut off. */
  onLost(): void {
    this.tunnel!.onLost();
  }

  /** @internal */
  protected override onFault(error: unknown): void {
    this.#carrier.onFault(error);
  }
}

function closeOnDrain(socket: ServerWebSocket, drainSignal: AbortSignal): void {
  if (drainSignal.aborted) setImmediate(() => socket.goAway());
  if (heard.has(drainSignal)) return;
  heard.add(drainSignal);
  drainSignal.addEventListener('abort', () => goAway(drainSignal));
}
