/** Counts values by size. */
export class Histogram {
  /** One count for each bucket, one for what exceeds all bounds, and the sum of all values. */
  readonly values: number[];
  readonly #bounds: readonly number[];

  /** @param bounds the highest value of each bucket, ascending. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.values = new Array(bounds.length + 2).fill(0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.values[bucket]!++;
    this.values[bounds.length + 1]! += value;
  }
}
