/** `ctx`: what a handler may know of an exchange and do to it (Fetch Server API draft, "ServerContext"). */

import type { X509Certificate } from 'node:crypto';
import { invalidState } from '../../fetch/errors.ts';
import type { FieldsInit } from '../../fetch/fields-init.ts';
import type { LightRequest } from '../../fetch/request.ts';
import { requestPath } from '../../fetch/request-url.ts';
import { printAs } from '../../io/printed-as.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import { parsePriority } from '../../semantics/priority.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import type { WebSocketUpgradeInit } from '../../websocket/options.ts';
import type { ServerWebSocket } from '../../websocket/server-socket.ts';
import { FALL_THROUGH, type RequestPriority, type ServerContext } from '../api.ts';
import type { ServerStatus } from '../status.ts';
import type { Wire } from './wire.ts';

/** What a context takes from its exchange. */
export interface ContextSource {
  readonly wire: Wire;
  readonly host: { readonly server: ServerStatus; readonly settings: { readonly autoContinue: boolean } };
  readonly head: RequestHead;
  readonly request: LightRequest;
  readonly remoteAddress: SocketAddress;
  readonly completed: Promise<void>;
  sendInformational(status: number, headers?: FieldsInit): void;
  deny(): void;
  waitUntil(promise: Promise<unknown>): void;
  upgradeWebSocket(init: WebSocketUpgradeInit | undefined): ServerWebSocket;
}

export class ExchangeContext implements ServerContext {
  onpriority: ((priority: RequestPriority) => void) | null = null;
  readonly #exchange: ContextSource;
  #serverPriority: RequestPriority | null = null;

  constructor(exchange: ContextSource) {
    this.#exchange = exchange;
  }

  /** Frameworks make objects with `ctx` as their prototype. Private members are not inherited, so this finds who has them. */
  static #of(context: ExchangeContext): ExchangeContext {
    let original = context;
    while (!(#exchange in original)) original = Object.getPrototypeOf(original);
    return original;
  }

  get request(): Request {
    return ExchangeContext.#of(this).#exchange.request.native;
  }

  get path(): string {
    return requestPath(ExchangeContext.#of(this).#exchange.head.path);
  }

  get remoteAddress(): SocketAddress {
    return ExchangeContext.#of(this).#exchange.remoteAddress;
  }

  /** The same in the shape of Deno's `info`, where Hono's `getConnInfo` looks for it. */
  get remoteAddr(): { hostname: string; port: number; transport: 'tcp' | 'unix' } {
    const { address, port, family } = this.remoteAddress;
    return { hostname: address, port, transport: family === 'unix' ? 'unix' : 'tcp' };
  }

  get localAddress(): SocketAddress {
    return ExchangeContext.#of(this).#exchange.wire.addresses.localAddress;
  }

  get alpnProtocol(): string {
    return ExchangeContext.#of(this).#exchange.wire.security.alpnProtocol;
  }

  get encrypted(): boolean {
    return ExchangeContext.#of(this).#exchange.wire.security.encrypted;
  }

  get serverName(): string | null {
    return ExchangeContext.#of(this).#exchange.wire.security.serverName;
  }

  get peerCertificate(): X509Certificate | null {
    return ExchangeContext.#of(this).#exchange.wire.security.peerCertificate;
  }

  get clientPriority(): RequestPriority {
    const { wire, head } = ExchangeContext.#of(this).#exchange;
    return wire.clientPriority ?? parsePriority(head.fields.get('priority') ?? '');
  }

  get serverPriority(): RequestPriority | null {
    return ExchangeContext.#of(this).#serverPriority;
  }

  set serverPriority(priority: RequestPriority | null) {
    ExchangeContext.#of(this).#serverPriority = priority;
    ExchangeContext.#of(this).#exchange.wire.prioritize(priority ?? undefined);
  }

  get autoContinue(): boolean {
    return ExchangeContext.#of(this).#exchange.host.settings.autoContinue;
  }

  get server(): ServerStatus {
    return ExchangeContext.#of(this).#exchange.host.server;
  }

  get completed(): Promise<void> {
    return ExchangeContext.#of(this).#exchange.completed;
  }

  get receivedHead(): string {
    return ExchangeContext.#of(this).#exchange.head.text;
  }

  sendInformational(status: number, headers?: FieldsInit): void {
    ExchangeContext.#of(this).#exchange.sendInformational(status, headers);
  }

  deny(error?: unknown): void {
    // Only an upgrade can be declined for `fetch()` to take over (draft, "Upgrade fall-through").
    if (error === FALL_THROUGH) throw invalidState('deny: there is no upgrade to decline');
    ExchangeContext.#of(this).#exchange.deny();
  }

  upgradeWebSocket(init?: WebSocketUpgradeInit): ServerWebSocket {
    return ExchangeContext.#of(this).#exchange.upgradeWebSocket(init);
  }

  waitUntil(promise: Promise<unknown>): void {
    ExchangeContext.#of(this).#exchange.waitUntil(promise);
  }
}

printAs(ExchangeContext, 'ServerContext', {
  text: ({ path }) => path.replace(/\?.*$/s, ''),
  members: ({ path, remoteAddress, localAddress, alpnProtocol, encrypted, serverName, server }) => ({
    ...{ path, remoteAddress, localAddress, alpnProtocol, encrypted, serverName },
    server: String(server),
  }),
});
