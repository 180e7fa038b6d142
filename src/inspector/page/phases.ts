/** An exchange in phases, and what is remarkable about it. */
import type { ExchangeRow } from '../messages.ts';
import { duration } from './durations.ts';

/** An exchange that takes this long is slow, in milliseconds. */
export const SLOW_MS = 500;

export type PhaseName = 'waiting' | 'head' | 'content-in' | 'handler' | 'content-out';

export interface Phase {
  readonly name: PhaseName;
  readonly from: number;
  readonly to: number;
}

export const PHASES: Readonly<Record<PhaseName, { readonly title: string; readonly note: string }>> = {
  waiting: { title: 'Waiting', note: 'It had arrived, and the connection was busy with the one before.' },
  head: { title: 'Head', note: 'From the first octet of the request to the empty line.' },
  'content-in': {
    title: 'Content in',
    note: 'The content of the request arrives. The handler may run already.',
  },
  handler: { title: 'Handler', note: 'The application works on the response.' },
  'content-out': { title: 'Content out', note: 'The response is sent.' },
};

/** @param now ends the phase that goes on. */
export function phasesOf(row: ExchangeRow, now: number): Phase[] {
  const end = row.endAt ?? Math.max(now, row.headAt);
  const answered = Math.min(row.answeredAt ?? end, end);
  // Content that arrives while the response is being sent is drawn as part of it.
  const requestEnd = Math.max(row.headAt, Math.min(row.requestEndAt ?? answered, answered));
  const marks: readonly (readonly [PhaseName, number, number])[] = [
    ['waiting', row.arrivedAt, row.beganAt],
    ['head', row.beganAt, row.headAt],
    ['content-in', row.headAt, requestEnd],
    ['handler', requestEnd, answered],
    ['content-out', answered, end],
  ];
  return marks
    .filter(([name, from, to]) => to > from || name === 'handler')
    .map(([name, from, to]) => ({ name, from, to }));
}

export function lengthOf(row: ExchangeRow, now: number): number {
  return (row.endAt ?? now) - row.beganAt;
}

export type Mark = 'failed' | 'slow' | 'tunnel' | undefined;

export function markOf(row: ExchangeRow, now: number): Mark {
  if (row.error !== undefined || row.refused !== undefined || row.status >= 500) return 'failed';
  if (isTunnel(row)) return 'tunnel';
  return lengthOf(row, now) >= SLOW_MS ? 'slow' : undefined;
}

/** It has left HTTP: a WebSocket, for example. */
export const isTunnel = (row: ExchangeRow): boolean =>
  row.states.some(({ operation }) => operation === 'accept');

export function statusText(row: ExchangeRow): string {
  if (row.error !== undefined) return row.status === 0 ? 'cut off' : `${row.status}, cut off`;
  return row.status === 0 ? (row.endAt === undefined ? '…' : '–') : String(row.status);
}

/** In one line, for people who can't see the bar. */
export function summaryOf(row: ExchangeRow, now: number): string {
  const mark = markOf(row, now);
  const remark = mark === undefined ? '' : `, ${mark}`;
  const what = `${row.method || 'Request'} ${row.path}`.trim();
  return `${what}: ${statusText(row)}, ${duration(lengthOf(row, now))}, connection ${row.connection}${remark}`;
}
