/**
 * Whether a client may send a request a second time by itself (RFC 9110 §9.2.2, RFC 9112 §9.3.1): only if the server can't
 * have acted on it, or if acting twice has the same effect as acting once.
 */

/** RFC 9110 §9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export interface FailedAttempt {
  readonly method: string;
  /** The connection had carried requests before, so that it was probably closed for its age and not for this request. */
  readonly wasReused: boolean;
  /** An octet of the request has been handed to the socket. */
  readonly wasSent: boolean;
  /** An octet of a response has arrived, interim responses included. */
  readonly wasAnswered: boolean;
  /** There is no body, or it can be sent again. */
  readonly isReplayable: boolean;
  /** How many times it has been sent again. */
  readonly retries: number;
}

const MOST_RETRIES = 1;

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

export function mayRetry(attempt: FailedAttempt): boolean {
  if (attempt.retries >= MOST_RETRIES || attempt.wasAnswered || !attempt.isReplayable) return false;
  if (!attempt.wasSent) return true;
  // A new connection that fails means that the server fails: another attempt would fail as well.
  return attempt.wasReused && isIdempotent(attempt.method);
}
