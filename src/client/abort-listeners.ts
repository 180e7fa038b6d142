/**
 * One listener for each signal, however many requests it aborts. A program may give one signal to all of its requests: Node
 * warns of more than ten listeners, and takes longer for each to remove one.
 */

export interface Abortable {
  abort(reason: unknown): void;
}

class AbortListener {
  readonly requests = new Set<Abortable>();
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this);
  }

  handleEvent(): void {
    for (const request of [...this.requests]) request.abort(this.#signal.reason);
  }

  remove(): void {
    this.#signal.removeEventListener('abort', this);
  }
}

const listeners = new WeakMap<AbortSignal, AbortListener>();

/** Has the signal abort the request. */
export function abortOn(signal: AbortSignal, request: Abortable): void {
  let listener = listeners.get(signal);
  if (listener === undefined) {
    listener = new AbortListener(signal);
    listeners.set(signal, listener);
  }
  listener.requests.add(request);
}

/** The request is over. */
export function forgetAbort(signal: AbortSignal, request: Abortable): void {
  const listener = listeners.get(signal);
  if (listener?.requests.delete(request) !== true || listener.requests.size > 0) return;
  listener.remove();
  listeners.delete(signal);
}
