/** `ctx.upgradeWebSocket()`: the handshake, and the WebSocket on the tunnel that it opens (Fetch Server API draft, "WebSocket upgrade"). */
import { invalidState } from '../../fetch/errors.ts';
import { Rejection } from '../../octets/rejection.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import { HANDSHAKE_REJECTIONS, shakeHands, versionFields } from '../../websocket/handshake.ts';
import { resolveWebSocketOptions, type WebSocketUpgradeInit } from '../../websocket/options.ts';
import type { ServerWebSocket } from '../../websocket/server-socket.ts';
import { clientFaultError } from './client-fault.ts';
import { type CarriedExchange, WebSocketExchange } from './websocket-exchange.ts';
import type { Wire } from './wire.ts';

/** Why the server answers for a handler that has failed, and with which status. */
export interface ClientFault {
  readonly error: unknown;
  readonly rejection: Rejection;
  /** Whether the connection can't go on: what follows may be the rest of the content. */
  readonly closes: boolean;
  readonly fields?: FieldLines;
}

/** What the upgrade takes from an exchange. */
export interface UpgradableExchange extends CarriedExchange {
  readonly origin: string;
  readonly wire: Wire;
  readonly signal: AbortSignal;
  status: number;
  clientFault: ClientFault | undefined;
  transition(operation: 'accept'): boolean;
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
  return new WebSocketExchange(exchange, opened).open(handshake, settings);
}

function refused(exchange: UpgradableExchange, rejection: Rejection): Error {
  const error = clientFaultError(rejection);
  const fields = rejection === HANDSHAKE_REJECTIONS.WebSocketVersion ? { fields: versionFields() } : {};
  exchange.clientFault = { error, rejection, closes: false, ...fields };
  return error;
}
