/** Which convention a handler follows, decided once, when it is given (draft, "Declarative export and protocol identification"). */

import type { ProtocolError } from '../../fetch/errors.ts';
import { isTakenForNative } from '../../fetch/request.ts';
import {
  type ConnectAndError,
  type ConnectContext,
  type Handler,
  PROTOCOL_MARKER,
  type ServerContext,
} from '../api.ts';
import { type Hooks, warnOfIgnored } from '../ignored-hooks.ts';
import type { Exchange } from './exchange.ts';

/** Handlers of either convention, called in one way. */
export interface Handlers {
  fetch(exchange: Exchange): unknown;
  connect: ((exchange: Exchange) => unknown) | undefined;
  error: ((exchange: Exchange, error: unknown) => unknown) | undefined;
  clientError: ((exchange: Exchange, error: unknown, status: number) => unknown) | undefined;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/**
 * The draft's marker says that `connect` and `error` are its methods. Without it they are taken from the options of `serve`
 * alone: H3, Elysia and itty-router have methods of these names that register routes.
 *
 * @throws {TypeError} for what is no handler, naming what it is.
 */
export function resolveHandlers(handler: Handler, options: Hooks = {}): Handlers {
  if (typeof handler === 'function') return handlersOf(plain(handler as Method, undefined), options);
  if (typeof handler !== 'object' || handler === null) {
    throw new TypeError(`handler: expected a function or an object with a fetch method, got ${handler}`);
  }
  const { fetch } = handler as { fetch?: unknown };
  if (typeof fetch !== 'function') throw new TypeError(`handler.fetch: expected a function, got ${fetch}`);
  warnOfIgnored(handler, options);
  if (!(PROTOCOL_MARKER in handler)) return handlersOf(plainObject(fetch as Method, handler), options);
  const version: unknown = handler[PROTOCOL_MARKER];
  if (version !== 1)
    throw new TypeError(`handler[Symbol.for('wintertc.server.protocol')]: expected 1, got ${version}`);
  const { connect, error } = handler;
  for (const [name, method] of Object.entries({ connect, error })) {
    if (method === undefined) continue;
    if (typeof method !== 'function')
      throw new TypeError(`handler.${name}: expected a function, got ${String(method)}`);
    if (options[name as keyof ConnectAndError] !== undefined)
      throw new TypeError(`options.${name}: cannot be combined with handler.${name}`);
  }
  return handlersOf(marked(fetch as Method, handler), {
    connect: connect?.bind(handler) ?? options.connect,
    error: error?.bind(handler) ?? options.error,
    clientError: options.clientError,
  });
}

function handlersOf(
  fetch: Handlers['fetch'],
  { connect, error, clientError }: { [Name in keyof Hooks]: Hooks[Name] | undefined },
): Handlers {
  return {
    fetch,
    connect: connect && ((exchange) => connect(exchange.context as ConnectContext)),
    error: error && ((exchange, thrown) => error(exchange.context, thrown)),
    clientError:
      clientError &&
      ((exchange, thrown, status) => clientError(exchange.context, thrown as ProtocolError, status)),
  };
}

/** `ctx` comes twice: second where Bun, Deno and Hono's `env` look, third where Workers and Hono's `executionCtx` do. */
function plain(fetch: Method, self: unknown) {
  return (exchange: Exchange): unknown => {
    const context: ServerContext = exchange.context;
    return fetch.call(self, exchange.request, context, context);
  };
}

/**
 * As `plain`, for objects, which are mostly applications of frameworks: some make a `Request` of the one they get, by a class
 * that they have kept from before `serve`. Where the runtime's own does not take the light one, they get one of its own, but for
 * GET and HEAD, whose cost that would double.
 */
function plainObject(fetch: Method, self: object) {
  if (isTakenForNative()) return plain(fetch, self);
  return (exchange: Exchange): unknown => {
    const { method, hasContent } = exchange.head;
    const context: ServerContext = exchange.context;
    const isLight = !hasContent && (method === 'GET' || method === 'HEAD');
    const request = isLight ? exchange.request : exchange.request.native;
    return fetch.call(self, request, context, context);
  };
}

function marked(method: Method, self: unknown) {
  return (exchange: Exchange): unknown => method.call(self, exchange.context);
}
