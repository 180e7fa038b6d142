/** The messages of a WebSocket as streams, with back-pressure both ways. */
import type { WebSocketCloseEvent, WebSocketMessageEvent } from './events/light-events.ts';

export interface MessageStreams {
  /** Text as strings, binary as `Uint8Array`s. Ends with a clean close, and fails otherwise. Cancelling it closes the WebSocket. */
  readonly readable: ReadableStream<string | Uint8Array>;
  /** Closing it closes the WebSocket. */
  readonly writable: WritableStream<string | Uint8Array>;
}

/** What the streams take from a WebSocket. */
interface StreamedSocket extends EventTarget {
  binaryType: 'blob' | 'arraybuffer';
  readonly readyState: number;
  readonly CONNECTING: number;
  readonly OPEN: number;
  send(message: string | Uint8Array): void;
  drained(): Promise<void>;
  close(code?: number): void;
}

/** @param hold stops and continues reading from the client. */
export function messageStreams(socket: StreamedSocket, hold: (isHeld: boolean) => void): MessageStreams {
  socket.binaryType = 'arraybuffer';
  let isWanted = true;
  const readable = new ReadableStream<string | Uint8Array>({
    start: (controller) => {
      socket.addEventListener('message', (event) => {
        if (!isWanted) return;
        const { data } = event as WebSocketMessageEvent;
        controller.enqueue(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
        if ((controller.desiredSize ?? 0) <= 0) hold(true);
      });
      socket.addEventListener('close', (event) => {
        if (!isWanted) return;
        const { wasClean, code, reason } = event as WebSocketCloseEvent;
        if (wasClean) controller.close();
        else controller.error(new Error(`The WebSocket was cut off (${code}${reason && `: ${reason}`})`));
      });
    },
    pull: () => hold(false),
    cancel: () => {
      isWanted = false;
      hold(false);
      socket.close();
    },
  });
  const writable = new WritableStream<string | Uint8Array>({
    start: () => opened(socket),
    write: (message) => {
      if (socket.readyState !== socket.OPEN) throw new Error('The WebSocket is closed');
      socket.send(message);
      return socket.drained();
    },
    close: () => socket.close(1000),
    abort: () => socket.close(),
  });
  return { readable, writable };
}

/** Fulfils when messages can be sent. */
function opened(socket: StreamedSocket): Promise<void> | undefined {
  if (socket.readyState !== socket.CONNECTING) return undefined;
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('close', () => reject(new Error('The WebSocket was not opened')), { once: true });
  });
}
