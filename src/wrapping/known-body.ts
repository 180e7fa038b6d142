/**
 * The key of a method that gives back what a response was constructed with, while it is whole and unread: a string, a
 * `Uint8Array`, or `undefined` for a stream. Serval's own `Response` has it; the runtime's has nothing like it.
 */
export const GIVEN_BODY: unique symbol = Symbol.for('serval.response.givenBody') as never;

/**
 * The content of a response, where it is at hand without reading a stream. Knowing it is what allows coding it in one go,
 * with the right Content-Length.
 */
export function knownBody(response: Response): string | Uint8Array | undefined {
  return (response as { [GIVEN_BODY]?(): string | Uint8Array | undefined })[GIVEN_BODY]?.();
}
