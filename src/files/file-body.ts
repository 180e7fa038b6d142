import type { FileHandle } from 'node:fs/promises';

/** Large enough that the cost of a read disappears, small enough for many downloads at once. */
const CHUNK_OCTETS = 256 * 1024;

/** Octets from `start` on, `end` not included. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * `length` octets of an open file from `start` on, read only as fast as they are taken. The stream owns the handle and
 * closes it however it ends: at the end, by an error, or cancelled.
 *
 * `length` has been promised in Content-Length by now, and nothing else may follow it on the connection: what a growing
 * file has gained is left out, and a file that shrank is an error. Padding it would pass damage off as success.
 */
export function fileBody(handle: FileHandle, start: number, length: number): ReadableStream<Uint8Array> {
  return filePartsBody(handle, [{ start, end: start + length }]);
}

/** The same of several stretches of a file, with octets that are given between them. */
export function filePartsBody(
  handle: FileHandle,
  parts: readonly (Uint8Array | Stretch)[],
): ReadableStream<Uint8Array> {
  const octets = octetsOf(handle, parts);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await octets.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await octets.return();
        // A generator that was never asked for anything has not come to its `finally`.
        await handle.close();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* octetsOf(
  handle: FileHandle,
  parts: readonly (Uint8Array | Stretch)[],
): AsyncGenerator<Uint8Array, void> {
  try {
    for (const part of parts) {
      if (part instanceof Uint8Array) {
        yield part;
        continue;
      }
      for (let position = part.start; position < part.end; ) {
        const chunk = new Uint8Array(Math.min(CHUNK_OCTETS, part.end - position));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
        if (bytesRead === 0) throw new Error('The file shrank while it was being sent.');
        position += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    }
  } finally {
    await handle.close();
  }
}
