/**
 * The content of a request, one chunk at a time. A caller that stops early cancels the stream, and the client stops sending.
 *
 * It does not use the stream's own iterator, which differs between Bun and Node 20.
 */
export async function* contentChunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  const reader = stream.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        ended = true;
        return;
      }
      yield value;
    }
  } finally {
    // A stream that has failed can't be cancelled.
    if (!ended) await reader.cancel().catch(() => {});
  }
}
