/** One binding to an address: accepts connections and knows them all (draft, "Listener"). */

import { createServer, type Socket, type Server as SocketServer } from 'node:net';
import { connectionReset } from '../../fetch/errors.ts';
import { Origins } from '../../fetch/request-url.ts';
import { ScannerPool } from '../../http1/head/head-scanners.ts';
import { acceptDirectly } from '../../io/accepting/accept-directly.ts';
import type { DeadlineSweep } from '../../io/deadline.ts';
import { Deferred } from '../../io/deferred.ts';
import { shareReading } from '../../io/driven-socket.ts';
import { printAs } from '../../io/printed-as.ts';
import type { SocketAddress } from '../../io/socket-address.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { hostAndPort } from '../../semantics/address/authority.ts';
import type { RequestHead } from '../../semantics/request-head.ts';
import { TlsAcceptance } from '../../tls/acceptance.ts';
import { Admission } from '../admission/admission.ts';
import { reportFault } from '../diagnostics.ts';
import { checkDrainOptions, type DrainOptions } from '../drain-options.ts';
import { type Application, beginExchange } from '../exchange/begin.ts';
import type { Handlers } from '../exchange/call-convention.ts';
import type { Wire } from '../exchange/wire.ts';
import type { ServerObserver } from '../observer.ts';
import type { ListenOptions, ServerSettings } from '../options.ts';
import type { Forwarding } from '../proxy/forwarding.ts';
import type { Listener } from '../running-server.ts';
import type { LiveConnection, Service } from '../service.ts';
import type { Counters, ServerStatus } from '../status.ts';
import { AcceptFaults } from './accept-faults.ts';
import { type BindOptions, bind } from './binding.ts';

/** What a listener takes from its server. */
export interface ListenerHost extends ServerStatus {
  readonly handlers: Handlers;
  readonly sweep: DeadlineSweep;
  readonly waitingFor: Set<unknown>;
  readonly counters: Counters;
  readonly observer?: ServerObserver | undefined;
  onWaitedFor(): void;
  onListenerClosed(listener: SocketListener): void;
}

/** The least time without progress after which a draining server gives a client up. */
const LEAST_PATIENCE_MS = 5_000;

type Phase = 'listening' | 'draining' | 'closing' | 'closed';

export class SocketListener implements Application, Listener, Service {
  busy = false;
  get closed(): Promise<void> {
    return this.#closed.promise;
  }
  settings: ServerSettings;
  readonly origins: Origins;
  readonly handlers: Handlers;
  readonly tls: TlsAcceptance | undefined;
  readonly scanners: ScannerPool;
  /** The path of a unix socket; empty for an inherited one whose path is unknown. */
  socketPath: string | undefined;
  readonly server: ServerStatus;
  readonly counters: Counters;

  #phase: Phase = 'listening';
  #address: SocketAddress = { address: '', port: 0, family: '' };
  readonly #closed = new Deferred();
  #grace: NodeJS.Timeout | undefined;
  /** Rejects what `bind` returned, until it is bound. */
  #giveUpBinding: ((error: unknown) => void) | undefined;
  readonly #host: ListenerHost;
  readonly #server: SocketServer;
  readonly #admission: Admission;
  readonly #acceptFaults = new AcceptFaults();

