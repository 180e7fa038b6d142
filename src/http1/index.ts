/**
 * `serval/http1`: HTTP/1.1 without a socket, for both ends of a connection. A server passes received octets in and gets
 * requests, and passes responses in and gets octets to send; a client does the reverse. Pure and synchronous.
 *
 * ```ts
 * const connection = new ServerConnection();
 * connection.receive(octets);
 * if (connection.next() === MESSAGE_HEAD) console.log(connection.request.method, connection.request.path);
 * ```
 */

export { type Latin1, latin1 } from '../octets/octet-table.ts';
export type { Rejection } from '../octets/rejection.ts';
export {
  CONTENT,
  CONTENT_END,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PAUSED,
  REJECTED,
} from '../octets/results.ts';
export { ContentLengthMismatch } from '../semantics/content-length.ts';
export { FieldLines } from '../semantics/field-lines.ts';
export { FieldSection } from '../semantics/field-section.ts';
export { ClientConnection, type RequestStart } from './client-connection.ts';
export { ChunkedDecoder } from './content/chunked-decoder.ts';
export { ContentEncoder } from './content/content-encoder.ts';
export {
  type Framing,
  receivedResponseFraming,
  requestFraming,
  responseFraming,
  sentRequestFraming,
} from './content/framing.ts';
export { RequestFields } from './head/request-fields.ts';
export type { Http1RequestHead } from './head/request-head.ts';
export type { AnsweredRequest, ResponseHead } from './head/response-head.ts';
export {
  DEFAULT_LIMITS,
  DEFAULT_RESPONSE_LIMITS,
  type MessageLimits,
  type ResponseLimits,
} from './limits.ts';
export { connectionPersists, connectionPersistsAfterResponse } from './persistence.ts';
export { REJECTIONS, type RejectionReason } from './rejections.ts';
export { RequestDecoder } from './request-decoder.ts';
export { serializeRequestHead } from './request-encoder.ts';
export { ResponseDecoder } from './response-decoder.ts';
export { serializeInterimResponse, serializeRejection } from './response-encoder.ts';
export { RESPONSE_REJECTIONS, type ResponseRejectionReason } from './response-rejections.ts';
export { type ResponseStart, ServerConnection } from './server-connection.ts';
