/** The content of a message as its reader sees it, whether it comes from the wire, from an application, or from a clone. */
import stream from 'node:stream';

const NativeResponse = globalThis.Response;

export interface Content {
  /** The content as a stream: the same one each time. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Reading has begun. */
  readonly isUsed: boolean;
  /** A reader holds the stream. */
  readonly isLocked: boolean;
  /** Settles when the content has been read to its end. */
  readonly trailers: Promise<Headers>;
  /** The whole content. Called at most once, and only while the content is neither used nor locked. */
  collect(): Promise<Uint8Array>;
}

/** Content that exists only as a stream. */
export class StreamContent implements Content {
  readonly stream: ReadableStream<Uint8Array>;
  readonly trailers: Promise<Headers>;
  #isCollected = false;

  constructor(stream: ReadableStream<Uint8Array>, trailers: Promise<Headers>) {
    this.stream = stream;
    this.trailers = trailers;
  }

  get isUsed(): boolean {
    return this.#isCollected || isDisturbed(this.stream);
  }

  get isLocked(): boolean {
    return this.stream.locked;
  }

  collect(): Promise<Uint8Array> {
    this.#isCollected = true;
    return collectStream(this.stream);
  }
}

/** All that is in a stream, which stays locked (Fetch Standard, "fully read a body"). */
export async function collectStream(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new NativeResponse(stream).arrayBuffer());
}

/** The stream of content that was collected before anyone asked for a stream: at its end, read, and locked. */
export function spentStream(): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  void stream.getReader().read();
  return stream;
}

type Test = (stream: ReadableStream) => boolean;

const sample = new ReadableStream();
void sample.cancel();

const { isDisturbed: ofNode } = stream as unknown as { isDisturbed: Test };
/** Deno has that function, but it does not know the standard's streams. Its streams have a member for it. */
const member = Object.getOwnPropertySymbols(sample).find(
  ({ description }) => description === '[[disturbed]]',
);

/** Whether a stream has been read from or cancelled, which the Streams Standard calls disturbed. */
export const isDisturbed: Test =
  member === undefined || ofNode(sample)
    ? ofNode
    : (stream) => (stream as unknown as Record<symbol, boolean>)[member] === true;
