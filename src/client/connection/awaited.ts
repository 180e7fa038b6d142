/** What a connection waits for the server to do, and what follows when the server does not do it in time. */
import { DISCARD_MS } from '../../io/discard-limits.ts';
import type { ClientTimeouts } from '../options.ts';

/** A timeout by its name; `discard` for the rest of unwanted content; `nothing` when it is the caller's turn. */
export type Awaited = 'nothing' | 'discard' | Exclude<keyof ClientTimeouts, 'connect'>;

/** In milliseconds; 0 disables. */
export function timeoutFor(awaited: Awaited, timeouts: Readonly<Required<ClientTimeouts>>): number {
  if (awaited === 'nothing') return 0;
  return awaited === 'discard' ? DISCARD_MS : timeouts[awaited];
}

/** Those that end the exchange. The others end no exchange, or a connection without one. */
const OVERDUE: ReadonlyMap<Awaited, string> = new Map([
  ['headers', 'The head of the response did not arrive in time'],
  ['receive', 'The content of the response did not arrive in time'],
  ['send', 'The server did not take the request in time'],
]);

export function overdue(awaited: Awaited): string | undefined {
  return OVERDUE.get(awaited);
}

/** What decides what is awaited. */
export interface WaitingFacts {
  /** The server does not take what was written. */
  readonly isBlocked: boolean;
  readonly awaitsContinue: boolean;
  readonly requestIsComplete: boolean;
  /** The head of the final response has arrived. */
  readonly isAnswered: boolean;
  /** A reader waits for content. */
  readonly wantsContent: boolean;
  /** The rest of the content is being thrown away. */
  readonly isDiscarding: boolean;
}

export function whatIsAwaited(facts: WaitingFacts): Awaited {
  if (facts.isBlocked) return 'send';
  if (facts.awaitsContinue) return 'continue';
  if (facts.isDiscarding) return 'discard';
  if (facts.isAnswered) return facts.wantsContent ? 'receive' : 'nothing';
  return facts.requestIsComplete ? 'headers' : 'nothing';
}
