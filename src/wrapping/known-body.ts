import { GIVEN_BODY } from '../fetch/response.ts';

/**
 * The content of a response, where it is available without reading a stream. Code that knows it can process it in one step,
 * with the right Content-Length.
 */
export function knownBody(response: Response): string | Uint8Array | undefined {
  return (response as { [GIVEN_BODY]?(): string | Uint8Array | undefined })[GIVEN_BODY]?.();
}
