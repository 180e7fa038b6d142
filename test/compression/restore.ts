/** What a client does with a coded response: the decoders are those of `node:zlib`, not the code under test. */
import * as zlib from 'node:zlib';
import { GIVEN_BODY } from '../../src/fetch/response.ts';

type Decode = (octets: Uint8Array) => Uint8Array;

const { zstdDecompressSync } = zlib as unknown as { zstdDecompressSync?: Decode };

const DECODERS: Record<string, Decode> = {
  gzip: (octets) => zlib.gunzipSync(octets),
  deflate: (octets) => zlib.inflateSync(octets),
  br: (octets) => zlib.brotliDecompressSync(octets),
  ...(zstdDecompressSync && { zstd: zstdDecompressSync }),
};

/** The codings that this runtime can make and undo. */
export const CODINGS = Object.keys(DECODERS);

export async function octetsOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** The content without its coding. */
export async function restored(response: Response): Promise<string> {
  const octets = await octetsOf(response);
  const coding = response.headers.get('content-encoding');
  return Buffer.from(coding === null ? octets : DECODERS[coding]!(octets)).toString();
}

/** What can be read from the beginning of a gzip stream that has not ended. */
export function gunzipSoFar(chunks: Uint8Array[]): string {
  return zlib.gunzipSync(Buffer.concat(chunks), { finishFlush: zlib.constants.Z_SYNC_FLUSH }).toString();
}

export function requestFor(acceptEncoding: string | undefined, init: RequestInit = {}): Request {
  const request = new Request('http://a.example/', init);
  if (acceptEncoding !== undefined) request.headers.set('accept-encoding', acceptEncoding);
  return request;
}

/** A response of text. Its type is said: the `Response` of Bun has none for a string. */
export function textResponse(
  body: ConstructorParameters<typeof Response>[0],
  init: ResponseInit = {},
): Response {
  const response = new Response(body, init);
  if (!new Headers(init.headers).has('content-type')) response.headers.set('content-type', 'text/plain');
  return response;
}

/** A response that keeps its body as given, like Serval's own. */
export function givenResponse(body: string | Uint8Array, init: ResponseInit = {}): Response {
  return Object.assign(textResponse(body, init), { [GIVEN_BODY]: () => body });
}

export const TEXT = 'To be, or not to be, that is the question. '.repeat(100);
