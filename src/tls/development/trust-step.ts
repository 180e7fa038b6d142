/** The steps that make a machine trust the local authority, and what they depend on. */

export interface TrustStep {
  /** What trusts the authority then: `the system`, `Firefox`. */
  readonly what: string;
  /** The words of a command. Without one, `advice` is for people. */
  readonly command?: readonly string[];
  readonly advice?: string;
  /** The command requires the superuser. */
  readonly needsRoot?: boolean;
  /** It prepares the next step and may fail, for example because there is nothing to remove. */
  readonly mayFail?: boolean;
}

export interface Trusting {
  readonly install: readonly TrustStep[];
  readonly remove: readonly TrustStep[];
}

/** What a machine has. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Whether a program is installed. */
  has(program: string): boolean;
  /** The certificate stores of browsers. */
  readonly stores: readonly NssStore[];
}

export interface NssStore {
  /** `Chrome and Chromium`, `Firefox`. */
  readonly what: string;
  readonly folder: string;
  /** It has a database; otherwise one is created. */
  readonly exists: boolean;
}
