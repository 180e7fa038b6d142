import { Response } from '../fetch/response.ts';
import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
} from '../server/api.ts';
import { askedPathFor } from '../wrapping/asked-path.ts';
import { wrapHandler } from '../wrapping/wrap-handler.ts';
import { Collector } from './collector.ts';
import { CONTENT_TYPE } from './exposition.ts';
import { checkOptions, type MetricsOptions } from './options.ts';

/**
 * Answers `/metrics` in the text format of Prometheus, and passes all other requests to `handler`.
 *
 * ```ts
 * const server = serve(metrics(handler), { port: 8080 });
 * ```
 *
 * Durations, sizes and requests in progress have the names and units of OpenTelemetry's semantic conventions for HTTP. Labels never
 * contain the path or the query; `setRoute` adds `http_route`. docs/METRICS.md lists all metrics. Counting begins with this call, and
 * covers all requests, including those to `/metrics`.
 *
 * To hide the metrics from the public, run a separate server for them:
 *
 * ```ts
 * serve(metrics(() => new Response(null, { status: 404 }), { server }), { port: 9090 });
 * ```
 *
 * In a worker of `serval/workers`, the response has the sums over all workers, at most a second old. It is 503 if the supervisor
 * does not send them within a second.
 *
 * The result follows the same convention as `handler`. Put it outside of `limit` and of passwords.
 *
 * @throws {TypeError} if `handler` is not a handler, or an option is unknown or of the wrong type.
 */
export function metrics(handler: FetchFunction, options?: MetricsOptions): FetchFunction;
export function metrics(handler: MarkedHandlerObject, options?: MetricsOptions): MarkedHandlerObject;
export function metrics(handler: PlainHandlerLiteral, options?: MetricsOptions): PlainHandlerObject;
export function metrics(handler: PlainHandlerObject, options?: MetricsOptions): PlainHandlerObject;
export function metrics(handler: Handler, options?: MetricsOptions): Handler;
export function metrics(handler: Handler, options: MetricsOptions = {}): Handler {
  checkOptions(options);
  const { path = '/metrics' } = options;
  const askedPath = askedPathFor(handler);
  const collector = new Collector(options);
  return wrapHandler(handler, (next, requestOf, ctx) => {
    collector.server ??= ctx?.server;
    return askedPath(requestOf, ctx) === path ? answer(requestOf(), collector) : next();
  });
}

async function answer(request: Request, collector: Collector): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store', 'Content-Type': 'text/plain; charset=utf-8' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const allow = { ...headers, Allow: 'GET, HEAD' };
    return new Response('Method Not Allowed\n', { status: 405, headers: allow });
  }
  try {
    return new Response(await collector.text(), { headers: { ...headers, 'Content-Type': CONTENT_TYPE } });
  } catch (error) {
    // A scrape that fails is better than one without some workers: their counts would seem to start again.
    return new Response(`${(error as Error).message}\n`, { status: 503, headers });
  }
}
