/** What wrappers such as `serval/compression` and `serval/limit` share: one way to stand around a handler of any convention. */
import {
  type ConnectContext,
  type FetchFunction,
  type Handler,
  type MarkedHandlerObject,
  type PlainHandlerObject,
  PROTOCOL_MARKER,
  type ServerContext,
} from '../server/api.ts';

/** What `fetch` of any convention gives: a response now or later, or nothing where the draft allows it. */
export type Answer = ReturnType<MarkedHandlerObject['fetch']>;

/**
 * Stands in the place of `fetch`.
 *
 * @param next calls the handler, with the `this` and the arguments that it would have had; throws what it throws.
 * @param requestOf gives the request. Under the marker convention that is the runtime's own, which is costly to make.
 */
export type Around = (next: () => Answer, requestOf: () => Request, ctx: ServerContext) => Answer;

/**
 * A handler of the same convention as `handler`, with `around` in the place of its `fetch`. `connect` and `error` are passed
 * through where there are any: having them changes what a server does.
 *
 * @throws {TypeError} if `handler` is no handler.
 */
export function wrapHandler(handler: Handler, around: Around): Handler {
  if (typeof handler === 'function') {
    return (...args) =>
      around(
        () => handler(...args),
        () => args[0],
        args[1],
      ) as ReturnType<FetchFunction>;
  }
  if (typeof handler !== 'object' || handler === null || typeof handler.fetch !== 'function') {
    throw new TypeError('handler: neither a function nor an object with a fetch() method');
  }
  // Looked up anew at each call, so that `this` is the original and what it is given later counts.
  const { connect, error } = handler;
  const rest = {
    ...(connect && { connect: (ctx: ConnectContext) => handler.connect?.(ctx) }),
    ...(error && { error: (ctx: ServerContext, fault: unknown) => handler.error?.(ctx, fault) }),
  };
  if (PROTOCOL_MARKER in handler) {
    return {
      // Whatever its value: to refuse another protocol is for the server.
      [PROTOCOL_MARKER]: handler[PROTOCOL_MARKER],
      fetch: (ctx: ServerContext) =>
        around(
          () => handler.fetch(ctx),
          () => ctx.request,
          ctx,
        ),
      ...rest,
    };
  }
  return {
    fetch: (...args: Parameters<PlainHandlerObject['fetch']>) =>
      around(
        () => handler.fetch(...args),
        () => args[0],
        args[1],
      ) as ReturnType<FetchFunction>,
    ...rest,
  };
}

export const isPromise = (answer: Answer): answer is Extract<Answer, Promise<unknown>> =>
  typeof (answer as { then?: unknown } | undefined)?.then === 'function';
