/**
 * Why a decoder refuses a message: a reason, the status for the answer, the section with the rule, and one sentence.
 *
 * Rejections are constants, created when a module is loaded. Refusing a message must not cost more than serving one, and
 * creating an `Error` with its stack takes longer than parsing. The sentence never contains octets that the peer sent.
 */
export class Rejection {
  readonly reason: string;
  readonly status: number;
  readonly section: string;
  readonly sentence: string;

  constructor(reason: string, { status, section, sentence }: RejectionRow) {
    this.reason = reason;
    this.status = status;
    this.section = section;
    this.sentence = sentence;
    Object.freeze(this);
  }
}

/** A row of a table of rejections. Its key is the reason. */
export interface RejectionRow {
  readonly status: number;
  readonly section: string;
  readonly sentence: string;
}

export function rejectionRow(status: number, section: string, sentence: string): RejectionRow {
  return { status, section, sentence };
}

/** Creates the rejections of a table, each under its reason. */
export function rejectionsOf<Reason extends string>(
  table: Readonly<Record<Reason, RejectionRow>>,
): Readonly<Record<Reason, Rejection>> {
  const made = Object.entries<RejectionRow>(table).map(([reason, row]) => [
    reason,
    new Rejection(reason, row),
  ]);
  return Object.freeze(Object.fromEntries(made)) as Readonly<Record<Reason, Rejection>>;
}
