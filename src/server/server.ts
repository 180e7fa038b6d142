/** What `serve` returns: listeners, one handler, and how it all ends (draft, "Server and Listener"). */

import { LightRequest } from '../fetch/request.ts';
import { type Clock, systemClock } from '../io/clock.ts';
import { DeadlineSweep } from '../io/deadline.ts';
import { Deferred } from '../io/deferred.ts';
import { printAs } from '../io/printed-as.ts';
import type { SocketAddress } from '../io/socket-address.ts';
import { withNumericPort } from '../options/port.ts';
import { isTlsSource } from '../tls/source.ts';
import { checkDrainOptions, type DrainOptions } from './drain-options.ts';
import { type Handlers, resolveHandlers } from './exchange/call-convention.ts';
import type { BindOptions } from './listening/binding.ts';
import { type ListenerHost, SocketListener } from './listening/listener.ts';
import { LocalRequests } from './local-requests.ts';
import { OBSERVE, type ObservableServer, type ServerObserver } from './observer.ts';
import { noteOpenServer } from './open-servers.ts';
import {
  definedIn,
  HSTS_WITHOUT_TLS,
  type ListenOptions,
  resolveSettings,
  type ServerOptions,
  type ServerSettings,
} from './options.ts';
import { redirectToHttps } from './redirect-http.ts';
import type { Server } from './running-server.ts';
import { Counters, type ServerCounts } from './status.ts';

export class HttpServer implements ListenerHost, ObservableServer, Server {
  busy = false;
  observer: ServerObserver | undefined;
  get closed(): Promise<void> {
    return this.#closed.promise;
  }
  readonly ready: Promise<void>;
  readonly handlers: Handlers;
  readonly sweep: DeadlineSweep;
  readonly waitingFor = new Set<unknown>();
  readonly counters = new Counters();

  readonly #draining = new AbortController();
  #phase: 'open' | 'delaying' | 'closing' | 'closed' = 'open';
  #delay: NodeJS.Timeout | undefined;
  readonly #closed = new Deferred();
  readonly #options: ServerOptions;
  readonly #listeners = new Set<SocketListener>();
  #local: LocalRequests | undefined;

  constructor(handlers: Handlers, options: ServerOptions, clock: Clock = systemClock) {
    this.handlers = handlers;
    this.sweep = new DeadlineSweep(clock);
    this.#options = options;
    this.closed.catch(() => {});
    resolveSettings(options, {});
    const {
      autoContinue: _continue,
      halfOpen: _halfOpen,
      connect: _c,
      error: _e,
      clientError: _clientError,
      signal,
      ...listenOptions
    } = options;
    const { port, hostname, path, fd } = options;
    const listens = [port, hostname, path, fd].some((option) => option !== undefined);
    if (options.redirectHttp !== undefined && !listens)
      throw new TypeError('options.redirectHttp: requires options.port here; or give it to listen()');
    if (options.hsts !== undefined && listens && options.tls === undefined)
      throw new TypeError(HSTS_WITHOUT_TLS);
    this.ready = listens ? this.listen(listenOptions).then(() => {}) : Promise.resolve();
    noteOpenServer(this);
    // Not caught here: a server that can't listen and whose `ready` nobody looks at ends the process, as it should.
    if (signal === undefined) return;
    if (signal.aborted) {
      this.destroy(signal.reason);
      return;
    }
    const onAbort = () => this.destroy(signal.reason);
    signal.addEventListener('abort', onAbort);
    // A signal may outlive many servers.
    const forget = () => signal.removeEventListener('abort', onAbort);
    this.closed.then(forget, forget);
  }

