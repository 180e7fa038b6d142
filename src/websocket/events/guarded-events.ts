/**
 * An `EventTarget` with `on…` handlers (DOM Standard, "Interface EventTarget") whose faults are reported to its owner. The runtime's own
 * takes several times the memory of an idle WebSocket, and longer for an event than all else that a message needs; and Node ends
 * the process when a listener throws, while one faulty message must not end a server.
 */
import { baseOf } from '../../fetch/stand-in.ts';
import { isLight } from './light-events.ts';

type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

interface Entry {
  readonly type: string;
  listener: Listener;
  readonly isCapture: boolean;
  readonly isOnce: boolean;
  /** An attribute such as `onmessage`: it keeps its place when another function takes it. */
  readonly isAttribute: boolean;
  isRemoved: boolean;
}

interface ListenerOptions {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

type Handler = (event: Event) => unknown;

const ATTRIBUTES = ['open', 'message', 'error', 'close'] as const;

export abstract class GuardedEvents extends (baseOf(EventTarget) as new () => object) implements EventTarget {
  /** The attributes, until `addEventListener` is called: most WebSockets need no more. */
  #onopen: Handler | null = null;
  #onmessage: Handler | null = null;
  #onerror: Handler | null = null;
  #onclose: Handler | null = null;
  /** From then on: all listeners in their order. Replaced, and never changed, so that a listener may add and remove others. */
  #entries: readonly Entry[] | undefined = undefined;

  /** @internal A listener threw, or the promise that it returned rejected. */
  protected abstract onFault(error: unknown): void;

  addEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    if (listener === null || listener === undefined) return;
    const { capture, once, signal } =
      typeof options === 'object' && options !== null ? options : { capture: options };
    const isCapture = Boolean(capture);
    if (signal?.aborted || this.#find(type, listener, isCapture) !== undefined) return;
    this.#add({
      type: String(type),
      listener,
      isCapture,
      isOnce: Boolean(once),
      isAttribute: false,
      isRemoved: false,
    });
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, isCapture), {
      once: true,
    });
  }

  removeEventListener(type: string, listener: Listener | null, options?: boolean | ListenerOptions): void {
    const capture = typeof options === 'object' && options !== null ? options.capture : options;
    const entry = listener && this.#find(type, listener, Boolean(capture));
    if (entry) this.#remove(entry);
  }

  dispatchEvent(event: Event): boolean {
    let isStopped = false;
    if (isLight(event)) event.target = this;
    else {
      // The runtime's own knows no target that it does not dispatch to.
      const stop = (): void => {
        isStopped = true;
      };
      const members = { target: this, currentTarget: this, stopImmediatePropagation: stop };
      for (const [name, value] of Object.entries(members))
        Object.defineProperty(event, name, { value, configurable: true });
    }
    if (this.#entries === undefined) {
      const handler = this.#attribute(event.type);
      if (handler !== null) this.#call(handler, event);
      return !event.defaultPrevented;
    }
    for (const entry of this.#entries) {
      if (entry.type !== event.type || entry.isRemoved) continue;
      if (entry.isOnce) this.#remove(entry);
      this.#call(entry.listener, event);
      if (isStopped || (isLight(event) && event.isStopped)) break;
    }
    return !event.defaultPrevented;
  }

  /** @internal Whether an event of this type would be heard. */
  protected hears(type: string): boolean {
    if (this.#entries === undefined) return this.#attribute(type) !== null;
    return this.#entries.some((entry) => entry.type === type);
  }

  /** @internal For an attribute such as `onmessage`. */
  protected handler<E extends Event>(type: string): ((event: E) => unknown) | null {
    if (this.#entries === undefined) return this.#attribute(type);
    return (this.#attributeEntry(type)?.listener as Handler | undefined) ?? null;
  }

  /** @internal */
  protected setHandler<E extends Event>(type: string, given: ((event: E) => unknown) | null): void {
    const listener = typeof given === 'function' ? (given as Handler) : null;
    if (this.#entries === undefined) return this.#setAttribute(type, listener);
    const before = this.#attributeEntry(type);
    if (listener === null) {
      if (before !== undefined) this.#remove(before);
    } else if (before !== undefined) before.listener = listener;
    else this.#add(attributeEntry(type, listener));
  }

  #attribute(type: string): Handler | null {
    switch (type) {
      case 'message':
        return this.#onmessage;
      case 'close':
        return this.#onclose;
      case 'error':
        return this.#onerror;
      default:
        return type === 'open' ? this.#onopen : null;
    }
  }

  #setAttribute(type: string, handler: Handler | null): void {
    if (type === 'message') this.#onmessage = handler;
    else if (type === 'close') this.#onclose = handler;
    else if (type === 'error') this.#onerror = handler;
    else this.#onopen = handler;
  }

  /** The attributes become entries: they keep their place before those that follow. */
  #list(): readonly Entry[] {
    if (this.#entries !== undefined) return this.#entries;
    this.#entries = ATTRIBUTES.flatMap((type) => {
      const handler = this.#attribute(type);
      return handler === null ? [] : [attributeEntry(type, handler)];
    });
    return this.#entries;
  }

  #call(listener: Listener, event: Event): void {
    try {
      const result =
        typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent(event);
      if (result instanceof Promise) result.catch((error) => this.onFault(error));
    } catch (error) {
      this.onFault(error);
    }
  }

  #find(type: string, listener: Listener, isCapture: boolean): Entry | undefined {
    return this.#entries?.find(
      (entry) =>
        entry.type === type &&
        entry.listener === listener &&
        entry.isCapture === isCapture &&
        !entry.isAttribute,
    );
  }

  #attributeEntry(type: string): Entry | undefined {
    return this.#entries?.find((entry) => entry.isAttribute && entry.type === type);
  }

  #add(entry: Entry): void {
    this.#entries = [...this.#list(), entry];
  }

  #remove(entry: Entry): void {
    entry.isRemoved = true;
    this.#entries = this.#list().filter((each) => each !== entry);
  }
}

const attributeEntry = (type: string, listener: Handler): Entry => ({
  ...{ type, listener, isAttribute: true },
  ...{ isCapture: false, isOnce: false, isRemoved: false },
});
