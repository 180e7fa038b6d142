/**
 * `serval/http1`: HTTP/1.1 without a socket. Octets in, requests out; responses in, octets out. Pure and synchronous.
 *
 * ```ts
 * const connection = new Connection();
 * connection.receive(octets);
 * if (connection.next() === HEAD) console.log(connection.request.method, connection.request.path);
 * ```
 */
export { ChunkedDecoder } from './chunked-decoder.ts';
export { Connection, type ResponseStart } from './connection.ts';
export { ContentEncoder, ContentLengthMismatch } from './content-encoder.ts';
export type { ExchangeOperation, ExchangeOutcome, ExchangeState } from './exchange-state.ts';
export { EXCHANGE_OPERATIONS, EXCHANGE_STATES, EXCHANGE_TRANSITIONS } from './exchange-state.ts';
export { FieldSection } from './field-section.ts';
export { type Framing, requestFraming, responseFraming } from './framing.ts';
export { DEFAULT_LIMITS, type MessageLimits } from './limits.ts';
export { type Latin1, latin1 } from './octets.ts';
export { connectionPersists } from './persistence.ts';
export { REJECTIONS, type Rejection, type RejectionReason } from './rejections.ts';
export { RequestDecoder } from './request-decoder.ts';
export type { RequestHead } from './request-head.ts';
export { serializeInterimResponse, serializeRejection } from './response-encoder.ts';
export { ResponseFields } from './response-fields.ts';
export { CONTENT, CONTENT_END, HEAD, NEED_OCTETS, PAUSED, REJECTED } from './results.ts';
