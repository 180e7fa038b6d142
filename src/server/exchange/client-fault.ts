/** The error of a handler whose client did something wrong. */
import { type ErrorCode, type ProtocolError, protocolError } from '../../fetch/errors.ts';
import { Response } from '../../fetch/response.ts';
import type { Rejection } from '../../octets/rejection.ts';

/** By status, what the reader of content gets. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  408: 'ERR_HTTP_TIMEOUT',
  413: 'ERR_HTTP_CONTENT_TOO_LARGE',
};

/**
 * Frameworks catch errors and answer 500, unless an error says otherwise: h3, Express and Koa look at its `status`, and Hono calls
 * `getResponse()`.
 */
export function clientFaultError({ status, sentence, section }: Rejection): ProtocolError {
  const error = protocolError(CODES[status] ?? 'ERR_HTTP_PROTOCOL_ERROR', `${sentence} (${section})`);
  const getResponse = () =>
    new Response(`${sentence}\n`, { status, headers: { 'Content-Type': 'text/plain' } });
  Object.defineProperty(error, 'getResponse', { value: getResponse, configurable: true });
  return Object.assign(error, { status });
}
