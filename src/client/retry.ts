/**
 * Whether a client may send a request a second time by itself (RFC 9110 §9.2.2, RFC 9112 §9.3.1, RFC 9113 §8.7): only if the server can't
 * have acted on it, or if acting twice has the same effect as acting once.
 */
import type { LostWire } from './connection/wire.ts';

/** RFC 9110 §9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export interface FailedAttempt extends LostWire {
  readonly method: string;
  /** There is no body, or it can be sent again. */
  readonly isReplayable: boolean;
  /** How many times it has been sent again. */
  readonly retries: number;
}

const MOST_RETRIES = 1;
/** Of a request that was not processed. A server that refuses it each time is overloaded. */
const MOST_RETRIES_UNPROCESSED = 4;

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

export function mayRetry(attempt: FailedAttempt): boolean {
  if (attempt.wasAnswered || !attempt.isReplayable) return false;
  if (attempt.isUnprocessed) return attempt.retries < MOST_RETRIES_UNPROCESSED;
  if (attempt.retries >= MOST_RETRIES) return false;
  if (!attempt.wasSent) return true;
  // A new connection that fails means that the server fails: another attempt would fail as well.
  return attempt.wasReused && isIdempotent(attempt.method);
}
