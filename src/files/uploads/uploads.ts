/**
 * Uploads into a folder that is served: PUT for one file (RFC 9110 §9.3.4), and POST of a form for several (RFC 7578).
 *
 * A file that was acknowledged is on the disk; whatever else happens, the process being killed included, a name has its old
 * file or its new one, or none.
 */
import type { BigIntStats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Response } from '../../fetch/response.ts';
import { refusal } from '../../options/checks.ts';
import { mediaTypeEssence } from '../../semantics/media-type.ts';
import { evaluatePreconditions } from '../../semantics/preconditions.ts';
import type { FetchFunction } from '../../server/api.ts';
import { isPartName } from '../lookup/part-name.ts';
import { decodePath, encodePath, realPathWithinRoot } from '../lookup/path-within-root.ts';
import { pathOf } from '../lookup/request-path.ts';
import { checkRoot } from '../options.ts';
import { fileState } from '../resource/file-state.ts';
import { entityTag, lastModified } from '../resource/validators.ts';
import { contentChunks } from './content-chunks.ts';
import { isFromElsewhere } from './cross-site.ts';
import { answerToForm } from './form-answer.ts';
import { formBoundary } from './form-data-fields.ts';
import { type UploadOptions, type UploadSettings, uploadSettings } from './options.ts';
import { nameReserved, nameTaken, refusalFor, UploadRefusal } from './refusal.ts';
import { storeFile } from './store-file.ts';
import { storeForm } from './store-form.ts';
import { sweepParts } from './sweep-parts.ts';

/**
 * A handler that stores what is uploaded below `root`, and has `next` answer everything else.
 *
 * `PUT /folder/name` answers 201 with Location for a new file and 204 for one that was replaced. `POST /folder/` with
 * multipart/form-data stores each of its files; browsers are sent back to the folder (303), programs that prefer
 * application/json get a list. What is refused is told in a line of text: 403 for a request that another site has made a
 * browser send, and for names that may not be written; 409 for a name that is taken, and for a folder that is missing; 412
 * for a precondition that is false; 413 for a file that is too large; 507 when the disk is full.
 *
 * Files may be larger than what a server takes by default: set its `limits.maxRequestBodySize` to 0, or high enough for
 * `maxFileSize` and the other files of a form. Where files may not be replaced, turn `precompressed` of `files` off:
 * `app.js.br` has a name of its own, and would be sent for `app.js`. What killed processes have left behind is removed in the background.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function uploads(
  root: string,
  options: UploadOptions | undefined,
  next: FetchFunction,
): FetchFunction {
  checkRoot(root);
  if (typeof next !== 'function') throw new TypeError(refusal('next', 'a function', next));
  const settings = uploadSettings(options ?? {});
  // A root that is not there yet has nothing to be swept.
  realpath(root).then(
    (real) => sweepParts(real, settings.dotfiles),
    () => {},
  );
  return async (request, ctx, again) => {
    if (!isUpload(request)) return alsoAllowing(await next(request, ctx, again), request);
    try {
      if (isFromElsewhere(request)) {
        throw new UploadRefusal(403, 'A page of another site may not upload files here.');
      }
      return await (request.method === 'PUT' ? put(root, request, settings) : post(root, request, settings));
    } catch (error) {
      const refusal = refusalFor(error);
      // The client has gone, or something is wrong here: neither is for the client to hear.
      if (refusal === undefined) throw error;
      return inWords(refusal.status, refusal.message, FIELDS_OF_REFUSALS[refusal.status]);
    }
  };
}

const FIELDS_OF_REFUSALS: Readonly<Record<number, Record<string, string>>> = {
  // RFC 9110 §15.5.16: what would be taken.
  415: { 'Accept-Encoding': 'identity' },
  503: { 'Retry-After': '1' },
};

function isUpload({ method, headers }: Request): boolean {
  if (method === 'PUT') return true;
  return method === 'POST' && mediaTypeEssence(headers.get('content-type') ?? '') === 'multipart/form-data';
}

async function put(root: string, request: Request, settings: UploadSettings): Promise<Response> {
  const names = decodeTarget(request, settings);
  const name = names.at(-1)!;
  // RFC 9110 §15.5.6: a folder can be posted to, and not be replaced by a file.
  if (name === '') return inWords(405, 'This is the name of a folder.', { Allow: 'GET, HEAD, POST' });
  if (isPartName(name)) throw nameReserved();
  checkContent(request);
  if (Number(request.headers.get('content-length')) > settings.maxFileSize) {
    throw new UploadRefusal(413, 'The file is too large for this server.');
  }
  const folder = await findFolder(root, names.slice(0, -1), settings);
  if (settings.isReserved(join(folder, name))) throw nameReserved();
  const { replaced } = await storeFile(folder, name, contentChunks(request.body), {
    maxOctets: settings.maxFileSize,
    check: (current) => checkReplacement(request, current, settings),
  });
  if (replaced) return new Response(null, { status: 204 });
  return inWords(201, `Stored as ${encodePath(names)}`, { Location: encodePath(names) });
}

async function post(root: string, request: Request, settings: UploadSettings): Promise<Response> {
  const names = decodeTarget(request, settings).filter((name) => name !== '');
  const boundary = formBoundary(request.headers.get('content-type') ?? '');
  if (boundary === undefined) throw new UploadRefusal(400, 'The form does not say what its boundary is.');
  checkContent(request);
  const folder = await findFolder(root, names, settings);
  const results = await storeForm(folder, contentChunks(request.body), boundary, settings);
  return answerToForm(request, names, results);
}

/** The names that lead to what the request is about. */
function decodeTarget(request: Request, { dotfiles }: UploadSettings): string[] {
  const names = decodePath(pathOf(request.url), dotfiles);
  if (Array.isArray(names)) {
    // What stands there proves to others who a host is (RFC 8555 §8.3): not for every visitor to write.
    if (names[0] !== '.well-known' || dotfiles) return names;
  } else if (names.refused === 'malformed') throw new UploadRefusal(400, 'A file can not have this name.');
  throw nameReserved();
}

