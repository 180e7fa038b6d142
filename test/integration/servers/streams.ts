/**
 * Streams of any length in both directions, and a count of what became of them: for tests that look at the memory of the
 * process that serves them.
 */
import { type Response as Answer, Response, serve } from '../../../src/index.ts';
import type { Fixture } from '../../support/servers/launch.ts';

const PIECE = new Uint8Array(64 * 1024).fill(0x2e);

export interface Counts {
  readonly requests: number;
  /** Octets that uploads have been read of. */
  readonly uploaded: number;
  /** How often an endless stream was asked for more. */
  readonly pulls: number;
  /** `aborted ERR_…`, `cancelled ERR_…`, `failed ERR_…`; and `same` when the first two had the very same error. */
  readonly outcomes: readonly string[];
}

export default function streams(): Fixture {
  let requests = 0;
  let pulls = 0;
  let uploaded = 0;
  let outcomes: string[] = [];

  const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code ?? error);

  const routes: Record<string, (request: Request, url: URL) => Answer | Promise<Answer>> = {
    '/number': (_, url) => new Response(url.search.slice(1)),

    '/upload': async (request) => {
      let octets = 0;
      try {
        for await (const piece of request.body ?? []) {
          octets += piece.length;
          uploaded += piece.length;
        }
      } catch (error) {
        outcomes.push(`failed ${codeOf(error)}`);
        throw error;
      }
      return new Response(String(octets));
    },

    '/download': (_, url) => {
      let left = Number(url.searchParams.get('octets'));
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
          left -= piece.length;
          if (piece.length > 0) controller.enqueue(piece);
          if (left === 0) controller.close();
        },
      });
      return new Response(body);
    },

    '/endless': (request) => {
      let abortReason: unknown;
      request.signal.addEventListener('abort', () => {
        abortReason = request.signal.reason;
        outcomes.push(`aborted ${codeOf(abortReason)}`);
        if (cancelReason !== undefined && cancelReason === abortReason) outcomes.push('same');
      });
      let cancelReason: unknown;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulls++;
          controller.enqueue(PIECE);
        },
        cancel(reason) {
          cancelReason = reason;
          outcomes.push(`cancelled ${codeOf(reason)}`);
          if (abortReason !== undefined && abortReason === reason) outcomes.push('same');
        },
      });
      return new Response(body);
    },
  };

  const server = serve(
    (request) => {
      requests++;
      const url = new URL(request.url);
      return routes[url.pathname]?.(request, url) ?? new Response('not found', { status: 404 });
    },
    { hostname: '127.0.0.1', port: 0, limits: { maxRequestBodySize: 0 } },
  );

  return {
    server,
    commands: {
      counts: (): Counts => ({ requests, uploaded, pulls, outcomes }),
      reset: () => {
        requests = 0;
        pulls = 0;
        uploaded = 0;
        outcomes = [];
      },
    },
  };
}
