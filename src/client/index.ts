/**
 * `serval/client`: a strict, small client for HTTP/1.1 and HTTP/2 with the API of `fetch`.
 *
 * ```ts
 * import { Client } from 'serval/client';
 *
 * await using client = new Client();
 * const response = await client.fetch('http://localhost:4221/');
 * console.log(response.status, await response.text());
 * ```
 */

export type {
  WebSocketCloseEvent,
  WebSocketErrorEvent,
  WebSocketMessageEvent,
} from '../websocket/events/light-events.ts';
export type { MessageStreams } from '../websocket/message-streams.ts';
export { Client, fetch } from './client.ts';
export type { WireConnection, WireFrame, WireObserver, WireSecurity } from './connection/wire-observer.ts';
export type { RequestBodyInit } from './content/request-body.ts';
export type { ClientError, ClientErrorCode } from './errors.ts';
export type { ClientLimits, ClientOptions, ClientTimeouts } from './options.ts';
export type { FetchInit, FetchInput } from './request-init.ts';
export type { ClientResponse } from './response.ts';
export type { ClientTlsOptions } from './tls-options.ts';
export type { WebSocketFrame } from './websocket/frame-watch.ts';
export type { WebSocketOptions } from './websocket/options.ts';
export { WebSocket } from './websocket/websocket.ts';
