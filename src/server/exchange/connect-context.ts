/** `ctx` for CONNECT and for requests that offer an `Upgrade` (Fetch Server API draft, "ConnectContext"). */

import { invalidState, notSupported } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import type { WebSocketUpgradeInit } from '../../websocket/options.ts';
import type { ServerWebSocket } from '../../websocket/server-socket.ts';
import { type ConnectContext, FALL_THROUGH, type Tunnel } from '../api.ts';
import { ExchangeContext } from './context.ts';
import type { Exchange } from './exchange.ts';
import { acceptTunnel } from './tunnel.ts';

export class ConnectExchangeContext extends ExchangeContext implements ConnectContext {
  readonly #exchange: Exchange;
  /** The exchange is `fetch()`'s now, and this context can do nothing to it any more. */
  #isInert = false;

  constructor(exchange: Exchange) {
    super(exchange);
    this.#exchange = exchange;
  }

  /** As in `ExchangeContext`: `this` may be an object that inherits from the context. */
  static #originalOf(context: ConnectExchangeContext): ConnectExchangeContext {
    let original = context;
    while (!(#exchange in original)) original = Object.getPrototypeOf(original);
    return original;
  }

  /** @throws {DOMException} `InvalidStateError` once `fetch()` has taken over. */
  static #exchangeOf(context: ConnectExchangeContext): Exchange {
    const original = ConnectExchangeContext.#originalOf(context);
    if (original.#isInert) throw invalidState('The exchange has fallen through to fetch()');
    return original.#exchange;
  }

  get connectProtocol(): string | null {
    return ConnectExchangeContext.#originalOf(this).#exchange.head.connect!.protocol;
  }

  async accept(init?: { headers?: FieldsInit }): Promise<Tunnel> {
    const exchange = ConnectExchangeContext.#exchangeOf(this);
    await passContent(exchange);
    return acceptTunnel(exchange, exchange.head.connect!.protocol, init?.headers);
  }

  override upgradeWebSocket(init?: WebSocketUpgradeInit): ServerWebSocket {
    return ConnectExchangeContext.#exchangeOf(this).upgradeWebSocket(init);
  }

  upgradeWebTransport(): never {
    ConnectExchangeContext.#exchangeOf(this);
    throw notSupported('upgradeWebTransport: HTTP/1.x can not carry it');
  }

  override deny(error?: unknown): void {
    const exchange = ConnectExchangeContext.#exchangeOf(this);
    if (error !== FALL_THROUGH) {
      super.deny(error);
      return;
    }
    // A CONNECT is the tunnel: there is no ordinary request in it that could go on (draft, "Upgrade fall-through").
    if (this.connectProtocol === null) throw invalidState('deny: a CONNECT can not fall through');
    if (exchange.isAborted) return;
    if (exchange.state !== 'open') throw invalidState(`deny: the exchange is ${exchange.state}`);
    exchange.fallsThrough = true;
    ConnectExchangeContext.#originalOf(this).#isInert = true;
  }
}

/** The other protocol begins behind the content of the request, whether anybody wanted that or not (RFC 9110 §7.8). */
async function passContent({ content, wire }: Exchange): Promise<void> {
  if (content === undefined || wire.requestIsComplete) return;
  if (content.hasReader) throw invalidState('accept: the content of the request is still being read');
  await content.collect();
}
