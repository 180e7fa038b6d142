/** What is exported: everything that is kept, or what a filter of the page shows. */
import { type Filter, matches } from '../page/filter.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import type { Recorder } from '../recorder/recorder.ts';

export interface Selection {
  /** When the recorder began, in milliseconds since 1970. */
  readonly epoch: number;
  /** Milliseconds since then. */
  readonly now: number;
  /** Those of the exchanges; without a filter all of them. */
  readonly connections: readonly ConnectionRecord[];
  readonly exchanges: readonly ExchangeRecord[];
  connectionOf(record: ExchangeRecord): ConnectionRecord | undefined;
}

/** @param query `path`, `status` and `connection` as in {@link Filter}; `until`: arrived by then, in milliseconds of the recorder. */
export function selectionOf(recorder: Recorder, query: URLSearchParams): Selection {
  const filter: Filter = {
    path: query.get('path') ?? '',
    status: query.get('status') ?? '',
    connection: query.get('connection') ?? '',
  };
  const until = Number.parseFloat(query.get('until') ?? '');
  const now = Number.isFinite(until) ? until : recorder.now();
  const exchanges = [...recorder.exchanges.values()].filter(
    ({ row }) => row.arrivedAt <= now && matches(filter, row, now),
  );
  const all = [...recorder.connections.values()];
  const shown = new Set(exchanges.map(({ row }) => row.connection));
  const isEverything = Object.values(filter).every((value) => value === '');
  return {
    epoch: recorder.epoch,
    now,
    connections: all.filter(({ row }) => (isEverything ? row.openedAt <= now : shown.has(row.id))),
    exchanges,
    connectionOf: ({ row }) => recorder.connections.get(row.connection),
  };
}
