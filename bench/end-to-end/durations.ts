/** How long a sample of each case takes. */
import type { BenchCase } from './cases.ts';

/** Seconds. */
export interface Durations {
  readonly warmUp: number;
  readonly counted: number;
}

export const SCALE_POINTS = [1, 8, 64, 256, 1_000, 5_000];

/** Points are many and alike: each gets half of the time. */
export function atScalePoint({ warmUp, counted }: Durations): Durations {
  return { warmUp: Math.ceil(warmUp / 2), counted: Math.ceil(counted / 2) };
}

/** Roughly how long one sample takes, in seconds. */
export function estimatedSeconds({ kind }: BenchCase, durations: Durations): number {
  const startAndStop = 0.35;
  const { warmUp, counted } = durations;
  switch (kind) {
    case 'parse':
      return 3;
    case 'idle':
      return startAndStop + 3.5;
    case 'scale': {
      const point = atScalePoint(durations);
      return startAndStop + SCALE_POINTS.length * (point.warmUp + point.counted + 0.2);
    }
    case 'idle-load':
      return startAndStop + warmUp + 2 * counted + 3;
    case 'load':
    case 'handshakes':
      return startAndStop + warmUp + counted;
  }
}
