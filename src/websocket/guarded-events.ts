/**
 * An `EventTarget` with `on…` handlers whose faults are reported to its owner. Node ends the process when a listener of an
 * `EventTarget` throws, and one faulty message must not end a server.
 */
type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

export abstract class GuardedEvents extends EventTarget {
  readonly #guards = new WeakMap<object, (event: Event) => void>();
  readonly #handlers = new Map<string, { given: (event: never) => unknown; guard: (event: Event) => void }>();

  /** @internal A listener threw, or the promise that it returned rejected. */
  protected abstract onFault(error: unknown): void;

  override addEventListener(type: string, listener: Listener | null, options?: boolean | object): void {
    if (listener !== null && listener !== undefined)
      super.addEventListener(type, this.#guardOf(listener), options);
  }

  override removeEventListener(type: string, listener: Listener | null, options?: boolean | object): void {
    const guard = listener && this.#guards.get(listener);
    if (guard) super.removeEventListener(type, guard, options as never);
  }

  /** @internal For an attribute such as `onmessage`: it keeps its place among the listeners when another function takes it. */
  protected handler<E extends Event>(type: string): ((event: E) => unknown) | null {
    return (this.#handlers.get(type)?.given as ((event: E) => unknown) | undefined) ?? null;
  }

  /** @internal */
  protected setHandler<E extends Event>(type: string, given: ((event: E) => unknown) | null): void {
    const before = this.#handlers.get(type);
    if (before !== undefined) super.removeEventListener(type, before.guard);
    this.#handlers.delete(type);
    if (typeof given !== 'function') return;
    const guard = this.#guard((event) => (given as (event: Event) => unknown).call(this, event));
    this.#handlers.set(type, { given, guard });
    super.addEventListener(type, guard);
  }

  #guardOf(listener: Listener): (event: Event) => void {
    let guard = this.#guards.get(listener);
    if (guard === undefined) {
      guard = this.#guard((event) =>
        typeof listener === 'function' ? listener.call(this, event) : listener.handleEvent(event),
      );
      this.#guards.set(listener, guard);
    }
    return guard;
  }

  #guard(call: (event: Event) => unknown): (event: Event) => void {
    return (event) => {
      try {
        const result = call(event);
        if (result instanceof Promise) result.catch((error) => this.onFault(error));
      } catch (error) {
        this.onFault(error);
      }
    };
  }
}
