import type {
  FetchFunction,
  Handler,
  MarkedHandlerObject,
  PlainHandlerLiteral,
  PlainHandlerObject,
} from '../server/api.ts';
import { type HandlerResult, isPromise, wrapHandler } from '../wrapping/wrap-handler.ts';
import { codedResponse } from './coded-response.ts';
import { type CompressionOptions, type CompressionSettings, settingsFor } from './options.ts';

/**
 * Content coding (RFC 9110 §8.4, §12.5.3) for whatever `handler` answers with.
 *
 * ```ts
 * serve(compression(handler), { port: 8080 });
 * ```
 *
 * The result follows the convention of the handler: a function, a plain `{ fetch }`, or an object
 * with the protocol marker. `fetch` is called with the same `this` and the same arguments. `connect` and `error` are
 * passed through, and their responses are not coded.
 *
 * **What is coded.** Content of a compressible type and of at least `threshold` bytes, in the coding that the request wants
 * most. A response is sent as it is if it has a `Content-Encoding`, a `Content-Range` or `Cache-Control: no-transform`, if
 * its status is 1xx, 204, 205, 206 or 304, or if the request says `no-transform`.
 *
 * **What changes.** A coded response has no `Accept-Ranges` and no digest field. It has a `Content-Length` only if it was
 * coded in one piece, which needs Serval's own `Response` and a string or a `Uint8Array` of at most 1 MiB. A strong `ETag`
 * becomes a weak one, which still works with If-None-Match, but not with If-Match or If-Range (RFC 9110 §8.8.3.3). A response
 * that another Accept-Encoding would have changed gets `Vary: Accept-Encoding`, coded or not.
 *
 * **Streams** are coded as they are read, with back-pressure: one chunk of the source is held at a time. Cancelling the
 * response cancels the source with the same reason; an error of the source cuts the response off. Each chunk of a
 * `text/event-stream` is flushed, other streams are flushed when they pause for 10 ms. A stream without Content-Length that
 * ends within a millisecond and below the threshold is not coded. At most `streams` responses are coded so at the same time;
 * further ones are sent without coding.
 *
 * **Nothing acceptable.** To GET or HEAD, if the client refuses every coding on offer and `identity` too, a successful
 * response that could be coded becomes 406 (RFC 9110 §15.5.7) and its content is cancelled. A response that would not be coded
 * anyway is sent as it is.
 *
 * HEAD is answered as GET would be. If `handler` answers HEAD without a body, that takes a Content-Length; without one
 * only Vary is set (RFC 9110 §9.3.2).
 *
 * If a response has a secret and text that an attacker can choose, the length of the coded content can reveal the secret (the
 * BREACH attack). `Cache-Control: no-transform` keeps such a response from being coded.
 *
 * @throws {TypeError} if `handler` is no handler, or an option has the wrong type.
 * @throws {RangeError} for an option that is out of range.
 */
export function compression(handler: FetchFunction, options?: CompressionOptions): FetchFunction;
export function compression(handler: MarkedHandlerObject, options?: CompressionOptions): MarkedHandlerObject;
export function compression(handler: PlainHandlerLiteral, options?: CompressionOptions): PlainHandlerObject;
export function compression(handler: PlainHandlerObject, options?: CompressionOptions): PlainHandlerObject;
export function compression(handler: Handler, options?: CompressionOptions): Handler;
export function compression(handler: Handler, options: CompressionOptions = {}): Handler {
  const settings = settingsFor(options);
  return wrapHandler(handler, (next, requestOf) => {
    const answer = next();
    // A synchronous answer stays one, which saves the server a turn.
    if (!isPromise(answer)) return coded(answer, requestOf, settings);
    return answer.then((given) => coded(given, requestOf, settings));
  });
}

/** Other results (nothing after `ctx.deny()`, or a mistake) are passed to the server. */
function coded(
  answer: Awaited<HandlerResult>,
  requestOf: () => Request,
  settings: CompressionSettings,
): HandlerResult {
  return answer instanceof Response ? codedResponse(answer, requestOf, settings) : answer;
}
