/** Compares figures with the baseline. For every figure, less is better. */

export type Figures = Readonly<Record<string, number>>;

export interface Comparison {
  readonly name: string;
  readonly value: number;
  readonly baseline: number | undefined;
  readonly verdict: 'ok' | 'worse' | 'better' | 'new';
}

/** A figure that is worse by this part fails the check. */
export const TOLERANCE = 0.15;

export function compare(measured: Figures, baseline: Figures, tolerance = TOLERANCE): Comparison[] {
  return Object.entries(measured).map(([name, value]) => {
    const former = baseline[name];
    return { name, value, baseline: former, verdict: verdictOn(value, former, tolerance) };
  });
}

/** Names in the baseline that were not measured: the check must not silently check less. */
export function missing(measured: Figures, baseline: Figures): string[] {
  return Object.keys(baseline).filter((name) => measured[name] === undefined);
}

function verdictOn(value: number, former: number | undefined, tolerance: number): Comparison['verdict'] {
  if (former === undefined) return 'new';
  if (value - former > former * tolerance) return 'worse';
  return former - value > former * tolerance ? 'better' : 'ok';
}
