/** Gives as many octets as the query asks for, and counts what it is sent. */
import { Response, serve } from '../../src/index.ts';

const PIECE = new Uint8Array(64 * 1024).fill(0x78);

function give(octets: number): ReadableStream<Uint8Array> {
  let left = octets;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close();
      const piece = PIECE.slice(0, Math.min(left, PIECE.length));
      left -= piece.length;
      controller.enqueue(piece);
    },
  });
}

async function count(body: ReadableStream<Uint8Array> | null): Promise<number> {
  let octets = 0;
  for await (const piece of body ?? []) octets += piece.length;
  return octets;
}

export default () => ({
  server: serve(
    async (request) => {
      if (request.method === 'PUT') return new Response(String(await count(request.body)));
      return new Response(give(Number(new URL(request.url).searchParams.get('octets'))));
    },
    { hostname: '127.0.0.1', port: 0, limits: { maxRequestBodySize: 0 } },
  ),
});
