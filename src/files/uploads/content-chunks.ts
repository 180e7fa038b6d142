/**
 * The octets of a request, one chunk at a time. Whoever stops early says so: a stream that is cancelled is not sent on.
 *
 * Not the stream's own iterator, which Bun and Node 20 have in different shapes.
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
    // It may have failed by itself, and then there is nothing left to cancel.
    if (!ended) await reader.cancel().catch(() => {});
  }
}
