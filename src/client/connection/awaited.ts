/** What a connection waits for the server to do, and what it means when that is overdue. */
import type { ClientTimeouts } from '../options.ts';

/** A timeout by its name; `discard`, the rest of content that nobody wants; or `nothing`: then it is the caller's turn. */
export type Awaited = 'nothing' | 'discard' | keyof ClientTimeouts;

/** How long the rest of unwanted content may take, in milliseconds: a new connection is there sooner. */
const DISCARD_TIMEOUT = 1_000;

/** 0 is for ever. */
export function timeoutFor(awaited: Awaited, timeouts: Readonly<Required<ClientTimeouts>>): number {
  if (awaited === 'nothing') return 0;
  return awaited === 'discard' ? DISCARD_TIMEOUT : timeouts[awaited];
}

/** Those that end the exchange; the others end nothing, or a connection at rest. */
const OVERDUE: ReadonlyMap<Awaited, string> = new Map([
  ['connect', 'The connection was not there in time'],
  ['headers', 'The head of the response did not arrive in time'],
  ['receive', 'The content of the response did not arrive in time'],
  ['send', 'The server did not take the request in time'],
]);

export function overdue(awaited: Awaited): string | undefined {
  return OVERDUE.get(awaited);
}

export interface WaitingFacts {
  /** The server does not take what was written. */
  readonly isBlocked: boolean;
  readonly awaitsContinue: boolean;
  readonly requestIsComplete: boolean;
  /** The head of the final response has come. */
  readonly isAnswered: boolean;
  /** Somebody reads the content. */
  readonly wantsContent: boolean;
  /** What is left of it is thrown away. */
  readonly discards: boolean;
}

export function whatIsAwaited(facts: WaitingFacts): Awaited {
  if (facts.isBlocked) return 'send';
  if (facts.awaitsContinue) return 'continue';
  if (facts.discards) return 'discard';
  if (facts.isAnswered) return facts.wantsContent ? 'receive' : 'nothing';
  return facts.requestIsComplete ? 'headers' : 'nothing';
}
