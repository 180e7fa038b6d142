/** Rows of what happened under load, as a Markdown table. */
import type { LoadReport } from '../../support/load.ts';

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

export function markdownTable(
  headings: readonly string[],
  alignment: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  return [headings, alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function thousands(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString('en') : '';
}

export function inMs(time: number): string {
  return Number.isFinite(time) ? `${time.toFixed(time < 100 ? 1 : 0)} ms` : '';
}

/** `0`, or how many of each kind. */
export function failed(failures: ReadonlyMap<string, number>): string {
  return failures.size === 0 ? '0' : [...failures].map(([kind, count]) => `${count} ${kind}`).join(', ');
}
