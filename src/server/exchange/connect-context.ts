/** `ctx` for CONNECT and for requests that offer an `Upgrade` (Fetch Server API draft, "ConnectContext"). */

import { invalidState, notSupported } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
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

  get connectProtocol(): string | null {
    return this.#exchange.head.connect!.protocol;
  }

  async accept(init?: { headers?: FieldsInit }): Promise<Tunnel> {
    this.#refuseIfInert();
    await this.#passContent();
    return acceptTunnel(this.#exchange, this.connectProtocol, init?.headers);
  }

  upgradeWebSocket(): never {
    this.#refuseIfInert();
    throw notSupported('upgradeWebSocket: not supported yet');
  }

  upgradeWebTransport(): never {
    this.#refuseIfInert();
    throw notSupported('upgradeWebTransport: HTTP/1.x can not carry it');
  }

  override deny(error?: unknown): void {
    this.#refuseIfInert();
    if (error !== FALL_THROUGH) {
      super.deny(error);
      return;
    }
    // A CONNECT is the tunnel: there is no ordinary request in it that could go on (draft, "Upgrade fall-through").
    if (this.connectProtocol === null) throw invalidState('deny: a CONNECT can not fall through');
    if (this.#exchange.isAborted) return;
    if (this.#exchange.state !== 'open') throw invalidState(`deny: the exchange is ${this.#exchange.state}`);
    this.#exchange.fallsThrough = true;
    this.#isInert = true;
  }

  /** The other protocol begins behind the content of the request, whether anybody wanted that or not (RFC 9110 §7.8). */
  async #passContent(): Promise<void> {
    const { content, wire } = this.#exchange;
    if (content === undefined || wire.requestIsComplete) return;
    if (content.hasReader) throw invalidState('accept: the content of the request is still being read');
    await content.collect();
  }

  #refuseIfInert(): void {
    if (this.#isInert) throw invalidState('The exchange has fallen through to fetch()');
  }
}
