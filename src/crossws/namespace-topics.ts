/** The topics of an adapter: those of crossws belong to a namespace each, by default the path of the request. */
import type { ServerWebSocket, Topics } from '../websocket/index.ts';
import type { Payload } from './payload.ts';

/** The driver of a backplane between processes, as `crossws/sync` has several. */
export interface SyncDriver {
  subscribe(deliver: (message: SyncMessage) => void): unknown;
  publish(message: SyncMessage): unknown;
  close?(): unknown;
}

export interface SyncMessage {
  /** Empty: all namespaces. */
  namespace: string;
  topic: string;
  data: string | Uint8Array;
}

type Stage = 'subscribe' | 'publish' | 'delivery';

/** No namespace has it: it is not valid in a path. */
const SEPARATOR = '\0';

export class NamespaceTopics {
  readonly #topics: Topics;
  readonly #namespaces: ReadonlyMap<string, unknown>;
  readonly #driver: SyncDriver | undefined;
  readonly #onError: (error: unknown, context: { stage: Stage }) => void;

  /** @param namespaces those that have had a peer. */
  constructor(
    topics: Topics,
    namespaces: ReadonlyMap<string, unknown>,
    driver: SyncDriver | undefined,
    onError: (error: unknown, context: { stage: Stage }) => void,
  ) {
    this.#topics = topics;
    this.#namespaces = namespaces;
    this.#driver = driver;
    this.#onError = onError;
    this.#attempt('subscribe', () =>
      driver?.subscribe(({ namespace, topic, data }) =>
        this.#attempt('delivery', () => this.#deliver(namespace, topic, data)),
      ),
    );
  }

  subscribe(namespace: string, topic: string, socket: ServerWebSocket): void {
    this.#topics.subscribe(namespace + SEPARATOR + topic, socket);
  }

  unsubscribe(namespace: string, topic: string, socket: ServerWebSocket): void {
    this.#topics.unsubscribe(namespace + SEPARATOR + topic, socket);
  }

  /** @param namespace empty: all of them. */
  publish(namespace: string, topic: string, payload: Payload, except?: ServerWebSocket): void {
    this.#deliver(namespace, topic, payload, except);
    const data = payload instanceof ArrayBuffer ? new Uint8Array(payload) : payload;
    this.#attempt('publish', () => this.#driver?.publish({ namespace, topic, data }));
  }

  async close(): Promise<void> {
    await this.#driver?.close?.();
  }

  #deliver(namespace: string, topic: string, payload: Payload, except?: ServerWebSocket): void {
    for (const each of namespace === '' ? this.#namespaces.keys() : [namespace])
      this.#topics.publish(each + SEPARATOR + topic, payload, except);
  }

  #attempt(stage: Stage, act: () => unknown): void {
    const fail = (error: unknown): void => this.#onError(error, { stage });
    try {
      const result = act();
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  }
}
