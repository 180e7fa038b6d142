/**
 * `serval/http2`: HTTP/2 without a socket. Octets in, requests out; responses in, octets out. Pure and synchronous.
 *
 * ```ts
 * const connection = new Http2ServerConnection();
 * connection.receive(octets);
 * for (let answer = connection.next(); answer !== NEED_OCTETS; answer = connection.next()) {
 *   if (answer === MESSAGE_HEAD) console.log(connection.stream.head.path);
 * }
 * socket.write(connection.output());
 * ```
 */
export type { Rejection } from '../octets/rejection.ts';
export { PLAIN_RUNTIME, type Runtime } from '../octets/runtime.ts';
export { FieldLines } from '../semantics/field-lines.ts';
export { FieldSection } from '../semantics/field-section.ts';
export {
  Http2ClientConnection,
  type Http2ClientOptions,
  type Http2RequestStart,
} from './client-connection.ts';
export * as errorCodes from './error-codes.ts';
export { errorCodeName } from './error-codes.ts';
export { HTTP2_ERRORS, Http2Error, type Http2ErrorReason } from './errors.ts';
export { PREFACE } from './frame/frame-types.ts';
export type { Http2RequestHead } from './head/request-head.ts';
export type { Http2ResponseHead } from './head/response-head.ts';
export { DEFAULT_HTTP2_CLIENT_LIMITS, DEFAULT_HTTP2_LIMITS, type Http2Limits } from './limits.ts';
export { HTTP2_REJECTIONS } from './rejections.ts';
export {
  CONTENT,
  CONTENT_END,
  GOAWAY,
  INTERIM,
  MESSAGE_HEAD,
  NEED_OCTETS,
  PRIORITY,
  REFUSED,
  REJECTED,
  RESET,
} from './results.ts';
export {
  type Http2ResponseStart,
  Http2ServerConnection,
  type Http2ServerOptions,
} from './server-connection.ts';
export { STREAM_STATES, STREAM_TRANSITIONS, type StreamState } from './stream/states.ts';
export type { Http2Stream } from './stream/stream.ts';
