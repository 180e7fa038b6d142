/** Broadcast within a process: sockets subscribe to topics, and a published message is framed once for all of them. */
import { Buffer } from 'node:buffer';
import { loadCodec } from './codec.ts';
import { SEND_FRAME, type ServerWebSocket } from './server-socket.ts';

const TEXT = 1;
const BINARY = 2;

export class Topics {
  readonly #subscribers = new Map<string, Set<ServerWebSocket>>();
  readonly #topicsOf = new Map<ServerWebSocket, Set<string>>();

  /** From now on the socket gets what is published. A socket that closes is unsubscribed. */
  subscribe(topic: string, socket: ServerWebSocket): void {
    if (socket.readyState !== socket.OPEN) return;
    const subscribers = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, subscribers.add(socket));
    const topics = this.#topicsOf.get(socket) ?? new Set();
    if (topics.size === 0) socket.addEventListener('close', () => this.#forget(socket), { once: true });
    this.#topicsOf.set(socket, topics.add(topic));
  }

  unsubscribe(topic: string, socket: ServerWebSocket): void {
    this.#topicsOf.get(socket)?.delete(topic);
    const subscribers = this.#subscribers.get(topic);
    subscribers?.delete(socket);
    if (subscribers?.size === 0) this.#subscribers.delete(topic);
  }

  /**
   * Sends a message to all subscribers, uncompressed. A subscriber that does not read is cut off at its `maxBufferedAmount`.
   *
   * @param except does not get it: usually the socket that it came from.
   * @returns to how many sockets it was sent.
   */
  publish(topic: string, message: string | Uint8Array | ArrayBuffer, except?: ServerWebSocket): number {
    const subscribers = this.#subscribers.get(topic);
    if (subscribers === undefined) return 0;
    const isText = typeof message === 'string';
    const data = isText ? message : new Uint8Array(message);
    const shape = { fin: true, rsv1: false, mask: false, readOnly: true } as const;
    const pieces = loadCodec().Sender.frame(Buffer.from(data as string), {
      ...shape,
      opcode: isText ? TEXT : BINARY,
    });
    const frame = Buffer.concat(pieces);
    let count = 0;
    for (const socket of subscribers) {
      if (socket === except || socket.readyState !== socket.OPEN) continue;
      socket[SEND_FRAME](frame, data);
      count++;
    }
    return count;
  }

  /** How many sockets have subscribed to a topic. */
  count(topic: string): number {
    return this.#subscribers.get(topic)?.size ?? 0;
  }

  #forget(socket: ServerWebSocket): void {
    for (const topic of this.#topicsOf.get(socket) ?? []) this.unsubscribe(topic, socket);
    this.#topicsOf.delete(socket);
  }
}
