/**
 * A client: `fetch` over pools of persistent connections, one for each origin.
 */
import type { Content } from '../fetch/content/content.ts';
import { toHeaders } from '../fetch/received-headers.ts';
import { systemClock } from '../io/clock.ts';
import { DeadlineSweep } from '../io/deadline.ts';
import { Deferred } from '../io/deferred.ts';
import { printAs } from '../io/printed-as.ts';
import { type Destination, targetOf } from './connection/destination.ts';
import { NO_TUNNELS } from './connection/http2-connection.ts';
import { Pool, type PoolOwner } from './connection/pool.ts';
import { TlsOrigins } from './connection/tls-origin.ts';
import type { ClientTunnel } from './connection/wire.ts';
import { decodedResponse } from './content/content-decoding.ts';
import { verifiedContent } from './content/integrity.ts';
import { cancelUnopened, settledBody } from './content/request-body.ts';
import { clientError } from './errors.ts';
import { ClientExchange, type ReceivedResponse } from './exchange.ts';
import { type ClientOptions, type ClientSettings, resolveClientSettings } from './options.ts';
import type { ReceivedHead } from './received-head.ts';
import { isRedirect, type Redirected, redirectedFields, redirectedTo } from './redirects.ts';
import { type FetchInit, type FetchInput, type OutgoingRequest, outgoingRequest } from './request-init.ts';
import { type ClientResponse, LightClientResponse } from './response.ts';

/** What asks for a tunnel. */
export interface TunnelOwner {
  /** @param userAgent the option of the client. */
  request(userAgent: string): OutgoingRequest;
  /** Of handshakes over HTTP/1.1, one after the other. */
  readonly turn: { wait(): Promise<void>; end(): void };
  /** The client takes no more requests, and waits for the end of its tunnels. */
  onClosing(): void;
}

/**
 * Sends a request for a tunnel: as an extended CONNECT over HTTP/2 where the server allows it, otherwise as an upgrade of HTTP/1.1.
 *
 * @returns the response, with a tunnel if the server has opened one.
 */
export let openTunnel: (client: Client, owner: TunnelOwner) => Promise<ReceivedResponse>;

export class Client {
  readonly #settings: ClientSettings;
  readonly #owner: PoolOwner;
  readonly #pools = new Map<string, Pool>();
  readonly #tlsOrigins: TlsOrigins;
  readonly #tunnels = new Map<ClientTunnel, TunnelOwner>();
  readonly #closed = new Deferred();
  #isClosed = false;

  static {
    openTunnel = (client, owner) => client.#openTunnel(owner);
    printAs(Client, 'Client', {
      text: ({ connections }) => `${connections} connections`,
      members: (client) => {
        const { timeouts, limits } = client.#settings;
        return { connections: client.connections, timeouts, limits };
      },
    });
  }

  /** @throws {TypeError | RangeError} naming the option and the value that is wrong. */
  constructor(options: ClientOptions = {}) {
    const settings = resolveClientSettings(options);
    const sweep = new DeadlineSweep(systemClock);
    sweep.tickFor(Object.values(settings.timeouts));
    this.#settings = settings;
    this.#owner = { settings, sweep, onPoolEmpty: (pool) => this.#onPoolEmpty(pool) };
    this.#tlsOrigins = new TlsOrigins(settings.tls, settings.http2 !== false);
  }

