/** The events of a WebSocket as promises. */
import type {
  WebSocket,
  WebSocketCloseEvent,
  WebSocketErrorEvent,
  WebSocketMessageEvent,
} from '../../../src/client/index.ts';

const next = <E extends Event>(socket: WebSocket, type: string): Promise<E> =>
  new Promise((resolve) => socket.addEventListener(type, (event) => resolve(event as E), { once: true }));

export const closeOf = (socket: WebSocket): Promise<WebSocketCloseEvent> => next(socket, 'close');

export const messageOf = async (socket: WebSocket): Promise<WebSocketMessageEvent['data']> =>
  (await next<WebSocketMessageEvent>(socket, 'message')).data;

/** Fulfils with the WebSocket when it is open, and rejects with the error of its handshake. */
export function opened(socket: WebSocket): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(socket), { once: true });
    socket.addEventListener('error', (event) => reject((event as WebSocketErrorEvent).error), { once: true });
  });
}

/** Fulfils with the error, and how the WebSocket was closed for it. */
export async function failure(socket: WebSocket): Promise<{ error: Error; code: number; wasClean: boolean }> {
  const closed = closeOf(socket);
  const { error } = await next<WebSocketErrorEvent>(socket, 'error');
  const { code, wasClean } = await closed;
  return { error, code, wasClean };
}
