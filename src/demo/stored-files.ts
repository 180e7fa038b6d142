/** `/files/{name}`: reads and writes files of one folder, without subfolders. */
import { type BigIntStats, constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Response } from '../fetch/response.ts';
import type { IsReserved } from '../files/options.ts';
import { fileBody } from '../files/resource/file-body.ts';
import { contentChunks } from '../files/uploads/content-chunks.ts';
import { isFromElsewhere } from '../files/uploads/cross-site.ts';
import { nameReserved, refusalFor } from '../files/uploads/refusal.ts';
import { storeFile } from '../files/uploads/store-file.ts';
import { plainText } from './plain-text.ts';

/** Where the files are, and which of them clients can neither read nor replace, such as the private key of the server. */
export interface StoredFiles {
  readonly directory: string;
  readonly isReserved: IsReserved;
}

/** Answers GET and HEAD with the content of a stored file. */
export async function readStoredFile(files: StoredFiles, name: string, method: string): Promise<Response> {
  const { directory } = files;
  // O_NOFOLLOW: a symbolic link may point anywhere. O_NONBLOCK: opening a named pipe would block forever.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(join(directory, name), flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENXIO') return plainText(404, 'Not Found\n');
    throw error;
  }
  let keepOpen = false;
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile() || (await isReserved(files, name, stats))) return plainText(404, 'Not Found\n');
    keepOpen = method === 'GET';
    return new Response(keepOpen ? fileBody(handle, 0, Number(stats.size)) : null, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(stats.size),
        'X-Content-Type-Options': 'nosniff',
      },
    });
  } finally {
    if (!keepOpen) await handle.close();
  }
}

/**
 * Answers PUT and POST by storing the content of the request.
 *
 * PUT answers 201 if it created the file and 204 if it replaced one (RFC 9110 §9.3.4). POST always answers 201, with the file in
 * `Location` (RFC 9110 §9.3.3, §15.3.2).
 */
export async function writeStoredFile(files: StoredFiles, name: string, request: Request): Promise<Response> {
  const refusal = refuseContent(request);
  if (refusal !== undefined) return refusal;
  const { directory } = files;
  try {
    if (await isReserved(files, name)) throw nameReserved();
    const { replaced, octets } = await storeFile(directory, name, contentChunks(request.body));
    if (replaced && request.method === 'PUT') return new Response(null, { status: 204 });
    const location = `/files/${encodeURIComponent(name)}`;
    return plainText(201, `Stored ${octets} bytes as ${location}\n`, { Location: location });
  } catch (error) {
    const refusal = refusalFor(error);
    if (refusal !== undefined) return plainText(refusal.status, `${refusal.message}\n`);
    throw error;
  }
}

/** By its real path and, where it exists, by device and inode: it may have several names. */
async function isReserved(
  { directory, isReserved }: StoredFiles,
  name: string,
  given?: BigIntStats,
): Promise<boolean> {
  const path = join(await realpath(directory), name);
  const stats = given ?? (await lstat(path, { bigint: true }).catch(() => undefined));
  return isReserved(path, stats && `${stats.dev}:${stats.ino}`);
}

function refuseContent(request: Request): Response | undefined {
  if (isFromElsewhere(request)) return plainText(403, 'Forbidden\n');
  // RFC 9110 §9.3.4: partial content must not be stored as if it were complete.
  if (request.headers.has('content-range')) return plainText(400, 'Partial content is not supported.\n');
  // The coding would be lost, and the coded bytes served as if they were the content (RFC 9110 §8.4, §15.5.16).
  if (request.headers.has('content-encoding')) {
    return plainText(415, 'Unsupported Media Type\n', { 'Accept-Encoding': 'identity' });
  }
  return undefined;
}
