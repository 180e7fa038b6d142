/** The spans of an exchange as bars, one below the other. */

export interface Span {
  readonly name: string;
  /** Milliseconds since the exchange began. */
  readonly from: number;
  readonly to: number;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/**
 * One line for each span: its name, its duration, and a bar at its place between the beginning and the end.
 *
 * @param width columns for the bars.
 */
export function waterfall(spans: readonly Span[], width: number): string[] {
  const end = Math.max(...spans.map(({ to }) => to), Number.MIN_VALUE);
  const names = Math.max(...spans.map(({ name }) => name.length));
  return spans.map(({ name, from, to }) => {
    const start = Math.min(Math.floor((from / end) * width), width - 1);
    const eighths = Math.max(1, Math.round(((to - from) / end) * width * 8));
    const bar = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
    return `${name.padEnd(names)} ${milliseconds(to - from).padStart(10)}  ${' '.repeat(start)}${bar.slice(0, width - start)}`;
  });
}

export function milliseconds(time: number): string {
  if (time >= 10_000) return `${(time / 1_000).toFixed(1)} s`;
  return time >= 100 ? `${Math.round(time)} ms` : `${time.toFixed(time >= 10 ? 1 : 2)} ms`;
}
