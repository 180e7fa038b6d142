/** The content of a response as its application gave it, for those who read a response before it is sent. */

import { PreparedOctets } from '../prepared.ts';
import { type Content, collectStream, isDisturbed, spentStream } from './content.ts';

const NativeResponse = globalThis.Response;
const encoder = new TextEncoder();
const NO_TRAILERS = Promise.resolve(new Headers());

/** A body that goes out as it is. Bytes are not copied, so they must not be changed afterwards. */
export type GivenBody = string | Uint8Array | PreparedOctets | ReadableStream<Uint8Array> | Blob;

export class GivenContent implements Content {
  readonly trailers: Promise<Headers> = NO_TRAILERS;
  readonly #body: GivenBody;
  #stream: ReadableStream<Uint8Array> | undefined;
  #isCollected = false;

  constructor(body: GivenBody) {
    this.#body = body;
    if (body instanceof ReadableStream) this.#stream = body;
  }

  get stream(): ReadableStream<Uint8Array> {
    this.#stream ??= this.#isCollected ? spentStream() : streamOf(this.#body);
    return this.#stream;
  }

  /** Whether the content is a stream, or has been made one. */
  get hasStream(): boolean {
    return this.#stream !== undefined;
  }

  get isUsed(): boolean {
    return this.#isCollected || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  get isLocked(): boolean {
    return this.#stream?.locked ?? false;
  }

  async collect(): Promise<Uint8Array> {
    this.#isCollected = true;
    const body = this.#body;
    if (this.#stream !== undefined) return collectStream(this.#stream);
    if (typeof body === 'string') return encoder.encode(body);
    // A copy: what the reader gets is the reader's to change.
    if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
    return new Uint8Array(octetsOf(body));
  }
}

function streamOf(body: GivenBody): ReadableStream<Uint8Array> {
  if (body instanceof PreparedOctets) return streamOf(body.octets);
  return new NativeResponse(body as Blob).body as ReadableStream<Uint8Array>;
}

const octetsOf = (body: GivenBody): Uint8Array =>
  body instanceof PreparedOctets ? body.octets : (body as Uint8Array);

/**
 * A stream of what an iterable gives. Who cancels it destroys a `Readable` of Node, whose iterator would return only when the next
 * piece has come, which may be never.
 */
export function streamOfIterable(iterable: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = iterable[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        const { destroy } = iterable as { destroy?: unknown };
        if (typeof destroy === 'function') destroy.call(iterable);
        else await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Text is iterable too, and so are arrays: only those that are read asynchronously are bodies. */
export const isAsyncIterable = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof (body as Partial<AsyncIterable<Uint8Array>>)[Symbol.asyncIterator] === 'function';
