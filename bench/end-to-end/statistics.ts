/** Medians, ranges, and ratios by round. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** The number of rounds. */
  readonly rounds: number;
}

/** The middle value, or the mean of the two middle ones. NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `undefined` for an empty list. */
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
 * The ratio of the figures of the same round, for each round that has both. The speed of a machine changes over minutes and not
 * over seconds, so only figures of the same round are comparable.
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
