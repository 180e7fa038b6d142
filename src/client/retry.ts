/**
 * When a request may be sent a second time without anybody having asked for it (RFC 9110 §9.2.2, RFC 9112 §9.3.1): only if
 * the server can't have acted on it, or if acting twice is the same as acting once.
 */

/** RFC 9110 §9.2.2. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export interface FailedAttempt {
  readonly method: string;
  /** The connection had carried requests before: that it is closed says more about its age than about this request. */
  readonly wasReused: boolean;
  /** An octet of the request has been handed to the socket. */
  readonly wasSent: boolean;
  /** An octet of an answer has come, interim responses too. */
  readonly wasAnswered: boolean;
  /** The body is none, or can be sent again. */
  readonly isReplayable: boolean;
  /** How often it has been sent again already. */
  readonly retries: number;
}

const MOST_RETRIES = 1;

export function mayRetry(attempt: FailedAttempt): boolean {
  if (attempt.retries >= MOST_RETRIES || attempt.wasAnswered || !attempt.isReplayable) return false;
  if (!attempt.wasSent) return true;
  // A fresh connection that fails says that the server does: once more would be one failure more.
  return attempt.wasReused && IDEMPOTENT.has(attempt.method);
}
