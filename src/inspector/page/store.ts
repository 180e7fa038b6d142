/** What the page knows: the newest connections and exchanges, and the state of the server. */
import type { ConnectionRow, ExchangeRow, Notice, ServerRow } from '../messages.ts';

export class Store {
  readonly connections = new Map<number, ConnectionRow>();
  readonly exchanges = new Map<number, ExchangeRow>();
  server: ServerRow | undefined;
  /** Finished requests in the last second, as the counts of the server say. */
  rate = 0;
  #most = { exchanges: 2_000, connections: 1_000 };
  #now = 0;
  #heardAt = 0;
  #finished: { at: number; count: number } | undefined;

  /** The time of the recorder, in milliseconds. */
  get now(): number {
    return this.#now + performance.now() - this.#heardAt;
  }

  apply(notice: Extract<Notice, { type: 'hello' | 'news' }>): void {
    if (notice.type === 'hello') {
      // A server that was started again counts from the beginning.
      this.connections.clear();
      this.exchanges.clear();
      this.#finished = undefined;
      this.#most = notice.limits;
      return;
    }
    this.#now = notice.now;
    this.#heardAt = performance.now();
    for (const row of notice.connections) this.connections.set(row.id, row);
    for (const row of notice.exchanges) this.exchanges.set(row.id, row);
    forget(this.exchanges, this.#most.exchanges, ({ endAt }) => endAt !== undefined);
    forget(this.connections, this.#most.connections, ({ closedAt }) => closedAt !== undefined);
    if (notice.server !== undefined) this.#noteServer(notice.server);
  }

  #noteServer(server: ServerRow): void {
    const count = server.counts['requestsFinished'] ?? 0;
    const before = this.#finished;
    this.#finished = { at: this.#now, count };
    this.server = server;
    if (before === undefined || before.at === this.#now) return;
    this.rate = Math.max(0, ((count - before.count) * 1_000) / (this.#now - before.at));
  }
}

/** The oldest that are over make room. */
function forget<Row>(rows: Map<number, Row>, most: number, isOver: (row: Row) => boolean): void {
  for (const [id, row] of rows) {
    if (rows.size <= most) return;
    if (isOver(row)) rows.delete(id);
  }
}
