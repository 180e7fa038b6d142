/** `serve`: a handler and options become a server. */

import type {
  DraftHandlerObject,
  FetchFunction,
  FrameworkFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
} from './api.ts';
import { readServeCall } from './call-forms.ts';
import { resolveHandlers } from './exchange/call-convention.ts';
import type { ServerOptions } from './options.ts';
import type { Server } from './running-server.ts';
import { HttpServer } from './server.ts';

/**
 * Creates a server. With a `port`, a `hostname`, a `path` or an `fd` it listens at once, and `server.ready` tells when; else
 * call `listen`.
 *
 * ```ts
 * const server = serve(() => new Response('Hello'), { port: 4221 });
 * await server.ready;
 * ```
 *
 * @throws {TypeError | RangeError} for a handler or an option that is none, naming it and its value.
 * @throws {DOMException} `NotSupportedError` for `quic`, which is not there yet.
 */
export function serve(handler: FetchFunction, options?: ServerOptions): Server;
export function serve(handler: MarkedHandlerObject, options?: ServerOptions): Server;
export function serve(handler: PlainHandlerLiteral, options?: ServerOptions): Server;
export function serve(handler: DraftHandlerObject, options?: ServerOptions): Server;
export function serve(handler: PlainHandlerObject, options?: ServerOptions): Server;
export function serve(handler: FrameworkFunction, options?: ServerOptions): Server;
/** As in Deno: the options first. */
export function serve(options: ServerOptions, handler: Handler | DraftHandlerObject): Server;
/** As in Bun: `fetch` among the options. */
export function serve(handler: PlainHandlerLiteral & ServerOptions, options?: ServerOptions): Server;
export function serve(handler: Handler | DraftHandlerObject, options?: ServerOptions): Server;
export function serve(first: unknown, second?: unknown): Server {
  const { handler, options } = readServeCall(first, second);
  return new HttpServer(resolveHandlers(handler, options), options);
}
