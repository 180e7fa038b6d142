/** What wrappers such as `serval/compression` and `serval/limit` share: one way to wrap a handler of any calling convention. */
import {
  type ConnectContext,
  type FetchFunction,
  type Handler,
  type MarkedHandlerObject,
  type PlainHandlerObject,
  PROTOCOL_MARKER,
  type ServerContext,
} from '../server/api.ts';
import { warnOfIgnored } from '../server/ignored-hooks.ts';

/** The result of `fetch` in any convention: a response, now or later, or nothing where the draft allows it. */
export type HandlerResult = ReturnType<MarkedHandlerObject['fetch']>;

/**
 * Replaces `fetch`.
 *
 * @param next calls the handler with its own `this` and arguments, and throws what it throws.
 * @param requestOf returns the request. In the marker convention that is the runtime's own, which is costly to make.
 */
export type Around = (
  next: () => HandlerResult,
  requestOf: () => Request,
  ctx: ServerContext,
) => HandlerResult;

/**
 * A handler of the same convention as `handler`, with `around` instead of its `fetch`. `connect` and `error` of a marked
 * handler are passed through if it has them: their presence changes what a server does.
 *
 * @throws {TypeError} if `handler` is not a handler.
 */
export function wrapHandler(handler: Handler, around: Around): Handler {
  if (typeof handler === 'function') {
    return (...args: Parameters<FetchFunction>) =>
      around(
        () => handler(...args),
        () => args[0],
        args[1],
      ) as ReturnType<FetchFunction>;
  }
  if (typeof handler !== 'object' || handler === null || typeof handler.fetch !== 'function') {
    throw new TypeError('handler: expected a function or an object with a fetch() method');
  }
  if (PROTOCOL_MARKER in handler) {
    // The methods are looked up again at each call, so that `this` is the original object and later changes to it count.
    const { connect, error } = handler;
    return {
      // Whatever its value is: the server refuses other protocols.
      [PROTOCOL_MARKER]: handler[PROTOCOL_MARKER],
      fetch: (ctx: ServerContext) =>
        around(
          () => handler.fetch(ctx),
          () => ctx.request,
          ctx,
        ),
      ...(connect && { connect: (context: ConnectContext) => handler.connect?.(context) }),
      ...(error && { error: (context: ServerContext, fault: unknown) => handler.error?.(context, fault) }),
    };
  }
  // The wrapper has none of them, so that `serve` could not warn.
  warnOfIgnored(handler);
  return {
    fetch: (...args: Parameters<PlainHandlerObject['fetch']>) =>
      around(
        () => handler.fetch(...args),
        () => args[0],
        args[1],
      ) as ReturnType<FetchFunction>,
  };
}

export const isPromise = (result: HandlerResult): result is Extract<HandlerResult, Promise<unknown>> =>
  typeof (result as { then?: unknown } | undefined)?.then === 'function';
