/** The application that attacks on HTTP/2 are aimed at. */
import { type Handler, Response, type ServerOptions } from '../../../../src/index.ts';

/** More than the buffers of a socket take. */
const LARGE = Buffer.alloc(8 * 2 ** 20, 'large ');

/** `/never` never answers while the client waits, `/large` has 8 MiB, everything else is a greeting. */
export const attacked: Handler = (request, ctx) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/large') return new Response(LARGE);
  if (pathname !== '/never') return new Response('hello');
  return new Promise<Response>((resolve) => {
    ctx.request.signal.addEventListener('abort', () => resolve(new Response('too late')));
  });
};

/** Half a second for clients that do not take what they asked for. */
export const ATTACKED_OPTIONS: ServerOptions = { timeouts: { send: 500 } };
