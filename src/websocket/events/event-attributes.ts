/** `onopen`, `onmessage`, `onerror` and `onclose` (WebSockets Standard, "The WebSocket interface"). */

import { GuardedEvents } from './guarded-events.ts';
import type { WebSocketCloseEvent, WebSocketErrorEvent, WebSocketMessageEvent } from './light-events.ts';

export abstract class EventAttributes extends GuardedEvents {
  get onopen(): ((event: Event) => unknown) | null {
    return this.handler('open');
  }
  /** Not called for the WebSocket of a server, which is open from the beginning. */
  set onopen(handler: ((event: Event) => unknown) | null) {
    this.setHandler('open', handler);
  }
  get onmessage(): ((event: WebSocketMessageEvent) => unknown) | null {
    return this.handler('message');
  }
  set onmessage(handler: ((event: WebSocketMessageEvent) => unknown) | null) {
    this.setHandler('message', handler);
  }
  get onerror(): ((event: WebSocketErrorEvent) => unknown) | null {
    return this.handler('error');
  }
  set onerror(handler: ((event: WebSocketErrorEvent) => unknown) | null) {
    this.setHandler('error', handler);
  }
  get onclose(): ((event: WebSocketCloseEvent) => unknown) | null {
    return this.handler('close');
  }
  set onclose(handler: ((event: WebSocketCloseEvent) => unknown) | null) {
    this.setHandler('close', handler);
  }
}
