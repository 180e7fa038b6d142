/** A connected client as the hooks of crossws get it: https://crossws.h3.dev/guide/peer. */
import { randomUUID } from 'node:crypto';
import type { ServerWebSocket } from '../websocket/index.ts';
import type { NamespaceTopics } from './namespace-topics.ts';
import { asPayload } from './payload.ts';

/** What a peer is made of. */
export interface PeerInit {
  readonly websocket: ServerWebSocket;
  /** The request of the handshake. */
  readonly request: Request;
  readonly remoteAddress: string | undefined;
  readonly namespace: string;
  readonly context: Record<string, unknown>;
  /** All peers of the namespace. */
  readonly peers: Set<ServalPeer>;
  readonly published: NamespaceTopics;
}

export class ServalPeer {
  readonly websocket: ServerWebSocket;
  readonly request: Request;
  readonly remoteAddress: string | undefined;
  readonly namespace: string;
  readonly context: Record<string, unknown>;
  readonly peers: Set<ServalPeer>;
  /** The topics that it has subscribed to. */
  readonly topics: Set<string> = new Set();
  readonly #published: NamespaceTopics;
  #id: string | undefined;

  constructor(init: PeerInit) {
    this.websocket = init.websocket;
    this.request = init.request;
    this.remoteAddress = init.remoteAddress;
    this.namespace = init.namespace;
    this.context = init.context;
    this.peers = init.peers;
    this.#published = init.published;
  }

  /** A random UUID. */
  get id(): string {
    this.#id ??= randomUUID();
    return this.#id;
  }

  /** Bytes that the client has not taken. */
  get bufferedAmount(): number {
    return this.websocket.bufferedAmount;
  }

  /** Sends a message: text and bytes as they are, plain objects as JSON. */
  send(data: unknown): void {
    this.websocket.send(asPayload(data));
  }

  /** Sends a message to the other subscribers of a topic in this peer's namespace, framed once. */
  publish(topic: string, data: unknown): void {
    this.#published.publish(this.namespace, topic, asPayload(data), this.websocket);
  }

  subscribe(topic: string): void {
    this.topics.add(topic);
    this.#published.subscribe(this.namespace, topic, this.websocket);
  }

  unsubscribe(topic: string): void {
    this.topics.delete(topic);
    this.#published.unsubscribe(this.namespace, topic, this.websocket);
  }

  close(code?: number, reason?: string): void {
    this.websocket.close(code, reason);
  }

  /** Cuts the connection off. */
  terminate(): void {
    this.websocket.terminate();
  }

  /** At most 125 bytes (RFC 6455 §5.5). */
  ping(data?: string | Uint8Array): void {
    this.websocket.ping(data);
  }

  /**
   * Fulfils when at most `threshold` bytes wait for the client, or it has gone.
   *
   * @param options `threshold`: bytes, default 0. `signal`: rejects with its reason.
   */
  async waitForDrain({
    threshold = 0,
    signal,
  }: {
    threshold?: number;
    signal?: AbortSignal;
  } = {}): Promise<void> {
    const aborted =
      signal &&
      new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    aborted?.catch(() => {});
    while (this.bufferedAmount > threshold && this.websocket.readyState === this.websocket.OPEN)
      await Promise.race([this.websocket.drained(), ...(aborted ? [aborted] : [])]);
    signal?.throwIfAborted();
  }

  toString(): string {
    return this.id;
  }

  [Symbol.toPrimitive](): string {
    return this.id;
  }

  get [Symbol.toStringTag](): string {
    return 'WebSocket';
  }
}
