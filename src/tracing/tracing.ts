import { subscribe } from 'node:diagnostics_channel';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import { routeOf } from '../metrics/route.ts';
import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
  ServerContext,
} from '../server/api.ts';
import type { RequestEnd } from '../server/diagnostics.ts';
import { originalContext } from '../wrapping/original-context.ts';
import { type HandlerResult, isPromise, wrapHandler } from '../wrapping/wrap-handler.ts';
import { endAttributes, spanName, startAttributes } from './attributes.ts';

/**
 * Makes a span for each request, through the `@opentelemetry/api` of the application, which has to register an SDK.
 *
 * ```ts
 * serve(health(tracing(handler)), { port: 8080 });
 * ```
 *
 * The span has the kind SERVER, the attributes of the semantic conventions for HTTP, and the parent that the request names, such as
 * in `traceparent`; the registered propagator reads it. It is active while the handler runs, and ends with the last byte of the
 * response. Its status is ERROR for a 5xx, and for an exchange that was cut off. Its name is the method, with the route if
 * `setRoute` of `serval/metrics` has named one. What the handler throws is recorded as an exception.
 *
 * The result follows the same convention as `handler`. Requests that wrappers around it answer have no span.
 *
 * @throws {TypeError} if `handler` is not a handler.
 */
export function tracing(handler: FetchFunction): FetchFunction;
export function tracing(handler: MarkedHandlerObject): MarkedHandlerObject;
export function tracing(handler: PlainHandlerLiteral): PlainHandlerObject;
export function tracing(handler: PlainHandlerObject): PlainHandlerObject;
export function tracing(handler: Handler): Handler;
export function tracing(handler: Handler): Handler {
  const wrapped = wrapHandler(handler, (next, requestOf, ctx) => traced(next, requestOf(), ctx));
  if (!isSubscribed) subscribe('serval:request:end', onEnd);
  isSubscribed = true;
  return wrapped;
}

const tracer = trace.getTracer('serval');

/** By the context of the exchange. */
const spans = new WeakMap<object, Span>();
let isSubscribed = false;

const FIELDS: TextMapGetter<Headers> = {
  keys: (headers) => [...headers.keys()],
  get: (headers, name) => headers.get(name) ?? undefined,
};

function traced(next: () => HandlerResult, request: Request, ctx: ServerContext | undefined): HandlerResult {
  const parent = propagation.extract(ROOT_CONTEXT, request.headers, FIELDS);
  const options = { kind: SpanKind.SERVER, attributes: startAttributes(request, ctx) };
  const span = tracer.startSpan(spanName(request.method, ''), options, parent);
  // Another server, or a test, has no events: there the span ends with the handler.
  const isServed = ctx?.server !== undefined;
  if (isServed) spans.set(originalContext(ctx), span);
  const settle = (response: Awaited<HandlerResult>): Awaited<HandlerResult> => {
    if (!isServed) endWith(span, response?.status);
    return response;
  };
  const fail = (error: unknown): never => {
    span.recordException(error instanceof Error ? error : String(error));
    if (!isServed) endWith(span, 500);
    throw error;
  };
  let result: HandlerResult;
  try {
    result = context.with(trace.setSpan(parent, span), next);
  } catch (error) {
    return fail(error);
  }
  return isPromise(result) ? (result.then(settle, fail) as HandlerResult) : settle(result);
}

function onEnd(message: unknown): void {
  const end = message as RequestEnd;
  const span = spans.get(end.context);
  if (span === undefined) return;
  const route = routeOf(end.context);
  const attributes = endAttributes(end, route);
  span.setAttributes(attributes);
  if (route !== '') span.updateName(spanName(end.method, route));
  if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function endWith(span: Span, status: number | undefined): void {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (status !== undefined && status >= 500) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
