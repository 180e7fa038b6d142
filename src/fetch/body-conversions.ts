/** From the octets of a body to what its reader asked for (Fetch Standard, "Body mixin"). */

// By its own name, whoever `globalThis.Response` is by the time it is needed.
const NativeResponse = globalThis.Response;

/** UTF-8, a byte order mark taken off, malformed sequences replaced (Encoding Standard, "UTF-8 decode"). */
const utf8 = new TextDecoder();

export const toText = (octets: Uint8Array): string => utf8.decode(octets);

export const toJson = (octets: Uint8Array): unknown => JSON.parse(utf8.decode(octets));

/** A buffer that holds these octets and nothing else. An empty one is new, because all code shares `NO_OCTETS`. */
export function toArrayBuffer(octets: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = octets;
  const isWhole = byteOffset === 0 && byteLength === buffer.byteLength;
  if (buffer instanceof ArrayBuffer && isWhole && byteLength > 0) return buffer;
  // A copy: `octets.slice()` would be one too, were it not that a Buffer's `slice` is another view.
  return new Uint8Array(octets).buffer;
}

export const toBytes = (octets: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(toArrayBuffer(octets));

export const toBlob = (octets: Uint8Array, type: string): Blob => new Blob([toBytes(octets)], { type });

/** By the runtime's own parser: `multipart/form-data` and `application/x-www-form-urlencoded`. */
export function toFormData(octets: Uint8Array, type: string): Promise<FormData> {
  return new NativeResponse(toBytes(octets), {
    headers: { 'content-type': type },
  }).formData() as Promise<FormData>;
}
