/**
 * The events of a WebSocket (WebSockets Standard, HTML "The MessageEvent interface"). They are `instanceof` the runtime's own where it
 * has them, and cost a twentieth of those: a message is an event.
 */
import { baseOf, passFor } from '../../fetch/stand-in.ts';

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

const AT_TARGET = 2;

/** An event that a WebSocket dispatches to itself: it does not bubble, and has no default (DOM Standard, "Interface Event"). */
export abstract class LightEvent extends (baseOf(Event) as new () => object) implements Event {
  readonly type: string;
  readonly timeStamp = performance.now();
  target: EventTarget | null = null;
  isStopped = false;

  constructor(type: string) {
    super();
    this.type = type;
  }

  get currentTarget(): EventTarget | null {
    return this.target;
  }
  get srcElement(): EventTarget | null {
    return this.target;
  }
  get eventPhase(): 0 | 2 {
    return this.target === null ? 0 : AT_TARGET;
  }
  get bubbles(): boolean {
    return false;
  }
  get cancelable(): boolean {
    return false;
  }
  get composed(): boolean {
    return false;
  }
  get defaultPrevented(): boolean {
    return false;
  }
  get returnValue(): boolean {
    return true;
  }
  get cancelBubble(): boolean {
    return this.isStopped;
  }
  get isTrusted(): boolean {
    return true;
  }
  composedPath(): [EventTarget?] {
    return this.target === null ? [] : [this.target];
  }
  preventDefault(): void {}
  /** There is no other target. */
  stopPropagation(): void {}
  stopImmediatePropagation(): void {
    this.isStopped = true;
  }
  declare readonly NONE: 0;
  declare readonly CAPTURING_PHASE: 1;
  declare readonly AT_TARGET: 2;
  declare readonly BUBBLING_PHASE: 3;
  declare initEvent: never;
}

class LightMessageEvent extends LightEvent implements WebSocketMessageEvent {
  readonly data: string | ArrayBuffer | Blob;
  readonly origin: string;

  constructor(data: string | ArrayBuffer | Blob, origin: string) {
    super('message');
    this.data = data;
    this.origin = origin;
  }

  get lastEventId(): string {
    return '';
  }
  get source(): null {
    return null;
  }
  get ports(): readonly never[] {
    return [];
  }
}

class LightCloseEvent extends LightEvent implements WebSocketCloseEvent {
  readonly wasClean: boolean;
  readonly code: number;
  readonly reason: string;

  constructor({ wasClean, code, reason }: CloseEventInit) {
    super('close');
    this.wasClean = wasClean;
    this.code = code;
    this.reason = reason;
  }
}

class LightErrorEvent extends LightEvent implements WebSocketErrorEvent {
  readonly error: Error;

  constructor(error: Error) {
    super('error');
    this.error = error;
  }
}

/** Those of a message and of a close inherit from the runtime's classes instead. */
export const isLight = (event: object): event is LightEvent => 'isStopped' in event;

class PlainEvent extends LightEvent {}

type EventClass = abstract new (...args: never[]) => object;

// Node 20 and 22 have no CloseEvent, and no runtime an ErrorEvent that is the same everywhere.
const { CloseEvent, MessageEvent } = globalThis as unknown as Record<string, EventClass | undefined>;

const SHOWN = ['type', 'target', 'timeStamp'];
passFor(LightEvent, Event, SHOWN);
if (MessageEvent !== undefined) standFor(LightMessageEvent, MessageEvent, ['data', 'origin']);
if (CloseEvent !== undefined) standFor(LightCloseEvent, CloseEvent, ['wasClean', 'code', 'reason']);

/** The members of `LightEvent` are found first, and behind them those of the runtime's class. */
function standFor(StandIn: EventClass, Native: EventClass, shown: readonly string[]): void {
  const { prototype } = StandIn;
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(LightEvent.prototype)))
    if (!Object.hasOwn(prototype, name)) Object.defineProperty(prototype, name, descriptor);
  Object.setPrototypeOf(prototype, Native.prototype);
  passFor(StandIn, Native, [...SHOWN, ...shown]);
}

export const plainEvent = (type: string): Event => new PlainEvent(type);

export const closeEvent = (init: CloseEventInit): WebSocketCloseEvent => new LightCloseEvent(init);

export const errorEvent = (error: Error): WebSocketErrorEvent => new LightErrorEvent(error);

export const messageEvent = (data: string | ArrayBuffer | Blob, origin: string): WebSocketMessageEvent =>
  new LightMessageEvent(data, origin);
