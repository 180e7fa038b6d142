/** One line for each measured server, with the remaining time. */
import type { FigureName, Measured } from './measured.ts';

export class Progress {
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;

  /** @param seconds the estimated time for everything. */
  constructor(seconds: number) {
    this.#total = seconds;
  }

  /** @param seconds the estimated time for this step. */
  step(what: string, seconds: number, outcome: string): void {
    this.#done += seconds;
    const elapsed = (performance.now() - this.#started) / 1_000;
    const left = (this.#total - this.#done) * (elapsed / this.#done);
    console.log(`${duration(left).padStart(7)} left  ${what.padEnd(62)} ${outcome}`);
  }
}

/** `12 min`, `48 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole >= 100 ? `${Math.round(whole / 60)} min` : `${whole} s`;
}

const FORMATS: Record<FigureName, ((value: number) => string) | undefined> = {
  cpu: (value) => `${value < 100 ? value.toFixed(2) : value.toFixed(0)} µs CPU`,
  rate: (value) => `${value >= 10_000 ? `${(value / 1_000).toFixed(1)} k` : value.toFixed(1)}/s`,
  throughput: (value) => `${(value / 1e9).toFixed(2)} GB/s`,
  memory: (value) => `${(value / 1_000).toFixed(2)} KB a connection`,
  p99: (value) => `p99 ${value.toFixed(2)} ms`,
  p50: undefined,
  resident: (value) => `${(value / 1e6).toFixed(0)} MB`,
  serverShare: (value) => `server ${(value * 100).toFixed(0)} %`,
  loadShare: (value) => `load ${(value * 100).toFixed(0)} %`,
};

/** A summary of the sample. */
export function describe(measured: readonly Measured[]): string {
  return measured
    .map(({ point, figures, invalid, disturbed, loadBound }) => {
      const parts = Object.entries(FORMATS).flatMap(([name, format]) => {
        const value = figures[name as FigureName];
        return value === undefined || format === undefined ? [] : [format(value)];
      });
      if (loadBound) parts.push('(the load generator was full)');
      if (disturbed.length > 0 && invalid.length === 0) parts.push(`(${disturbed.join('; ')})`);
      if (invalid.length > 0) parts.push(`INVALID: ${invalid.join('; ')}`);
      return `${point === undefined ? '' : `${point}: `}${parts.join('  ')}`;
    })
    .join('\n                ');
}
