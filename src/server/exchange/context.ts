/** `ctx`: what a handler may know of an exchange and do to it (Fetch Server API draft, "ServerContext"). */

import { invalidState } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import { parsePriority } from '../../semantics/priority.ts';
import { FALL_THROUGH, type RequestPriority, type ServerContext } from '../api.ts';
import type { ServerStatus } from '../status.ts';
import type { Exchange } from './exchange.ts';

export class ExchangeContext implements ServerContext {
  serverPriority: RequestPriority | null = null;
  onpriority: ((priority: RequestPriority) => void) | null = null;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  get request(): Request {
    return this.#exchange.request.native;
  }

  get remoteAddress(): SocketAddress {
    return this.#exchange.forwardedFor ?? this.#exchange.driver.addresses.remoteAddress;
  }

  get localAddress(): SocketAddress {
    return this.#exchange.driver.addresses.localAddress;
  }

  get alpnProtocol(): string {
    return 'http/1.1';
  }

  get encrypted(): boolean {
    return false;
  }

  get serverName(): string | null {
    return null;
  }

  get clientPriority(): RequestPriority {
    return parsePriority(this.#exchange.head.fields.get('priority') ?? '');
  }

  get autoContinue(): boolean {
    return this.#exchange.driver.service.settings.autoContinue;
  }

  get server(): ServerStatus {
    return this.#exchange.driver.service.server;
  }

  get completed(): Promise<void> {
    return this.#exchange.completed;
  }

  get receivedHead(): string {
    return this.#exchange.head.text;
  }

  sendInformational(status: number, headers?: FieldsInit): void {
    this.#exchange.sendInformational(status, headers);
  }

  deny(error?: unknown): void {
    // Only an upgrade can be declined for `fetch()` to take over (draft, "Upgrade fall-through").
    if (error === FALL_THROUGH) throw invalidState('deny: there is no upgrade to decline');
    this.#exchange.deny();
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#exchange.waitUntil(promise);
  }
}
