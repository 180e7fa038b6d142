/** The demo: a page that shows the visitor's own request, and three small resources, and a WebSocket with a page of its own. */
import { compression } from '../compression/index.ts';
import { errorAnswer } from '../error-pages/error-answer.ts';
import { Response } from '../fetch/response.ts';
import { decodeName } from '../files/lookup/path-within-root.ts';
import { pathOf } from '../files/lookup/request-path.ts';
import type { IsReserved } from '../files/options.ts';
import type { FetchFunction, ServerContext } from '../server/api.ts';
import { echoSocket, offersWebSocket } from './echo-socket.ts';
import { plainText } from './plain-text.ts';
import { socketPage } from './socket-page.ts';
import { readStoredFile, type StoredFiles, writeStoredFile } from './stored-files.ts';
import { originOf, welcome } from './welcome.ts';

type Answer = Response | Promise<Response>;

const READ = 'GET, HEAD, OPTIONS';
const READ_AND_POST = 'GET, HEAD, POST, OPTIONS';
const READ_AND_WRITE = 'GET, HEAD, POST, PUT, OPTIONS';

/** The methods of a resource. HEAD and OPTIONS are derived from them. */
interface Resource {
  get(): Answer;
  /** POST and PUT. */
  write?(): Answer;
  post?(): Answer;
}

/** Compresses even the smallest content, so that visitors can see it. */
const DEMO_CODING = { threshold: 0 };

/**
 * The demo's handler; `/files/{name}` lives in `directory`.
 *
 * @param options which files are neither served nor replaced; the server's `timeouts.idle` in milliseconds, which the page shows.
 */
export function demo(
  directory: string,
  { isReserved = () => false, idle = 65_000 }: { isReserved?: IsReserved; idle?: number } = {},
): FetchFunction {
  const files = { directory, isReserved };
  const handler: FetchFunction = (request, ctx) => {
    const path = pathOf(request.url);
    // `OPTIONS *` is about the whole server (RFC 9110 §9.3.7); in a URL its path is `/*`.
    if (request.method === 'OPTIONS' && path === '/*') return options(READ_AND_WRITE);
    if (path === '/echo' && offersWebSocket(request)) return echoSocket(ctx);
    const resource = findResource(path, request, ctx, files, idle);
    return resource instanceof Response ? resource : answer(resource, request);
  };
  const coded = compression(handler, DEMO_CODING);
  // The page shows its own head, as its handler has made it.
  return (request, ctx) => (pathOf(request.url) === '/' ? handler : coded)(request, ctx, ctx);
}

function findResource(
  path: string,
  request: Request,
  ctx: ServerContext,
  files: StoredFiles,
  idle: number,
): Resource | Response {
  if (path === '/') {
    const show = () => welcome(request, ctx, idle);
    return { get: show, post: show };
  }
  if (path === '/user-agent') return { get: () => userAgent(request) };
  if (path === '/echo') return { get: () => redirectToEcho(request) };
  if (path === '/websocket') return { get: () => socketPage(originOf(request, ctx)) };
  if (path.startsWith('/echo/')) return { get: () => echo(path.slice('/echo/'.length)) };
  if (path.startsWith('/files/')) {
    const name = decodeName(path.slice('/files/'.length));
    if (typeof name !== 'string') return plainText(400, 'The path does not contain a valid file name.\n');
    return {
      get: () => readStoredFile(files, name, request.method),
      write: () => writeStoredFile(files, name, request),
    };
  }
  return errorAnswer(request, 404, {}, { link: { to: '/', text: 'Go to the front page' } });
}

function answer(resource: Resource, request: Request): Answer {
  const allow = resource.write ? READ_AND_WRITE : resource.post ? READ_AND_POST : READ;
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return resource.get();
    case 'OPTIONS':
      return options(allow);
    case 'POST': {
      const post = resource.post ?? resource.write;
      if (post) return post();
      break;
    }
    case 'PUT':
      if (resource.write) return resource.write();
  }
  // RFC 9110 §15.5.6: a 405 MUST carry Allow.
  return errorAnswer(request, 405, { Allow: allow });
}

function options(allow: string): Response {
  return new Response(null, { status: 204, headers: { Allow: allow } });
}

/** The rest of the path, decoded once: `%252F` becomes `%2F`. */
function echo(encoded: string): Response {
  try {
    return plainText(200, decodeURIComponent(encoded));
  } catch {
    return plainText(400, 'The path contains an invalid percent-encoding.\n');
  }
}

/** HTML forms can only set a query, so this redirects to the path. */
function redirectToEcho(request: Request): Response {
  const text = new URL(request.url).searchParams.get('text') ?? '';
  return plainText(303, 'See Other\n', { Location: `/echo/${encodeURIComponent(text)}` });
}

/** `headers.get` returns one character for each octet, so latin1 restores the octets that were sent. */
function userAgent(request: Request): Response {
  return plainText(200, Uint8Array.from(Buffer.from(request.headers.get('user-agent') ?? '', 'latin1')));
}
