/** Medians, ranges, and ratios that are taken round by round. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many rounds it stands on. */
  readonly rounds: number;
}

/** The middle one; between two, their mean. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `undefined` of nothing. */
export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    rounds: values.length,
  };
}

/**
 * The ratio of what was measured in the same round, for each round that has both. Machines change their mind over minutes
 * and not over seconds: two figures of one round may be compared, two figures of different rounds may not.
 */
export function ratios(
  ours: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
): Spread | undefined {
  const values: number[] = [];
  for (const [round, value] of ours) {
    const other = theirs.get(round);
    if (other !== undefined && other > 0) values.push(value / other);
  }
  return spread(values);
}
