/**
 * What an exchange is once it has become a WebSocket. It stands between the WebSocket and its tunnel, and holds the exchange, with
 * the request and the context, only if somebody has to hear of its end: most WebSockets are idle, and there are many.
 */
import { ownText } from '../../io/latin1.ts';
import type { Rejection } from '../../octets/rejection.ts';
import type { Priority } from '../../semantics/priority.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import type { Handshake } from '../../websocket/handshake.ts';
import type { WebSocketSettings } from '../../websocket/options.ts';
import { ServerWebSocket, type WebSocketCarrier } from '../../websocket/server-socket.ts';
import { reportFault } from '../diagnostics.ts';
import type { Counters, ServerStatus } from '../status.ts';
import type { Carried, OpenedTunnel } from './wire.ts';

/** How an exchange has ended that is not held any more. */
export interface Successor {
  /** `undefined` while it goes on. `error`: why it was cut off. */
  readonly outcome: { readonly error: unknown } | undefined;
  /** The exchange that hears of the end. */
  exchange: CarriedExchange | undefined;
}

export interface CarriedExchange extends Carried {
  readonly head: RequestHead;
  readonly host: { readonly server: ServerStatus; readonly counters: Counters };
  /** Sets `exchange` of the successor now, or when somebody asks how it ends. */
  leaveTo(successor: Successor): void;
  onResponseEnd(): void;
}

const SWITCHING_PROTOCOLS = 101;

const ENDED = { error: undefined };

export class WebSocketExchange implements Carried, Successor, WebSocketCarrier {
  exchange: CarriedExchange | undefined;
  outcome: { readonly error: unknown } | undefined;
  readonly origin: string;
  readonly #path: string;
  readonly #host: CarriedExchange['host'];
  readonly #opened: OpenedTunnel;
  #socket: ServerWebSocket | undefined;

  constructor(exchange: CarriedExchange, opened: OpenedTunnel) {
    const { head, host } = exchange;
    this.exchange = undefined;
    this.outcome = undefined;
    this.origin = ownText(head.fields.get('origin') ?? '');
    this.#path = ownText(head.path);
    this.#host = host;
    this.#opened = opened;
    this.#socket = undefined;
    exchange.leaveTo(this);
    opened.carry(this);
  }

  open(handshake: Handshake, settings: WebSocketSettings): ServerWebSocket {
    this.#socket = new ServerWebSocket(this, handshake, settings);
    return this.#socket;
  }

  // --- for the WebSocket ---

  get octets(): OpenedTunnel['octets'] {
    return this.#opened.octets;
  }

  takeReceived(): Uint8Array {
    return this.#opened.takeReceived();
  }

  get drainSignal(): AbortSignal {
    return this.#host.server.drainSignal;
  }

  onActivity(): void {
    this.#opened.onActivity();
  }

  onFault(error: unknown): void {
    // RFC 6455 §4.1, RFC 8441 §4.
    const method = this.#opened.status === SWITCHING_PROTOCOLS ? 'GET' : 'CONNECT';
    reportFault(error, 'a listener of a WebSocket', { method, path: this.#path });
  }

  onEnd(): void {
    this.outcome = ENDED;
    if (this.exchange === undefined) this.#host.counters.requestsFinished++;
    else this.exchange.onResponseEnd();
    this.#opened.close();
  }

  cutOff(error: unknown): void {
    this.#opened.abort(error);
  }

  // --- for the connection ---

  get content(): Carried['content'] {
    return this.exchange?.content;
  }

  get responseIsComplete(): boolean {
    return this.outcome === ENDED;
  }

  get owesContinue(): boolean {
    return false;
  }

  get hasAnswered(): boolean {
    return true;
  }

  get isAnswering(): boolean {
    return true;
  }

  onContentRejected(rejection: Rejection): void {
    this.exchange?.onContentRejected(rejection);
  }

  onPriority(priority: Priority): void {
    this.exchange?.onPriority(priority);
  }

  onPeerEnd(): void {}

  abort(error: unknown): void {
    this.exchange?.abort(error);
    if (this.outcome === undefined) {
      this.outcome = { error };
      if (this.exchange === undefined) this.#host.counters.requestsCutOff++;
    }
    this.#socket?.onLost();
  }
}
