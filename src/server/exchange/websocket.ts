/** `ctx.upgradeWebSocket()`: the handshake, and the WebSocket on the tunnel that it opens (Fetch Server API draft, "WebSocket upgrade"). */
import { invalidState } from '../../fetch/errors.ts';
import { Rejection } from '../../octets/rejection.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import { HANDSHAKE_REJECTIONS, shakeHands, versionFields } from '../../websocket/handshake.ts';
import { resolveWebSocketOptions, type WebSocketUpgradeInit } from '../../websocket/options.ts';
import { ServerWebSocket, type WebSocketCarrier } from '../../websocket/server-socket.ts';
import { reportFault } from '../diagnostics.ts';
import type { ServerStatus } from '../status.ts';
import { clientFaultError } from './client-fault.ts';
import type { OpenedTunnel, Wire } from './wire.ts';

/** Why the server answers for a handler that has failed, and with which status. */
export interface ClientFault {
  readonly error: unknown;
  readonly rejection: Rejection;
  /** Whether the connection can't go on: what follows may be the rest of the content. */
  readonly closes: boolean;
  readonly fields?: FieldLines;
}

/** What the upgrade takes from an exchange. */
export interface UpgradableExchange {
  readonly head: RequestHead;
  readonly origin: string;
  readonly wire: Wire;
  readonly signal: AbortSignal;
  readonly host: { readonly server: ServerStatus };
  status: number;
  clientFault: ClientFault | undefined;
  openResponse: { cancel(error: unknown): void } | undefined;
  transition(operation: 'accept'): boolean;
  onResponseEnd(): void;
}

/**
 * @throws {DOMException} `InvalidStateError` if the request offers no WebSocket, or has been answered.
 * @throws {ProtocolError} for a handshake that breaks a rule. A handler that does not catch it leaves the answer to the server: 400,
 *   403 for another origin, or 426 for another version.
 */
export function upgradeWebSocket(
  exchange: UpgradableExchange,
  init: WebSocketUpgradeInit | undefined,
): ServerWebSocket {
  const { head, wire } = exchange;
  if (head.connect?.protocol !== 'websocket')
    throw invalidState('upgradeWebSocket: the request does not offer a WebSocket');
  const settings = resolveWebSocketOptions(init);
  const handshake = shakeHands(head, exchange.origin, settings);
  if (handshake instanceof Rejection) throw refused(exchange, handshake);
  if (!exchange.transition('accept')) throw exchange.signal.reason;
  const opened = wire.openTunnel(handshake.fields, 'websocket');
  exchange.status = opened.status;
  const carrier = new ExchangeCarrier(exchange, opened);
  const socket = new ServerWebSocket(carrier, handshake, settings);
  exchange.openResponse = { cancel: () => socket.onLost() };
  return socket;
}

class ExchangeCarrier implements WebSocketCarrier {
  readonly #exchange: UpgradableExchange;
  readonly #opened: OpenedTunnel;
  readonly origin: string;

  constructor(exchange: UpgradableExchange, opened: OpenedTunnel) {
    this.origin = exchange.head.fields.get('origin') ?? '';
    this.#exchange = exchange;
    this.#opened = opened;
  }

  get octets(): OpenedTunnel['octets'] {
    return this.#opened.octets;
  }

  get received(): Uint8Array {
    return this.#opened.received;
  }

  get drainSignal(): AbortSignal {
    return this.#exchange.host.server.drainSignal;
  }

  onActivity(): void {
    this.#opened.onActivity();
  }

  onFault(error: unknown): void {
    reportFault(error, 'a listener of a WebSocket', this.#exchange.head);
  }

  onEnd(): void {
    this.#exchange.onResponseEnd();
    this.#opened.close();
  }

  abort(error: unknown): void {
    this.#exchange.wire.abort(error);
  }
}

function refused(exchange: UpgradableExchange, rejection: Rejection): Error {
  const error = clientFaultError(rejection);
  const fields = rejection === HANDSHAKE_REJECTIONS.WebSocketVersion ? { fields: versionFields() } : {};
  exchange.clientFault = { error, rejection, closes: false, ...fields };
  return error;
}
