/**
 * The errors of `fetch`: a `TypeError`, as in Fetch, with a `code`, as in Serval's server. An aborted request is rejected with
 * the reason of the signal instead.
 */

import type { ErrorCode } from '../fetch/errors.ts';

export type ClientErrorCode =
  | ErrorCode
  /** The client was closed, or is closing. */
  | 'ERR_HTTP_CLIENT_CLOSED'
  /** More requests would wait for a connection than `limits.maxQueue` allows. */
  | 'ERR_HTTP_QUEUE_FULL'
  /** A redirect that must not or can't be followed, or more redirects than `limits.maxRedirects`. */
  | 'ERR_HTTP_REDIRECT'
  /** The content is not in the coding that it names, or decodes to too much. */
  | 'ERR_HTTP_CONTENT_CODING'
  /** The content does not match its `integrity`. */
  | 'ERR_HTTP_INTEGRITY'
  /** The server has answered a WebSocket handshake without opening the WebSocket. */
  | 'ERR_HTTP_WEBSOCKET_REFUSED'
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

/** A rule that was broken, as the tables of HTTP/1.1 and HTTP/2 name it. */
interface BrokenRule {
  readonly reason: string;
  readonly sentence: string;
  readonly section: string;
}

/** A response was refused: the error names the rule that it broke. */
export function responseRefused({ reason, sentence, section }: BrokenRule): ClientError {
  if (reason === 'ContentTooLarge') return contentTooLarge();
  return clientError(
    'ERR_HTTP_PROTOCOL_ERROR',
    `The response was refused: ${sentence} (${section}, ${reason})`,
  );
}

export function contentTooLarge(): ClientError {
  return clientError(
    'ERR_HTTP_CONTENT_TOO_LARGE',
    'The response has more content than limits.maxResponseSize',
  );
}

/** An HTTP/2 connection was ended: the error names the rule that the server broke. */
export function connectionRefused({ reason, sentence, section }: BrokenRule): ClientError {
  return clientError(
    'ERR_HTTP_PROTOCOL_ERROR',
    `The HTTP/2 connection was ended: ${sentence} (${section}, ${reason})`,
  );
}

/** The server has closed the connection before the end of a response. */
export function brokenOff(hasBegun: boolean): ClientError {
  const when = hasBegun ? 'the response was complete (RFC 9112 §8)' : 'it sent a response';
  return clientError('ERR_HTTP_CONNECTION_RESET', `The server closed the connection before ${when}`);
}
