/**
 * Errors an application can see, each with a `code` (Fetch Server API draft, "Errors").
 *
 * Three families never mix. What the peer did wrong is a `Rejection`, answered and closed, and no handler hears of it. What
 * the handler or Serval did wrong is a plain throw, answered 500. A connection that is lost has nobody left to answer: the
 * exchange is aborted with one of the protocol errors below.
 */

const ERROR_CODES = [
  'ERR_HTTP_REQUEST_CANCELLED',
  'ERR_HTTP_CONNECTION_RESET',
  'ERR_HTTP_TIMEOUT',
  'ERR_HTTP_CONTENT_TOO_LARGE',
  'ERR_HTTP_PROTOCOL_ERROR',
  'ERR_HTTP_INTERNAL_ERROR',
  'ERR_HTTP_CONNECT_ERROR',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A protocol error of the draft: a `TypeError` with a `code`. */
export interface ProtocolError extends TypeError {
  readonly code: ErrorCode;
  /** For a fault of the client: the status that answers it, such as 413. Frameworks find it here. Serval's own. */
  readonly status?: number;
}

/**
 * Whether an error is about the exchange and not about the application: the client has gone, was too slow, or sent too much or
 * something that is not HTTP. `error.code` says which.
 *
 * ```ts
 * try {
 *   await request.json();
 * } catch (error) {
 *   if (isProtocolError(error)) return Response.json({ code: error.code }, { status: 400 });
 *   throw error;
 * }
 * ```
 */
export function isProtocolError(error: unknown): error is ProtocolError {
  return error instanceof TypeError && (ERROR_CODES as readonly unknown[]).includes(codeOf(error));
}

export function protocolError(code: ErrorCode, message: string, cause?: unknown): ProtocolError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code });
}

export const connectionReset = (message: string, cause?: unknown): ProtocolError =>
  protocolError('ERR_HTTP_CONNECTION_RESET', message, cause);

/** The socket has failed. @param cause the system's error. */
export function connectionLost(cause: Error): ProtocolError {
  const how = codeOf(cause) === 'ECONNRESET' ? 'reset by the client' : 'lost';
  return connectionReset(`The connection was ${how}`, cause);
}

/** For a reader that comes too late: it must not take the rest of the content for the whole. */
export const contentDiscarded = (): ProtocolError =>
  protocolError(
    'ERR_HTTP_REQUEST_CANCELLED',
    'The content was thrown away: the response was complete and nobody read',
  );

export const timedOut = (message: string): ProtocolError => protocolError('ERR_HTTP_TIMEOUT', message);

/** The handler did something that the state of its exchange does not allow. */
export const invalidState = (message: string): DOMException => new DOMException(message, 'InvalidStateError');

/** The draft's word for what this runtime, or this version of Serval, does not do. */
export const notSupported = (message: string): DOMException => new DOMException(message, 'NotSupportedError');

export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
