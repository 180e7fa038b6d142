/**
 * Errors a client's caller can see: a `TypeError` with a `code`, as `fetch` has the first and Serval's server the second.
 * An abort is the exception: it rejects with the reason of the signal.
 */

import type { ErrorCode } from '../fetch/errors.ts';
import type { Rejection } from '../octets/rejection.ts';

export type ClientErrorCode =
  | ErrorCode
  /** The client was closed, or is closing. */
  | 'ERR_HTTP_CLIENT_CLOSED'
  /** More requests wait for a connection than are allowed to. */
  | 'ERR_HTTP_QUEUE_FULL'
  /** A redirect that is not to be followed, can't be, or one too many. */
  | 'ERR_HTTP_REDIRECT'
  /** The content is not in the coding that it says, or expands to too much. */
  | 'ERR_HTTP_CONTENT_CODING'
  /** The content does not match its `integrity`. */
  | 'ERR_HTTP_INTEGRITY'
  /** TLS could not be established. */
  | 'ERR_HTTP_TLS_HANDSHAKE'
  /** The server's certificate can't be verified. */
  | 'ERR_HTTP_TLS_CERTIFICATE';

export interface ClientError extends TypeError {
  readonly code: ClientErrorCode;
}

export function clientError(code: ClientErrorCode, message: string, cause?: unknown): ClientError {
  const error = new TypeError(message, cause === undefined ? undefined : { cause });
  return Object.assign(error, { code });
}

/** What a response was refused for, with the rule that it broke. */
export function responseRefused(rejection: Rejection): ClientError {
  const { reason, sentence, section } = rejection;
  if (reason === 'ContentTooLarge')
    return clientError('ERR_HTTP_CONTENT_TOO_LARGE', 'The response has more content than the client takes');
  return clientError(
    'ERR_HTTP_PROTOCOL_ERROR',
    `The response was refused: ${sentence} (${section}, ${reason})`,
  );
}

/** The server has ended the connection in the middle of something. */
export function brokenOff(hasBegun: boolean): ClientError {
  const what = hasBegun ? 'the response was complete (RFC 9112 §8)' : 'there was an answer';
  return clientError('ERR_HTTP_CONNECTION_RESET', `The server ended the connection before ${what}`);
}