  /**
   * Sends a request, and fulfils when the head of the response has arrived (Fetch Standard, "fetch").
   *
   * @param input an absolute http or https URL, or a `Request`.
   * @returns the response. Its content is received as fast as it is read. Unread content of more than 64 KiB occupies its
   *   connection until `response.body.cancel()` is called.
   * @throws {TypeError} with a `code` of {@link ClientErrorCode}, or the reason with which the signal was aborted.
   */
  fetch(input: FetchInput, init: FetchInit = {}): Promise<ClientResponse> {
    try {
      return this.#fetch(outgoingRequest(input, init, this.#settings, headersOf));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Connections of all pools, including those that are being made. */
  get connections(): number {
    let connections = 0;
    for (const pool of this.#pools.values()) connections += pool.connections;
    return connections;
  }

  /**
   * Takes no more requests, and closes its WebSockets with 1001. Fulfils when all requests in progress are finished and all
   * connections are closed.
   */
  close(): Promise<void> {
    for (const owner of [...this.#tunnels.values()]) owner.onClosing();
    return this.#close();
  }

  /** Closes everything at once: requests in progress fail with this error. */
  destroy(error: unknown = clientError('ERR_HTTP_CLIENT_CLOSED', 'The client was destroyed')): Promise<void> {
    const closed = this.#close();
    for (const tunnel of [...this.#tunnels.keys()]) tunnel.abort();
    for (const pool of [...this.#pools.values()]) pool.destroy(error);
    return closed;
  }

  #close(): Promise<void> {
    this.#isClosed = true;
    for (const pool of [...this.#pools.values()]) pool.close();
    this.#resolveIfClosed();
    return this.#closed.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onPoolEmpty(pool: Pool): void {
    this.#pools.delete(pool.key);
    this.#resolveIfClosed();
  }

  #resolveIfClosed(): void {
    if (this.#isClosed && this.#pools.size === 0 && this.#tunnels.size === 0) this.#closed.resolve();
  }

  async #openTunnel(owner: TunnelOwner): Promise<ReceivedResponse> {
    const request = owner.request(this.#settings.userAgent);
    const { destination } = request.target;
    let received: ReceivedResponse;
    try {
      received = await this.#dispatchTunnel(request, owner, this.#poolFor(destination));
    } catch (error) {
      if (error !== NO_TUNNELS) throw error;
      received = await this.#dispatchTunnel(request, owner, this.#poolFor(destination, false));
    }
    const { tunnel } = received;
    if (tunnel === undefined) return received;
    if (this.#isClosed || request.signal?.aborted) {
      tunnel.abort();
      throw this.#isClosed ? CLOSED() : request.signal!.reason;
    }
    this.#tunnels.set(tunnel, owner);
    tunnel.octets.once('close', () => {
      this.#tunnels.delete(tunnel);
      this.#resolveIfClosed();
    });
    return received;
  }

  async #dispatchTunnel(request: OutgoingRequest, owner: TunnelOwner, pool: Pool): Promise<ReceivedResponse> {
    if (!pool.isShared) await owner.turn.wait();
    if (pool.isShared) owner.turn.end();
    if (this.#isClosed) throw CLOSED();
    request.signal?.throwIfAborted();
    const exchange = new ClientExchange(request, (given) => pool.forget(given));
    pool.dispatch(exchange);
    return exchange.response;
  }

  async #fetch(first: OutgoingRequest): Promise<ClientResponse> {
    let request = first;
    if (first.unsettled !== undefined) request = { ...first, body: await settledBody(first.unsettled) };
    for (let redirects = 0; ; redirects++) {
      const received = await this.#send(request);
      const { head } = received;
      const location =
        isRedirect(head.status) && request.redirect !== 'manual' ? head.fields.get('location') : null;
      if (location === null) return this.#response(request, received, redirects > 0);
      request = this.#redirected(request, received, location, redirects);
      request.observer?.onRedirect?.(request.target.href, head.status);
    }
  }

  async #send(request: OutgoingRequest): Promise<ReceivedResponse> {
    try {
      if (this.#isClosed) throw CLOSED();
      request.signal?.throwIfAborted();
    } catch (error) {
      cancelUnopened(request.body, error);
      throw error;
    }
    const pool = this.#poolFor(request.target.destination);
    const exchange = new ClientExchange(request, (given) => pool.forget(given));
    pool.dispatch(exchange);
    const received = await exchange.response;
    // RFC 9110 §10.1.1: after 417 the client repeats the request without the expectation. No content was sent.
    if (received.head.status !== 417 || !request.expectContinue) return received;
    if (request.body !== undefined && !request.body.isReplayable) return received;
    void received.content?.stream.cancel();
    return this.#send({ ...request, expectContinue: false });
  }

  /** @param mayBeHttp2 `false` for connections that are to speak HTTP/1.1. */
  #poolFor(destination: Destination, mayBeHttp2 = true): Pool {
    const { path, family, lookup, connectionAttemptDelay } = this.#settings;
    // Over a unix socket, too, each origin has its own certificate.
    const isShared = path !== undefined && !destination.isSecure;
    const origin = isShared ? path : destination.key;
    const key = mayBeHttp2 ? origin : `${origin} HTTP/1.1`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const { host, port, isSecure } = destination;
      const tls = isSecure ? this.#tlsOrigins.of({ key, host }, mayBeHttp2) : undefined;
      const hasPriorKnowledge = mayBeHttp2 && this.#settings.http2 === 'prior-knowledge' && !isSecure;
      const attemptDelay = connectionAttemptDelay;
      const route = { host, port, path, family, lookup, attemptDelay, hasPriorKnowledge, tls };
      pool = new Pool(key, route, this.#owner);
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #redirected(
    request: OutgoingRequest,
    received: ReceivedResponse,
    location: string,
    redirects: number,
  ): OutgoingRequest {
    void received.content?.stream.cancel();
    const { target, method, body, fields } = request;
    if (request.redirect === 'error')
      throw clientError('ERR_HTTP_REDIRECT', `The response is a redirect, to ${JSON.stringify(location)}`);
    if (redirects >= this.#settings.limits.maxRedirects)
      throw clientError('ERR_HTTP_REDIRECT', `More than ${redirects} redirects`);
    const to = redirectedTo(received.head.status, location, target.href, method);
    if (to instanceof Error) throw to;
    if (to.keepsBody && body !== undefined && !body.isReplayable)
      throw clientError(
        'ERR_HTTP_REDIRECT',
        'The redirect asks for the content again, but a stream can be read only once',
      );
    return {
      ...request,
      method: to.method,
      target: targetOf(to.url),
      fields: redirectedFields(fields, to),
      body: to.keepsBody ? body : undefined,
      expectContinue: to.keepsBody && request.expectContinue,
      trailers: to.keepsBody ? request.trailers : undefined,
    } satisfies OutgoingRequest & Partial<Redirected>;
  }

  #response(
    { target, decode, integrity }: OutgoingRequest,
    received: ReceivedResponse,
    redirected: boolean,
  ): ClientResponse | Promise<ClientResponse> {
    const { head, content } = decode ? decodedResponse(received, this.#settings.limits) : received;
    const make = (given: Content | undefined): ClientResponse =>
      new LightClientResponse(head, given, target.href, redirected) as unknown as ClientResponse;
    return integrity === undefined ? make(content) : verifiedContent(content, integrity).then(make);
  }
}

const CLOSED = (): Error => clientError('ERR_HTTP_CLIENT_CLOSED', 'The client is closed');

const headersOf = (head: ReceivedHead): Headers => toHeaders(head.fields);

let shared: Client | undefined;

/** `fetch` of a client with the default options. All callers share it. */
export function fetch(input: FetchInput, init?: FetchInit): Promise<ClientResponse> {
  return sharedClient().fetch(input, init);
}

/** The client of everything that names none. */
export function sharedClient(): Client {
  shared ??= new Client();
  return shared;
}
