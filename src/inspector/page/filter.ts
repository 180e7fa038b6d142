/** Which exchanges are shown. The export takes the same ones, so the server uses this file too. */
import type { ExchangeRow } from '../messages.ts';
import { markOf } from './phases.ts';

export interface Filter {
  /** A part of method and path; empty for all. */
  readonly path: string;
  /** The first digit of a status, `failed` or `slow`; empty for all. */
  readonly status: string;
  /** The numbers of connections, with commas between them; empty for all. */
  readonly connection: string;
}

/** @param connections as in {@link Filter}. */
export const isAmong = (connections: string, id: number): boolean =>
  connections === '' || connections.split(',').includes(String(id));

export function matches({ path, status, connection }: Filter, row: ExchangeRow, now: number): boolean {
  if (!isAmong(connection, row.connection)) return false;
  if (path !== '' && !`${row.method} ${row.path}`.toLowerCase().includes(path.toLowerCase())) return false;
  if (status === '') return true;
  if (status === 'slow' || status === 'failed') return markOf(row, now) === status;
  return Math.floor(row.status / 100) === Number(status);
}
