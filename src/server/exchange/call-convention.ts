/** Which convention a handler follows, told once, when it is given (draft, "Declarative export and protocol identification"). */

import { type ConnectContext, type Handler, PROTOCOL_MARKER, type ServerContext } from '../api.ts';
import type { Exchange } from './exchange.ts';

/** Handlers of either convention, called in one way. */
export interface Handlers {
  fetch(exchange: Exchange): unknown;
  connect: ((exchange: Exchange) => unknown) | undefined;
  error: ((exchange: Exchange, error: unknown) => unknown) | undefined;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** @throws {TypeError} for what is no handler, naming what it is. */
export function resolveHandlers(handler: Handler): Handlers {
  if (typeof handler === 'function')
    return { fetch: plain(handler as Method, undefined), connect: undefined, error: undefined };
  if (typeof handler !== 'object' || handler === null) {
    throw new TypeError(`handler: neither a function nor an object with a fetch method: ${String(handler)}`);
  }
  const { fetch, connect, error } = handler as { fetch?: unknown; connect?: unknown; error?: unknown };
  if (typeof fetch !== 'function') throw new TypeError(`handler.fetch: not a function: ${String(fetch)}`);
  for (const [name, method] of Object.entries({ connect, error })) {
    if (method !== undefined && typeof method !== 'function') {
      throw new TypeError(`handler.${name}: not a function: ${String(method)}`);
    }
  }
  const isMarked = PROTOCOL_MARKER in handler;
  if (isMarked && handler[PROTOCOL_MARKER] !== 1) {
    const version = String(handler[PROTOCOL_MARKER]);
    throw new TypeError(
      `handler[Symbol.for('wintertc.server.protocol')]: the version spoken here is 1, not ${version}`,
    );
  }
  return {
    fetch: isMarked ? marked(fetch as Method, handler) : plain(fetch as Method, handler),
    connect: connect === undefined ? undefined : marked(connect as Method, handler),
    error:
      error === undefined
        ? undefined
        : (exchange: Exchange, thrown: unknown) => (error as Method).call(handler, exchange.context, thrown),
  };
}

/** `ctx` comes twice: second where Bun, Deno and Hono's `env` look, third where Workers and Hono's `executionCtx` do. */
function plain(fetch: Method, self: unknown) {
  return (exchange: Exchange): unknown => {
    const context: ServerContext = exchange.context;
    return fetch.call(self, exchange.request, context, context);
  };
}

function marked(method: Method, self: unknown) {
  return (exchange: Exchange): unknown => method.call(self, exchange.context as ConnectContext);
}
