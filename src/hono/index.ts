/**
 * Hono's WebSocket helper on Serval:
 *
 *     import { upgradeWebSocket } from 'serval/hono';
 *     app.get('/ws', upgradeWebSocket(() => ({ onMessage: (event, ws) => ws.send(event.data) })));
 *     serve(app, { port: 4221 });
 */
import { defineWebSocketHelper, WSContext, type WSReadyState } from 'hono/ws';
import type { ServerContext } from '../server/api.ts';
import type { ServerWebSocket, WebSocketUpgradeInit } from '../websocket/index.ts';

/**
 * Answers the handshake of a WebSocket, and passes its events on. Other requests go to the next handler. The second argument has
 * the options of `ctx.upgradeWebSocket()`.
 *
 * @throws {TypeError} if the application does not run on Serval.
 */
export const upgradeWebSocket = defineWebSocketHelper<ServerWebSocket, WebSocketUpgradeInit>(
  (c, events, options) => {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') return;
    // `serve` passes its context where Hono expects the environment.
    const ctx = c.env as Partial<ServerContext> | undefined;
    if (typeof ctx?.upgradeWebSocket !== 'function')
      throw new TypeError(
        'upgradeWebSocket: expected the context of Serval as c.env; run the app with serve(app)',
      );
    const socket = ctx.upgradeWebSocket(options);
    const context = new WSContext<ServerWebSocket>({
      send: (data) => socket.send(data),
      close: (code, reason) => socket.close(code, reason),
      raw: socket,
      get readyState() {
        return socket.readyState as WSReadyState;
      },
      protocol: socket.protocol,
      url: c.req.url,
    });
    socket.onmessage = (event) => events.onMessage?.(event as never, context);
    socket.onclose = (event) => events.onClose?.(event as never, context);
    socket.onerror = (event) => events.onError?.(event, context);
    events.onOpen?.(new Event('open'), context);
    // It is dropped: the upgrade was the answer.
    return new Response();
  },
);
