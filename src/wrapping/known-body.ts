/**
 * The key of a method that returns the body with which a response was constructed, while it is unread: a string, a
 * `Uint8Array`, or `undefined` for a stream. Serval's own `Response` has this method; the runtime's has not.
 */
export const GIVEN_BODY: unique symbol = Symbol.for('serval.response.givenBody') as never;

/**
 * The content of a response, where it is available without reading a stream. Code that knows it can process it in one step,
 * with the right Content-Length.
 */
export function knownBody(response: Response): string | Uint8Array | undefined {
  return (response as { [GIVEN_BODY]?(): string | Uint8Array | undefined })[GIVEN_BODY]?.();
}