function checkContent({ headers }: Request): void {
  // RFC 9110 §14.5: a part must not be stored as if it were the whole.
  if (headers.has('content-range')) throw new UploadRefusal(400, 'Files can only be uploaded whole.');
  // The coding would be forgotten, and the coded octets served as if they were the content (RFC 9110 §8.4, §15.5.16).
  if (headers.has('content-encoding'))
    throw new UploadRefusal(415, 'Files can only be uploaded as they are.');
}

/** The real path of a folder below the root; by a link, too, if that stays among what may be seen. */
async function findFolder(
  root: string,
  names: readonly string[],
  { dotfiles }: UploadSettings,
): Promise<string> {
  const path = await realPathWithinRoot(root, names);
  const below = path === undefined ? [] : relative(await realpath(root), path).split(sep);
  const isHidden = !dotfiles && below.some((name) => name.startsWith('.'));
  if (path === undefined || isHidden || !(await stat(path)).isDirectory()) {
    throw new UploadRefusal(409, 'There is no such folder.');
  }
  return path;
}

/** Both ask what has the name now, and what the client itself has said about that comes first. */
function checkReplacement(
  request: Request,
  current: BigIntStats | undefined,
  { overwrite }: UploadSettings,
): void {
  const now = Date.now();
  const state = current === undefined ? undefined : fileState(current, now);
  const validators = state && {
    etag: entityTag(state),
    lastModified: lastModified(state),
    date: Math.floor(now / 1000),
  };
  if (evaluatePreconditions(request.method, request.headers, validators) === 'failed') {
    throw new UploadRefusal(412, 'The file is not in the state that the request is meant for.');
  }
  if (current !== undefined && !overwrite) throw nameTaken();
}

/** `next` knows only what it can do itself (RFC 9110 §10.2.1). */
function alsoAllowing(response: Response, { url }: Request): Response {
  const allow = response.headers.get('allow');
  if (allow === null) return response;
  const headers = new Headers(response.headers);
  headers.set('Allow', `${allow}, ${pathOf(url).endsWith('/') ? 'POST' : 'PUT'}`);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

function inWords(status: number, words: string, fields: Record<string, string> = {}): Response {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...fields,
  };
  return new Response(`${words}\n`, { status, headers });
}
