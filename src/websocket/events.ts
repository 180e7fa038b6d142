/** The events of a WebSocket that not every runtime has (WebSockets Standard, "The CloseEvent interface"). */

/** A message: text as a string, binary as `binaryType` says. */
export interface WebSocketMessageEvent extends Event {
  readonly data: string | ArrayBuffer | Blob;
  /** Of the page that the client named, empty without one; for a client, the origin of its URL. */
  readonly origin: string;
}

export interface WebSocketCloseEvent extends Event {
  /** Whether both ends have said that they close. */
  readonly wasClean: boolean;
  /** The status code of the peer's close (RFC 6455 §7.4); 1005 if it gave none, 1006 if there was no close. */
  readonly code: number;
  readonly reason: string;
}

export interface WebSocketErrorEvent extends Event {
  /** Serval's own: why the WebSocket fails. */
  readonly error: Error;
}

interface CloseEventInit {
  readonly wasClean: boolean;
  readonly code: number;
  readonly reason: string;
}

class OwnCloseEvent extends Event implements WebSocketCloseEvent {
  readonly wasClean: boolean;
  readonly code: number;
  readonly reason: string;

  constructor(type: string, { wasClean, code, reason }: CloseEventInit) {
    super(type);
    this.wasClean = wasClean;
    this.code = code;
    this.reason = reason;
  }
}

class OwnErrorEvent extends Event implements WebSocketErrorEvent {
  readonly error: Error;

  constructor(error: Error) {
    super('error');
    this.error = error;
  }
}

type EventClass<Init, Made> = new (type: string, init: Init) => Made;

const { CloseEvent = OwnCloseEvent, MessageEvent } = globalThis as unknown as {
  // Node 20 and 22 have none.
  CloseEvent?: EventClass<CloseEventInit, WebSocketCloseEvent>;
  MessageEvent: EventClass<{ data: unknown; origin: string }, WebSocketMessageEvent>;
};

export const closeEvent = (init: CloseEventInit): WebSocketCloseEvent => new CloseEvent('close', init);

export const errorEvent = (error: Error): WebSocketErrorEvent => new OwnErrorEvent(error);

export const messageEvent = (data: string | ArrayBuffer | Blob, origin: string): WebSocketMessageEvent =>
  new MessageEvent('message', { data, origin });
