/** Handlers that do what no handler should, one for each path; `/` is a good one. */
import {
  type Response as Answer,
  type ConnectContext,
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
  serve,
} from '../../../src/index.ts';
import type { Fixture } from '../../support/servers/launch.ts';

type Handler = (ctx: ServerContext) => unknown;

const SECRET = 'SECRET';
const encode = (text: string) => new TextEncoder().encode(text);
const never = () => new Promise<never>(() => {});

/** Yields these one a turn, then ends as it is told to. */
function source(
  pieces: readonly unknown[],
  end: 'close' | 'throw' | 'hang' = 'close',
): ReadableStream<Uint8Array> {
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      if (next < pieces.length) controller.enqueue(pieces[next++] as Uint8Array);
      else if (end === 'throw') throw new Error(SECRET);
      else if (end === 'hang') await never();
      else controller.close();
    },
  });
}

const withLength = (body: string | Uint8Array | ReadableStream, length: number, Made = Response): Answer =>
  new Made(body as string, { headers: { 'content-length': String(length) } }) as Answer;

export default function misbehaving(options: { readonly timeouts?: object }): Fixture {
  const seen: string[] = [];
  const once = new Response('the same');

  const table: Record<string, Handler> = {
    '/': () => new Response('hello'),
    '/throws': () => {
      throw new Error(SECRET);
    },
    '/throws-nothing': () => {
      throw undefined;
    },
    '/rejects': () => Promise.reject(new Error(SECRET)),
    '/rejects-late': async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error(SECRET);
    },
    '/returns-nothing': () => undefined,
    '/returns-a-string': () => SECRET,
    '/overflows': function overflow(ctx): unknown {
      return [overflow, table['/overflows']!(ctx)];
    },
    '/never': ({ request }) => {
      request.signal.addEventListener('abort', () => seen.push(`aborted ${codeOf(request.signal.reason)}`));
      return never();
    },

    '/answers-the-same-twice': () => once,
    '/denies-and-answers': (ctx) => {
      ctx.deny();
      return new Response(SECRET);
    },
    '/denies-twice': (ctx) => {
      ctx.deny();
      ctx.deny();
    },
    '/informs-after-denial': (ctx) => {
      ctx.deny();
      ctx.sendInformational(103);
    },
    '/informs-after-answering': (ctx) => {
      setTimeout(() => {
        try {
          ctx.sendInformational(103);
          seen.push('sent');
        } catch (error) {
          seen.push((error as Error).name);
        }
      }, 20);
      return new Response('hello');
    },
    '/answers-then-throws': (ctx) => {
      ctx.waitUntil(Promise.reject(new Error(SECRET)));
      return new Response('hello');
    },

    '/short-text': () => withLength('hello', 10),
    '/long-text': () => withLength('hello world', 5),
    '/short-octets': () => withLength(encode('hello'), 10),
    '/long-octets': () => withLength(encode('hello world'), 5),
    '/short-stream': () => withLength(source([encode('hello')]), 10),
    '/long-stream': () => withLength(source([encode('hello'), encode(' world')]), 5),
    '/long-piece': () => withLength(source([encode('hello world')]), 5),
    '/short-native': () => withLength('hello', 10, globalThis.Response as never),
    '/long-native': () => withLength('hello world', 5, globalThis.Response as never),
    '/length-without-content': () => new Response(null, { headers: { 'content-length': '10' } }),
    '/length-that-is-none': () => new Response('hello', { headers: { 'content-length': '5x' } }),

    '/stream-throws': () => new Response(source([encode('hello')], 'throw')),
    '/stream-throws-at-once': () => new Response(source([], 'throw')),
    '/stream-of-objects': () => new Response(source([encode('hello'), { text: 'SECRET' }])),
    '/stream-hangs': () => new Response(source([encode('hello')], 'hang')),
    '/stream-is-locked': () => {
      const stream = source([encode('hello')]);
      stream.getReader();
      return new Response(stream);
    },
    '/frames-by-itself': () => new Response('hello', { headers: { 'transfer-encoding': 'gzip' } }),
    '/splits': () => new Response('hello', { headers: { 'x-a': 'b\u010d\u010aSet-Cookie: SECRET' } }),
  };

  const server = serve(
    {
      [PROTOCOL_MARKER]: 1,
      fetch: (ctx: ServerContext) => (table[new URL(ctx.request.url).pathname] ?? table['/']!)(ctx),
      connect: async (ctx: ConnectContext) => {
        const tunnel = await ctx.accept();
        seen.push('accepted');
        tunnel.closed.catch((error) => seen.push(`tunnel ${codeOf(error)}`));
        if (ctx.request.url.includes('throws')) throw new Error(SECRET);
        if (ctx.request.url.includes('answers')) return new Response(SECRET);
        return undefined;
      },
    } as never,
    { hostname: '127.0.0.1', port: 0, timeouts: options.timeouts ?? {} },
  );
  return {
    server,
    commands: {
      connections: () => [...server].reduce((sum, listener) => sum + listener.connectionCount, 0),
      /** What handlers saw since this was asked last. */
      seen: () => seen.splice(0),
    },
  };
}

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code ?? error);
