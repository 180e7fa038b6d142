/** A message as the hooks of crossws get it: https://crossws.h3.dev/guide/message. */
import { randomUUID } from 'node:crypto';
import type { WebSocketMessageEvent } from '../websocket/index.ts';
import type { ServalPeer } from './peer.ts';

export class ServalMessage {
  readonly peer: ServalPeer;
  readonly event: WebSocketMessageEvent;
  /** Text as a string, binary as `peer.websocket.binaryType` says. */
  readonly rawData: string | ArrayBuffer | Blob;
  #id: string | undefined;

  constructor(peer: ServalPeer, event: WebSocketMessageEvent) {
    this.peer = peer;
    this.event = event;
    this.rawData = event.data;
  }

  /** A random UUID. */
  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  get data(): string | ArrayBuffer | Blob {
    return this.rawData;
  }

  /** @throws {TypeError} for a Blob, whose bytes cannot be had at once: leave `peer.websocket.binaryType` as it is. */
  uint8Array(): Uint8Array {
    if (typeof this.rawData === 'string') return new TextEncoder().encode(this.rawData);
    if (this.rawData instanceof ArrayBuffer) return new Uint8Array(this.rawData);
    throw new TypeError('message.uint8Array: the binaryType of the WebSocket is "blob"; read message.blob()');
  }

  arrayBuffer(): ArrayBuffer {
    return this.rawData instanceof ArrayBuffer ? this.rawData : (this.uint8Array().buffer as ArrayBuffer);
  }

  blob(): Blob {
    return this.rawData instanceof Blob ? this.rawData : new Blob([this.rawData]);
  }

  text(): string {
    return typeof this.rawData === 'string' ? this.rawData : new TextDecoder().decode(this.uint8Array());
  }

  /** @throws {SyntaxError} if the message is no JSON. */
  json<T = unknown>(): T {
    return JSON.parse(this.text()) as T;
  }

  toString(): string {
    return this.text();
  }

  [Symbol.toPrimitive](): string {
    return this.text();
  }
}
