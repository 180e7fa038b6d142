/** A folder as a web site: GET and HEAD, `index.html`, and nothing outside the folder. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { FetchFunction } from '../server/handler.ts';
import { Response } from '../server/response.ts';
import { fileBody } from './file-body.ts';
import { mediaType } from './media-type.ts';
import { decodePath, realPathWithinRoot } from './path-within-root.ts';

/** A handler that answers with the files below `root`. */
export function files(root: string): FetchFunction {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      // RFC 9110 §15.5.6: a 405 MUST say what is allowed instead.
      return plain(405, 'Method Not Allowed', { Allow: 'GET, HEAD' });
    }
    const url = new URL(request.url);
    const names = decodePath(url.pathname);
    if (!Array.isArray(names)) {
      return names.refused === 'malformed' ? plain(400, 'Bad Request') : plain(404, 'Not Found');
    }
    try {
      return await answer(request.method, root, names, url.search);
    } catch (error) {
      return answerToFileError(error);
    }
  };
}

async function answer(method: string, root: string, names: string[], query: string): Promise<Response> {
  const folder = names.at(-1) === '';
  const path = await realPathWithinRoot(root, folder ? [...names.slice(0, -1), 'index.html'] : names);
  if (path === undefined) return plain(404, 'Not Found');
  const stats = await stat(path);
  if (stats.isDirectory() && !folder) return redirectToFolder(names, query);
  // Pipes, sockets and devices are not content; opening one could block for ever.
  if (!stats.isFile()) return plain(404, 'Not Found');

  // HEAD says what GET would (RFC 9110 §9.3.2) without opening the file.
  if (method === 'HEAD') return new Response(null, { headers: fieldsOf(path, stats) });
  return answerWithFile(await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)), path);
}

/** Sizes and dates come from the open file: the one that was looked up may have been replaced since. */
async function answerWithFile(handle: FileHandle, path: string): Promise<Response> {
  try {
    const stats = await handle.stat();
    return new Response(fileBody(handle, stats.size), { headers: fieldsOf(path, stats) });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function fieldsOf(path: string, stats: Stats): Record<string, string> {
  // RFC 9110 §8.8.2.1: never a Last-Modified that lies in the future.
  const modified = new Date(Math.min(stats.mtimeMs, Date.now()));
  return {
    'Content-Type': mediaType(basename(path)),
    'Content-Length': String(stats.size),
    'Last-Modified': modified.toUTCString(),
    'X-Content-Type-Options': 'nosniff',
  };
}

/**
 * Relative links in `index.html` need the slash. Location is built anew from the decoded names, none of which is empty
 * or holds a slash: copying the request's own path would let `//evil.example` send the visitor to another host.
 *
 * 302 and not 301: browsers remember a 301 for good, and on a developer's machine one port serves many sites.
 */
function redirectToFolder(names: readonly string[], query: string): Response {
  return plain(302, 'Found', { Location: `/${names.map(encodeURIComponent).join('/')}/${query}` });
}

function answerToFileError(error: unknown): Response {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
    case 'ENAMETOOLONG':
      return plain(404, 'Not Found');
    case 'EACCES':
    case 'EPERM':
      return plain(403, 'Forbidden');
    default:
      throw error;
  }
}

function plain(status: number, text: string, fields: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', ...fields },
  });
}
