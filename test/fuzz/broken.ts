/** An invariant that does not hold: which one, and how that was seen. Nothing else a target throws is one. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly invariant: string;

  constructor(invariant: string, detail: string) {
    super(detail);
    this.invariant = invariant;
  }
}

export interface Failure {
  readonly invariant: string;
  readonly detail: string;
}

/** What `examine` breaks, or `undefined`. Whatever else it throws breaks the first of all invariants. */
export function failureOf(examine: () => void): Failure | undefined {
  try {
    examine();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return { invariant: error.invariant, detail: error.message };
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { invariant: 'the core never throws', detail };
  }
}
