/** WebSocket (RFC 6455, RFC 7692, RFC 8441): the types of what `ctx.upgradeWebSocket()` takes and returns. */
export type {
  WebSocketCloseEvent,
  WebSocketErrorEvent,
  WebSocketMessageEvent,
} from './events/light-events.ts';
export type { MessageStreams } from './message-streams.ts';
export type { WebSocketUpgradeInit } from './options.ts';
export { ServerWebSocket } from './server-socket.ts';
export { Topics } from './topics.ts';
