/**
 * A client: `fetch` over pools of persistent connections, one for each origin.
 */
import type { Content } from '../fetch/content.ts';
import { toHeaders } from '../fetch/received-headers.ts';
import { systemClock } from '../io/clock.ts';
import { DeadlineSweep } from '../io/deadline.ts';
import { Deferred } from '../io/deferred.ts';
import { printAs } from '../io/printed-as.ts';
import { type Destination, targetOf } from './connection/destination.ts';
import { Pool, type PoolOwner } from './connection/pool.ts';
import { TlsOrigins } from './connection/tls-origin.ts';
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

export class Client {
  readonly #settings: ClientSettings;
  readonly #owner: PoolOwner;
  readonly #pools = new Map<string, Pool>();
  readonly #tlsOrigins: TlsOrigins;
  readonly #closed = new Deferred();
  #isClosed = false;

  static {
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

  /** Takes no more requests. Fulfils when all requests in progress are finished and all connections are closed. */
  close(): Promise<void> {
    this.#isClosed = true;
    for (const pool of [...this.#pools.values()]) pool.close();
    this.#resolveIfClosed();
    return this.#closed.promise;
  }

  /** Closes everything at once: requests in progress fail with this error. */
  destroy(error: unknown = clientError('ERR_HTTP_CLIENT_CLOSED', 'The client was destroyed')): Promise<void> {
    const closed = this.close();
    for (const pool of [...this.#pools.values()]) pool.destroy(error);
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onPoolEmpty(pool: Pool): void {
    this.#pools.delete(pool.key);
    this.#resolveIfClosed();
  }

  #resolveIfClosed(): void {
    if (this.#isClosed && this.#pools.size === 0) this.#closed.resolve();
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
      if (this.#isClosed) throw clientError('ERR_HTTP_CLIENT_CLOSED', 'The client is closed');
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

  #poolFor(destination: Destination): Pool {
    const { path, family, lookup, connectionAttemptDelay } = this.#settings;
    // Over a unix socket, too, each origin has its own certificate.
    const isShared = path !== undefined && !destination.isSecure;
    const key = isShared ? path : destination.key;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      const { host, port, isSecure } = destination;
      const tls = isSecure ? this.#tlsOrigins.of(destination) : undefined;
      const hasPriorKnowledge = this.#settings.http2 === 'prior-knowledge' && !isSecure;
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

const headersOf = (head: ReceivedHead): Headers => toHeaders(head.fields);

let shared: Client | undefined;

/** `fetch` of a client with the default options. All callers share it. */
export function fetch(input: FetchInput, init?: FetchInit): Promise<ClientResponse> {
  shared ??= new Client();
  return shared.fetch(input, init);
}