  /** @param handlers those of the server, unless others answer here. */
  constructor(
    host: ListenerHost,
    settings: ServerSettings,
    options: ListenOptions,
    handlers = host.handlers,
  ) {
    this.#host = host;
    this.server = host;
    this.counters = host.counters;
    this.settings = settings;
    this.handlers = handlers;
    const { tls, maxHandshakes } = settings;
    const onFault = (error: unknown) => reportFault(error, 'a certificate was not replaced');
    this.tls = tls && new TlsAcceptance(tls, maxHandshakes, onFault);
    this.origins = new Origins(this.tls === undefined ? 'http' : 'https');
    this.#admission = new Admission(this, () => this.#settleIfClosed());
    this.scanners = new ScannerPool(settings.messageLimits);
    this.socketPath = options.path;
    this.closed.catch(() => {});
    // A client may send FIN and still wait for its answer, so our side stays open (RFC 9112 §9.6).
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.accept(socket));
    host.sweep.tickFor(Object.values(settings.timeouts));
  }

  /** Rejects with the system's error and its `code`: EADDRINUSE, EACCES, EADDRNOTAVAIL. */
  async bind(options: BindOptions): Promise<this> {
    const givenUp = new Promise<never>((_resolve, reject) => {
      this.#giveUpBinding = reject;
    });
    try {
      const isWanted = () => this.#phase === 'listening';
      this.#address = await Promise.race([bind(this.#server, options, isWanted), givenUp]);
    } catch (error) {
      this.tls?.close();
      // Who was told to end while it was being bound ends as it was told.
      if (this.#phase === 'listening') {
        this.#phase = 'closed';
        this.#closed.resolve();
      }
      throw error;
    }
    this.#giveUpBinding = undefined;
    if (this.#address.family === 'unix') this.socketPath = this.#address.address;
    this.#server.on('error', (error) => this.#acceptFaults.onError(error));
    // TLS needs the stream from the beginning.
    if (this.tls === undefined) acceptDirectly(this.#server, (socket) => this.accept(socket));
    return this;
  }

  get address(): SocketAddress {
    return this.#address;
  }

  get encrypted(): boolean {
    return this.tls !== undefined;
  }

  get url(): string | undefined {
    const { address, port, family } = this.#address;
    if (!this.isListening || family === 'unix') return undefined;
    const name = address === '0.0.0.0' || address === '::' ? 'localhost' : address;
    return `${this.encrypted ? 'https' : 'http'}://${hostAndPort(name, port)}/`;
  }

  get connectionCount(): number {
    return this.#admission.served;
  }

  get waitingCount(): number {
    return this.#admission.waiting;
  }

  get isListening(): boolean {
    return this.#phase === 'listening' && this.#giveUpBinding === undefined && this.#server.listening;
  }

  // --- ending ---

  close(): Promise<void> {
    if (this.#phase === 'closed' || this.#phase === 'closing') return this.closed;
    this.#stopAccepting();
    this.#phase = 'closing';
    clearTimeout(this.#grace);
    const { close: patience } = this.settings.timeouts;
    if (patience > 0) this.#grace = setTimeout(() => this.#cutOff(), patience);
    this.#admission.close();
    this.#settleIfClosed();
    return this.closed;
  }

  drain({ grace = 10_000 }: Omit<DrainOptions, 'delay'> = {}): Promise<void> {
    checkDrainOptions({ grace });
    if (this.#phase !== 'listening') return this.closed;
    this.#stopAccepting();
    this.#phase = 'draining';
    this.#shortenTimeouts(Math.max(grace, LEAST_PATIENCE_MS));
    if (grace !== Infinity) this.#grace = setTimeout(() => void this.close(), grace);
    this.#settleIfClosed();
    return this.closed;
  }

  destroy(error: unknown = new DOMException('The listener was destroyed', 'AbortError')): void {
    if (this.#phase === 'closed') return;
    this.#stopAccepting();
    this.#phase = 'closed';
    clearTimeout(this.#grace);
    this.#closed.reject(error);
    this.#admission.destroy(connectionReset('The server was destroyed', error));
    this.#host.onListenerClosed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A client that makes no progress does not hold up the end. One that does may finish. */
  #shortenTimeouts(most: number): void {
    const shorter = (timeout: number) => (timeout === 0 ? 0 : Math.min(timeout, most));
    const { timeouts } = this.settings;
    const [headers, receive, send] = [timeouts.headers, timeouts.receive, timeouts.send].map(shorter);
    this.settings = {
      ...this.settings,
      timeouts: { ...timeouts, headers, receive, send } as typeof timeouts,
    };
    this.#admission.hurry();
  }

  /** Exchanges had their time to finish: whatever goes on, such as an idle stream, holds the end up no longer. */
  #cutOff(): void {
    this.#admission.destroy(connectionReset('The server has closed'));
  }

  #stopAccepting(): void {
    if (this.#phase !== 'listening') return;
    this.tls?.close();
    this.#server.close(() => this.#settleIfClosed());
    this.#giveUpBinding?.(new DOMException('The listener was closed before it was bound', 'AbortError'));
  }

  #settleIfClosed(): void {
    if (this.#phase !== 'closing' && this.#phase !== 'draining') return;
    if (!this.#admission.isEmpty) return;
    this.#phase = 'closed';
    clearTimeout(this.#grace);
    this.#closed.resolve();
    this.#host.onListenerClosed(this);
  }

  // --- connections ---

  accept(socket: Socket): void {
    this.#acceptFaults.onAccepted(socket);
    shareReading(socket);
    this.#admission.accept(socket);
  }

  begin(wire: Wire, head: RequestHead, isTurnedAway = false, fault?: Rejection): Rejection | undefined {
    return beginExchange(wire, head, this, isTurnedAway, fault);
  }

  onConnectionClose(connection: LiveConnection): void {
    this.#admission.onConnectionClose(connection);
  }

  replaceConnection(connection: LiveConnection, tunnel: LiveConnection): void {
    this.#admission.replaceConnection(connection, tunnel);
  }

  get acceptsTunnels(): boolean {
    return this.handlers.connect !== undefined;
  }

  get answersClientFaults(): boolean {
    return this.handlers.clientError !== undefined;
  }

  get forwarding(): Forwarding | undefined {
    return this.settings.proxy?.forwarding;
  }

  get sweep(): DeadlineSweep {
    return this.#host.sweep;
  }

  get observer(): ServerObserver | undefined {
    return this.#host.observer;
  }

  get defaultAuthority(): string {
    const { address, port, family } = this.#address;
    if (family === 'unix') return 'localhost';
    return hostAndPort(address, port);
  }

  get isBusy(): boolean {
    return this.busy || this.#host.busy || this.#phase === 'closing';
  }

  get refusesLateRequests(): boolean {
    return this.#phase === 'closing';
  }

  get isClosing(): boolean {
    return this.#phase !== 'listening' || this.#admission.waiting > 0;
  }

  get waitingFor(): Set<unknown> {
    return this.#host.waitingFor;
  }

  onWaitedFor(): void {
    this.#host.onWaitedFor();
  }
}

printAs(SocketListener, 'Listener', {
  text: ({ address, url, isListening }) => (isListening ? (url ?? address.address) : 'not listening'),
  members: ({ url, address, isListening, encrypted, busy, connectionCount, waitingCount }) => ({
    ...{ listening: isListening, url, address, encrypted, busy, connectionCount, waitingCount },
  }),
});
