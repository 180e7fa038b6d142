/** Broadcast: sockets subscribe to topics, and a published message is framed once for all of them. */
import { checkMembers, refusal } from '../options/checks.ts';
import { MadeFrame } from './frames/server-frames.ts';
import { SEND_FRAME, type ServerWebSocket } from './server-socket.ts';
import { publishShared, shareTopics } from './shared-topics.ts';

export interface TopicsOptions {
  /**
   * A name under which the topics of all workers of `serval/workers` are one: what is published in one worker reaches the subscribers in
   * all. At most once: a worker that is blocked for long loses messages. Default: each process or thread has topics of its own.
   */
  shared?: string;
}

export class Topics {
  readonly #subscribers = new Map<string, Set<ServerWebSocket>>();
  readonly #topicsOf = new Map<ServerWebSocket, Set<string>>();
  readonly #shared: string | undefined;

  /** @throws {TypeError} for an invalid option, and for a `shared` name that other topics of this thread have. */
  constructor(options: TopicsOptions = {}) {
    checkMembers('options', options, ['shared']);
    const { shared } = options;
    if (shared !== undefined && (typeof shared !== 'string' || shared === ''))
      throw new TypeError(refusal('options.shared', 'a non-empty string', shared));
    this.#shared = shared;
    if (shared !== undefined) shareTopics(shared, (topic, octets) => this.#deliverShared(topic, octets));
  }

  /** From now on the socket gets what is published. A socket that closes is unsubscribed. */
  subscribe(topic: string, socket: ServerWebSocket): void {
    if (socket.readyState !== socket.OPEN) return;
    const subscribers = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, subscribers.add(socket));
    let topics = this.#topicsOf.get(socket);
    if (topics === undefined) {
      topics = new Set();
      this.#topicsOf.set(socket, topics);
      socket.addEventListener('close', () => this.#forget(socket), { once: true });
    }
    topics.add(topic);
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
   * @returns to how many sockets of this thread it was sent.
   */
  publish(topic: string, message: string | Uint8Array | ArrayBuffer, except?: ServerWebSocket): number {
    const isHeard = this.#subscribers.has(topic);
    if (!isHeard && this.#shared === undefined) return 0;
    const frame = MadeFrame.of(typeof message === 'string' ? message : new Uint8Array(message));
    if (this.#shared !== undefined) publishShared(this.#shared, topic, frame.octets);
    return this.#deliver(topic, frame, except);
  }

  /** How many sockets of this thread have subscribed to a topic. */
  count(topic: string): number {
    return this.#subscribers.get(topic)?.size ?? 0;
  }

  #deliverShared(topic: string, octets: Uint8Array): void {
    if (this.#subscribers.has(topic)) this.#deliver(topic, new MadeFrame(octets));
  }

  #deliver(topic: string, frame: MadeFrame, except?: ServerWebSocket): number {
    let count = 0;
    for (const socket of this.#subscribers.get(topic) ?? []) {
      if (socket === except || socket.readyState !== socket.OPEN) continue;
      socket[SEND_FRAME](frame);
      count++;
    }
    return count;
  }

  #forget(socket: ServerWebSocket): void {
    for (const topic of this.#topicsOf.get(socket) ?? []) this.unsubscribe(topic, socket);
    this.#topicsOf.delete(socket);
  }
}
