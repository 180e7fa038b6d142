/**
 * The content of a request in one buffer that is filled again and again: each piece is valid until the next one is asked for. Large
 * pieces need few writes, and no memory is allocated for them. A caller that stops early cancels the stream.
 */
import { contentChunks } from './content-chunks.ts';

const BUFFER_OCTETS = 256 * 1024;
/** A piece is given out when less room than this is left. */
const LEAST_ROOM = 64 * 1024;

export function contentBuffers(stream: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  const reader = stream && byobReader(stream);
  return reader ? filledBuffers(reader) : contentChunks(stream);
}

/** A handler may have replaced the body by a stream that can't read into a buffer. */
function byobReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

async function* filledBuffers(reader: ReadableStreamBYOBReader): AsyncGenerator<Uint8Array> {
  let buffer = new ArrayBuffer(BUFFER_OCTETS);
  let filled = 0;
  let ended = false;
  try {
    while (!ended) {
      const { done, value } = await reader.read(new Uint8Array(buffer, filled));
      ended = done;
      // A stream that was cancelled does not give the buffer back.
      if (value === undefined) break;
      buffer = value.buffer;
      filled += value.length;
      if (filled === 0 || (!ended && BUFFER_OCTETS - filled >= LEAST_ROOM)) continue;
      yield new Uint8Array(buffer, 0, filled);
      filled = 0;
    }
  } finally {
    // A stream that has failed can't be cancelled.
    if (!ended) await reader.cancel().catch(() => {});
  }
}
