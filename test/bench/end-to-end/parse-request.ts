/** Decodes the bench's requests with Serval's decoder. */
import { DEFAULT_LIMITS, MESSAGE_HEAD, RequestDecoder } from '../../../src/http1/index.ts';

export function parseRequest(octets: Uint8Array): { method: string; path: string; names: readonly string[] } {
  const decoder = new RequestDecoder(DEFAULT_LIMITS);
  decoder.receive(octets);
  if (decoder.next() !== MESSAGE_HEAD) throw new Error('not a request');
  const { method, path, fields } = decoder.head!;
  return { method, path, names: fields.names };
}
