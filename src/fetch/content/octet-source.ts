/**
 * Content that is read into a buffer of the server's choosing, again and again the same one: for files, where the octets of
 * a stream would each time need a new buffer.
 *
 * To everybody else it is a `ReadableStream`. Only the response writer looks for what is behind it.
 */
export interface OctetSource {
  /** Octets that are still to be read. */
  readonly remaining: number;
  /** Reads on into `buffer`. @returns how many octets, at least one. @throws when there are none although some remain. */
  read(buffer: Uint8Array): Promise<number>;
  /** Called once, whatever has happened, and never during a `read`. */
  close(): Promise<void>;
}

/** Large enough that the cost of a read disappears, small enough for many downloads at once. */
const CHUNK_OCTETS = 256 * 1024;

const SOURCES = new WeakMap<ReadableStream, OctetSource>();

/** The source as a stream, which closes it however it ends. */
export function octetStream(source: OctetSource): ReadableStream<Uint8Array> {
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (source.remaining > 0) return;
        controller.close();
        return source.close();
      },
      async pull(controller) {
        try {
          const chunk = new Uint8Array(Math.min(CHUNK_OCTETS, source.remaining));
          const octets = await source.read(chunk);
          controller.enqueue(chunk.subarray(0, octets));
          if (source.remaining > 0) return;
          controller.close();
        } catch (error) {
          await source.close();
          throw error;
        }
        await source.close();
      },
      cancel: () => source.close(),
    },
    { highWaterMark: 0 },
  );
  if (source.remaining > 0) SOURCES.set(stream, source);
  return stream;
}

/** What is behind a stream that nobody has read from; from now on it is the caller's to read and to close. */
export function takeSource(stream: ReadableStream): OctetSource | undefined {
  const source = SOURCES.get(stream);
  if (source !== undefined) SOURCES.delete(stream);
  return source;
}