  async listen(given: ListenOptions = {}): Promise<SocketListener> {
    if (this.#phase !== 'open') throw new DOMException('The server is closed', 'InvalidStateError');
    const settings = resolveSettings(this.#options, given);
    const options = withNumericPort(given);
    const listener = new SocketListener(this, settings, options);
    await this.#bind(listener, options);
    try {
      await this.#listenForPlain(listener, settings, options);
    } catch (error) {
      listener.destroy(error);
      throw error;
    }
    return listener;
  }

  async #bind(listener: SocketListener, options: BindOptions): Promise<void> {
    this.#listeners.add(listener);
    try {
      await listener.bind(options);
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
  }

  /** With `redirectHttp`: one more listener, which ends as all of them do. */
  async #listenForPlain(
    { address }: SocketListener,
    settings: ServerSettings,
    { hostname, ipv6Only, reusePort, backlog }: ListenOptions,
  ): Promise<void> {
    const { redirectHttp, tls } = settings;
    if (redirectHttp === undefined) return;
    const { port, httpsPort = address.port } = redirectHttp;
    const handler = redirectToHttps(httpsPort, isTlsSource(tls) ? tls : undefined);
    const where = definedIn({ port, hostname, ipv6Only, reusePort, backlog });
    const plain = new SocketListener(this, { ...settings, tls: undefined }, where, resolveHandlers(handler));
    await this.#bind(plain, where);
  }

  [OBSERVE](observer: ServerObserver | undefined): void {
    this.observer = observer;
  }

  [Symbol.iterator](): IterableIterator<SocketListener> {
    return this.#listeners.values();
  }

  async fetch(input: Request | string | URL, init?: RequestInit): Promise<Response> {
    if (this.#phase === 'closing' || this.#phase === 'closed')
      throw new DOMException('The server is closed', 'InvalidStateError');
    this.#local ??= new LocalRequests(this, resolveSettings(this.#options, {}));
    // The runtime's own class may not take a request that a server received.
    if (input instanceof Request && init === undefined) return this.#local.fetch(input);
    const from = typeof input === 'string' ? new URL(input, this.url ?? 'http://localhost/') : input;
    return this.#local.fetch(new Request(from, init));
  }

  requestIP(request: Request): SocketAddress | null {
    return LightRequest.remoteAddressOf(request);
  }

  get listening(): boolean {
    return [...this.#listeners].some((listener) => listener.isListening);
  }

  get port(): number | undefined {
    const address = this.#firstListening?.address;
    return address === undefined || address.family === 'unix' ? undefined : address.port;
  }

  get url(): string | undefined {
    return this.#firstListening?.url;
  }

  get #firstListening(): SocketListener | undefined {
    return [...this.#listeners].find((listener) => listener.isListening);
  }

  get draining(): boolean {
    return this.#phase !== 'open';
  }

  get drainSignal(): AbortSignal {
    return this.#draining.signal;
  }

  get counts(): ServerCounts {
    const listeners = [...this.#listeners];
    return {
      connections: listeners.reduce((sum, listener) => sum + listener.connectionCount, 0),
      connectionsWaiting: listeners.reduce((sum, listener) => sum + listener.waitingCount, 0),
      ...this.counters,
    };
  }

  close(): Promise<void> {
    return this.#end((listener) => listener.close());
  }

  drain(options: DrainOptions = {}): Promise<void> {
    checkDrainOptions(options);
    const { delay = 0, ...rest } = options;
    const drain = () => this.#end((listener) => listener.drain(rest));
    if (this.#phase !== 'open' && this.#phase !== 'delaying') return this.closed;
    if (delay === 0) return drain();
    this.#phase = 'delaying';
    this.#draining.abort();
    clearTimeout(this.#delay);
    this.#delay = setTimeout(() => void drain(), delay);
    return this.closed;
  }

  destroy(error: unknown = new DOMException('The server was destroyed', 'AbortError')): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#draining.abort();
    clearTimeout(this.#delay);
    this.#closed.reject(error);
    // Who ends a server that does not listen yet knows that it never will.
    this.ready.catch(() => {});
    for (const listener of [...this.#listeners]) listener.destroy(error);
    this.#local?.destroy(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #end(endListener: (listener: SocketListener) => Promise<void>): Promise<void> {
    if (this.#phase === 'closed') return this.closed;
    this.#phase = 'closing';
    this.#draining.abort();
    clearTimeout(this.#delay);
    this.ready.catch(() => {});
    for (const listener of [...this.#listeners]) void endListener(listener);
    this.#settleIfClosed();
    return this.closed;
  }

  onListenerClosed(listener: SocketListener): void {
    this.#listeners.delete(listener);
    this.#settleIfClosed();
  }

  onWaitedFor(): void {
    this.#settleIfClosed();
  }

  #settleIfClosed(): void {
    if (this.#phase !== 'closing' || this.#listeners.size > 0 || this.waitingFor.size > 0) return;
    this.#phase = 'closed';
    this.#closed.resolve();
  }
}

printAs(HttpServer, 'Server', {
  text: (server) => {
    const places = [...server].filter(({ isListening }) => isListening);
    if (places.length > 0) return places.map(({ url, address }) => url ?? address.address).join(', ');
    return server.draining ? 'closed, or about to be' : 'not listening';
  },
  members: (server) => {
    const { url, listening, draining, busy, counts } = server;
    return { listening, url, draining, busy, listeners: [...server], counts };
  },
});
