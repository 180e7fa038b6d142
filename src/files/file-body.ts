import type { FileHandle } from 'node:fs/promises';

/** Large enough that the cost of a read disappears, small enough for many downloads at once. */
const CHUNK_OCTETS = 256 * 1024;

/**
 * The first `length` octets of an open file, read only as fast as they are taken. The stream owns the handle and closes
 * it however it ends: at the end, by an error, or cancelled.
 *
 * `length` has been promised in Content-Length by now, and nothing else may follow it on the connection: what a growing
 * file has gained is left out, and a file that shrank is an error. Padding it would pass damage off as success.
 */
export function fileBody(handle: FileHandle, length: number): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (position < length) {
            const chunk = new Uint8Array(Math.min(CHUNK_OCTETS, length - position));
            const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
            if (bytesRead === 0) throw new Error('The file shrank while it was being sent.');
            position += bytesRead;
            controller.enqueue(chunk.subarray(0, bytesRead));
          }
          if (position < length) return;
          await handle.close();
          controller.close();
        } catch (error) {
          await handle.close();
          throw error;
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}
