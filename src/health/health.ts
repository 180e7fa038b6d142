import { Response } from '../fetch/response.ts';
import { acceptWeight } from '../semantics/accept.ts';
import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
  ServerContext,
} from '../server/api.ts';
import type { ServerStatus } from '../server/status.ts';
import { askedPathFor } from '../wrapping/asked-path.ts';
import { wrapHandler } from '../wrapping/wrap-handler.ts';
import { eventLoopDelay } from './event-loop-delay.ts';
import { checkOptions, type HealthOptions } from './options.ts';
import { type Readiness, Resources, report } from './report.ts';

/**
 * Answers health probes and passes all other requests to `handler`. The paths are those that Kubernetes uses:
 *
 * | path | response |
 * | --- | --- |
 * | `/livez` | 200 `ok`, as long as the process can answer |
 * | `/readyz` | 200 `ok`, or 503 and the reason: `starting`, `draining`, `busy`, `not ready` |
 * | `/healthz` | the same status, with a `HealthReport` as JSON: requests in progress and refused, event loop delay, … |
 *
 * ```ts
 * const server = serve(health(handler, { ready: () => database.isConnected }), { port: 8080 });
 * process.once('SIGTERM', () => server.drain({ delay: 5_000 }));
 * ```
 *
 * The server is not ready from the call of `drain()`, while it still accepts connections for `delay`. Responses to GET and HEAD
 * carry `Cache-Control: no-store`. The first two paths also return the report if the client prefers JSON to text.
 *
 * To hide the report from the public, or to exempt probes from `limits.maxConnections`, run a separate server for them:
 *
 * ```ts
 * serve(health(() => new Response(null, { status: 404 }), { server }), { port: 9090 });
 * ```
 *
 * The result follows the same convention as `handler`. It should be the outermost wrapper: probes must pass every wrapper around
 * it, such as `limit` or a password.
 *
 * @throws {TypeError} if `handler` is not a handler, or an option is unknown or of the wrong type.
 */
export function health(handler: FetchFunction, options?: HealthOptions): FetchFunction;
export function health(handler: MarkedHandlerObject, options?: HealthOptions): MarkedHandlerObject;
export function health(handler: PlainHandlerLiteral, options?: HealthOptions): PlainHandlerObject;
export function health(handler: PlainHandlerObject, options?: HealthOptions): PlainHandlerObject;
export function health(handler: Handler, options?: HealthOptions): Handler;
export function health(handler: Handler, options: HealthOptions = {}): Handler {
  checkOptions(options);
  const checks = new Checks(options);
  const askedPath = askedPathFor(handler);
  return wrapHandler(handler, (next, requestOf, ctx) => {
    const path = askedPath(requestOf, ctx);
    return isEndpoint(path) ? checks.answer(path, requestOf(), ctx) : next();
  });
}

const ENDPOINTS = ['/livez', '/readyz', '/healthz'] as const;
type Endpoint = (typeof ENDPOINTS)[number];

const isEndpoint = (path: string): path is Endpoint => ENDPOINTS.some((endpoint) => endpoint === path);

class Checks {
  readonly #options: HealthOptions;
  readonly #delay = eventLoopDelay();
  readonly #resources = new Resources();

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  async answer(endpoint: Endpoint, request: Request, ctx: ServerContext | undefined): Promise<Response> {
    const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain; charset=utf-8' };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const allow = { ...headers, Allow: 'GET, HEAD' };
      return new Response('Method Not Allowed\n', { status: 405, headers: allow });
    }
    const server = this.#options.server ?? ctx?.server;
    const wantsReport = endpoint === '/healthz' || prefersJson(request.headers.get('accept'));
    if (endpoint === '/livez' && !wantsReport) return new Response('ok', { headers });
    const readiness = await this.#readiness(server);
    const status = endpoint === '/livez' || readiness === 'ready' ? 200 : 503;
    if (!wantsReport) return new Response(readiness === 'ready' ? 'ok' : readiness, { status, headers });
    const { limit } = this.#options;
    const sources = { server, limit, delay: this.#delay, resources: this.#resources };
    const json = JSON.stringify(await report(readiness, sources), null, 2);
    return new Response(`${json}\n`, { status, headers: { ...headers, 'Content-Type': 'application/json' } });
  }

  async #readiness(server: ServerStatus | undefined): Promise<Readiness> {
    if (server?.draining) return 'draining';
    if (server?.busy) return 'busy';
    // A server that received this request is listening, even if another program accepted the connection for it.
    if (this.#options.server?.listening === false) return 'starting';
    try {
      return (await (this.#options.ready?.() ?? true)) ? 'ready' : 'not ready';
    } catch {
      return 'not ready';
    }
  }
}

/** False for clients that accept anything, such as curl and most probes. */
const prefersJson = (accept: string | null): boolean =>
  accept !== null && acceptWeight(accept, 'application/json') > acceptWeight(accept, 'text/plain');
