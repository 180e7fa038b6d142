/** The demo: a page that shows HTTP happening, and three small things to ask for. */
import { compression } from '../compression/index.ts';
import { Response } from '../fetch/response.ts';
import { decodeName } from '../files/lookup/path-within-root.ts';
import type { FetchFunction, ServerContext } from '../server/api.ts';
import { plainText } from './plain-text.ts';
import { readStoredFile, writeStoredFile } from './stored-files.ts';
import { welcome } from './welcome.ts';

type Answer = Response | Promise<Response>;

const READ = 'GET, HEAD, OPTIONS';
const READ_AND_WRITE = 'GET, HEAD, POST, PUT, OPTIONS';

/** What a resource can do. HEAD and OPTIONS come by themselves. */
interface Resource {
  get(): Answer;
  write?(): Answer;
}

/** Even three octets are coded here: who asks for it wants to see it done. */
const DEMO_CODING = { threshold: 0 };

/** The demo's handler; `/files/{name}` lives in `directory`. */
export function demo(directory: string): FetchFunction {
  return compression((request, ctx) => {
    const path = new URL(request.url).pathname;
    // `OPTIONS *` asks about the server as a whole (RFC 9110 §9.3.7); a URL has no other way to say it.
    if (request.method === 'OPTIONS' && path === '/*') return options(READ_AND_WRITE);
    const resource = findResource(path, request, ctx, directory);
    return resource instanceof Response ? resource : answer(resource, request.method);
  }, DEMO_CODING);
}

function findResource(
  path: string,
  request: Request,
  ctx: ServerContext,
  directory: string,
): Resource | Response {
  if (path === '/') return { get: () => welcome(request, ctx) };
  if (path === '/user-agent') return { get: () => userAgent(request) };
  if (path === '/echo') return { get: () => redirectToEcho(request) };
  if (path.startsWith('/echo/')) return { get: () => echo(path.slice('/echo/'.length)) };
  if (path.startsWith('/files/')) {
    const name = decodeName(path.slice('/files/'.length));
    if (typeof name !== 'string') return plainText(400, 'That is not a file name.\n');
    return {
      get: () => readStoredFile(directory, name, request.method),
      write: () => writeStoredFile(directory, name, request),
    };
  }
  return plainText(404, 'Not Found\n');
}

function answer(resource: Resource, method: string): Answer {
  const allow = resource.write ? READ_AND_WRITE : READ;
  switch (method) {
    case 'GET':
    case 'HEAD':
      return resource.get();
    case 'OPTIONS':
      return options(allow);
    case 'POST':
    case 'PUT':
      if (resource.write) return resource.write();
  }
  // RFC 9110 §15.5.6: a 405 MUST say what is allowed instead.
  return plainText(405, 'Method Not Allowed\n', { Allow: allow });
}

function options(allow: string): Response {
  return new Response(null, { status: 204, headers: { Allow: allow } });
}

/** The rest of the path, decoded once: `%252F` is `%2F` and stays it. */
function echo(encoded: string): Response {
  try {
    return plainText(200, decodeURIComponent(encoded));
  } catch {
    return plainText(400, 'The text is not well percent-encoded.\n');
  }
}

/** HTML forms can only fill in a query; the path is where the text belongs. */
function redirectToEcho(request: Request): Response {
  const text = new URL(request.url).searchParams.get('text') ?? '';
  return plainText(303, 'See Other\n', { Location: `/echo/${encodeURIComponent(text)}` });
}

/** `headers.get` has one character an octet, so latin1 returns the very octets that were sent. */
function userAgent(request: Request): Response {
  return plainText(200, Uint8Array.from(Buffer.from(request.headers.get('user-agent') ?? '', 'latin1')));
}
