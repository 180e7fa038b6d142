/** The steps of an exchange, as spans of time. */
import type { WireConnection, WireObserver } from '../../client/index.ts';
import type { Span } from './waterfall.ts';

export class Timings implements WireObserver {
  #connection: WireConnection | undefined;
  #headSentAt = 0;
  #sentAt = 0;
  #headAt = 0;
  #endedAt = 0;

  onConnection(connection: WireConnection): void {
    this.#connection = connection;
  }

  onRequestHead(): void {
    this.#headSentAt = performance.now();
    this.#headAt = 0;
  }

  onRequestEnd(): void {
    this.#sentAt = performance.now();
  }

  onResponseHead(): void {
    this.#headAt = performance.now();
  }

  onResponseEnd(): void {
    this.#endedAt = performance.now();
  }

  /** Of the last exchange. */
  get spans(): Span[] {
    const { isReused = true, begunAt = 0, lookedUpAt, connectedAt = 0, securedAt } = this.#connection ?? {};
    const spans: Span[] = [];
    const add = (name: string, from: number, to: number): void => {
      if (from > 0 && to >= from) spans.push({ name, from, to });
    };
    if (!isReused) {
      if (lookedUpAt !== undefined) add('look up', begunAt, lookedUpAt);
      add('connect', lookedUpAt ?? begunAt, connectedAt);
      if (securedAt !== undefined) add('handshake', connectedAt, securedAt);
    }
    add('send', this.#headSentAt, Math.max(this.#sentAt, this.#headSentAt));
    add('wait', Math.max(this.#sentAt, this.#headSentAt), this.#headAt);
    add('receive', this.#headAt, this.#endedAt);
    const start = spans[0]?.from ?? 0;
    return spans.map(({ name, from, to }) => ({ name, from: from - start, to: to - start }));
  }
}
