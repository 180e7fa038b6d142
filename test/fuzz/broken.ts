/** A broken invariant, and how it was noticed. Other errors of a target are not of this class. */
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

/** The invariant that `examine` breaks, or `undefined`. Any other error breaks the first invariant: nothing is thrown. */
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
