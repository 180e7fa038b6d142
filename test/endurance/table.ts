/** What happened under load, as rows of a table. */
import type { LoadReport } from '../support/load.ts';
import { inMs, markdownTable, thousands } from '../support/markdown-table.ts';

export interface Row {
  readonly where: string;
  readonly what: string;
  readonly report: LoadReport;
  readonly remarks: string;
}

const HEADINGS = ['where', 'what', 'requests', 'failed', 'req/s', 'p50', 'p99', 'slowest', 'remarks'];
const ALIGNMENT = ['---', '---', '--:', '--:', '--:', '--:', '--:', '--:', '---'];

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ where, what, report, remarks }) => {
    const { requests, seconds, failures, latency } = report;
    return [
      ...[where, what, thousands(requests), failed(failures), thousands(Math.round(requests / seconds))],
      ...[inMs(latency.p50), inMs(latency.p99), inMs(latency.most), remarks],
    ];
  });
  return markdownTable(HEADINGS, ALIGNMENT, lines);
}

/** `0`, or the number of failures of each kind. */
export function failed(failures: ReadonlyMap<string, number>): string {
  return failures.size === 0 ? '0' : [...failures].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
