/**
 * Serval: an HTTP server for TypeScript, built from the TCP socket up.
 *
 * ```ts
 * import { serve, Response } from 'serval';
 *
 * const server = serve((request) => new Response(`Hello from ${request.url}`), { port: 4221 });
 * await server.ready;
 * ```
 *
 * The API is the Fetch Server API draft's; what is Serval's own says so where it is declared.
 */

export { type ErrorCode, isProtocolError, type ProtocolError } from './fetch/errors.ts';
export { Response, type ResponseInit } from './fetch/response.ts';
export type { SocketAddress } from './io/socket-address.ts';
export type { Tunnel } from './server/api.ts';
export {
  type ConnectContext,
  FALL_THROUGH,
  type FetchFunction,
  type Handler,
  type MarkedHandlerObject,
  type PlainHandlerLiteral,
  type PlainHandlerObject,
  PROTOCOL_MARKER,
  type RequestPriority,
  type ServerContext,
} from './server/api.ts';
export type { RequestEnd, RequestStart } from './server/diagnostics.ts';
export type { DrainOptions } from './server/drain-options.ts';
export type {
  LimitOptions,
  ListenOptions,
  ServerOptions,
  TimeoutOptions,
  WhenFull,
} from './server/options.ts';
export type { ProxyOptions } from './server/proxy/proxy-options.ts';
export type { Listener, Server } from './server/running-server.ts';
export { serve } from './server/serve.ts';
export type { ServerCounts, ServerStatus } from './server/status.ts';
export type { HstsOptions } from './server/strict-transport-security.ts';
