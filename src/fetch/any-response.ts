/**
 * Responses of any class. Frameworks bring their own: undici's from npm, `@whatwg-node/fetch`, node-fetch, another realm. What
 * has a status, headers and a body is one.
 */
import { describesContent, isDecodedForm } from './fetched-response.ts';
import { isLightResponse, LightResponse } from './response.ts';

const NativeResponse = globalThis.Response;

interface Shape {
  readonly status: number;
  readonly statusText?: unknown;
  readonly url?: unknown;
  readonly headers: Iterable<[string, string]>;
  readonly body: unknown;
  readonly bodyUsed?: unknown;
}

/**
 * The response that a handler has returned: the same object if it is Serval's or the runtime's, otherwise Serval's in its place.
 *
 * @returns `undefined` for what is not a response.
 * @throws {TypeError | RangeError} for a response that can't be sent.
 */
export function responseOf(value: unknown): Response | undefined {
  if (isLightResponse(value) || value instanceof NativeResponse) return value as Response;
  return hasShape(value) ? (adopted(value) as unknown as Response) : undefined;
}

function hasShape(value: unknown): value is Shape {
  if (typeof value !== 'object' || value === null) return false;
  const { status, headers, body } = value as Record<string, unknown>;
  const isList = typeof headers === 'object' && headers !== null && Symbol.iterator in headers;
  return typeof status === 'number' && isList && typeof body === 'object';
}

function adopted(response: Shape): LightResponse {
  const { status, statusText, url } = response;
  if (response.bodyUsed === true) throw new TypeError('Response: its body has already been read');
  const fields = [...response.headers];
  const isDecoded = typeof url === 'string' && url !== '' && isDecodedForm(fields);
  const headers = isDecoded ? fields.filter(describesContent) : fields;
  const init = { status, statusText: typeof statusText === 'string' ? statusText : '', headers };
  const body = status === 204 || status === 304 ? null : streamOf(response.body);
  return new LightResponse(body, init);
}

/** A stream of the runtime's own over one of another class, or over what can be iterated, as node-fetch has it. */
function streamOf(body: unknown): ReadableStream<Uint8Array> | null {
  if (body === null || body instanceof ReadableStream) return body;
  const { getReader } = body as Partial<ReadableStream<Uint8Array>>;
  const iterate = (body as Partial<AsyncIterable<Uint8Array>>)[Symbol.asyncIterator];
  if (typeof getReader === 'function') {
    const reader = getReader.call(body) as ReadableStreamDefaultReader<Uint8Array>;
    return pulled(
      () => reader.read(),
      () => reader.cancel(),
    );
  }
  if (typeof iterate !== 'function') throw new TypeError('Response: the body is not a stream');
  const iterator = iterate.call(body);
  return pulled(
    () => iterator.next(),
    () => iterator.return?.(),
  );
}

function pulled(
  next: () => Promise<{ done?: boolean | undefined; value?: Uint8Array | undefined }>,
  cancel: () => unknown,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await next();
        if (done === true) controller.close();
        else controller.enqueue(value!);
      },
      cancel: async () => void (await cancel()),
    },
    { highWaterMark: 0 },
  );
}
