/**
 * Uploads into a served folder: PUT for one file (RFC 9110 §9.3.4), and POST of a form for several (RFC 7578).
 *
 * A file that was acknowledged is on the disk. Whatever happens, even if the process is killed, a name has its old file or its
 * new one, or none.
 */
import { type BigIntStats, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errorAnswer } from '../../error-pages/error-answer.ts';
import { Response } from '../../fetch/response.ts';
import { refusal } from '../../options/checks.ts';
import { mediaTypeEssence } from '../../semantics/media-type.ts';
import { evaluatePreconditions } from '../../semantics/preconditions.ts';
import type { FetchFunction } from '../../server/api.ts';
import { hashOf, MAX_HASHED_OCTETS } from '../lookup/content-hashes.ts';
import type { HeldFolder } from '../lookup/held-folder.ts';
import { realFolder } from '../lookup/kernel-path.ts';
import { isPartName } from '../lookup/part-name.ts';
import { decodePath, encodePath } from '../lookup/path-within-root.ts';
import { pathOf } from '../lookup/request-path.ts';
import { Root } from '../lookup/root.ts';
import { checkRoot } from '../options.ts';
import { type FileState, fileState, isSettled } from '../resource/file-state.ts';
import { entityTag, lastModified } from '../resource/validators.ts';
import { contentChunks } from './content-chunks.ts';
import { isFromElsewhere } from './cross-site.ts';
import { answerToForm } from './form-answer.ts';
import { formBoundary } from './form-data-fields.ts';
import { type UploadOptions, type UploadSettings, uploadSettings } from './options.ts';
import { folderMissing, nameReserved, nameShadows, nameTaken, refusalFor, UploadRefusal } from './refusal.ts';
import { shadowsOther } from './shadowing.ts';
import { storeFile } from './store-file.ts';
import { storeForm } from './store-form.ts';
import { sweepParts } from './sweep-parts.ts';

/**
 * A handler that stores uploads below `root`, and calls `next` for everything else.
 *
 * `PUT /folder/name` answers 201 with Location for a new file and 204 for one that was replaced. `POST /folder/` with
 * multipart/form-data stores each of its files: browsers are sent back to the folder (303), and programs that prefer
 * application/json get a list. A refusal has a line of text: 403 for a request that another site has made a browser send, and
 * for names that can't be written to; 409 for a name that is taken or would change what another path answers, and for a folder
 * that does not exist; 412 for a precondition that is false; 413 for a file that is too large; 507 when the disk is full.
 *
 * Files may be larger than a server accepts by default: set its `limits.maxRequestBodySize` to 0, or high enough for
 * `maxFileSize` and the other files of a form. The parts of processes that were killed are removed in the background.
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
  const inbox = new Inbox(root, uploadSettings(options ?? {}));
  return async (request, ctx, again) => {
    if (!isUpload(request)) return alsoAllowing(await next(request, ctx, again), request);
    try {
      if (isFromElsewhere(request)) {
        throw new UploadRefusal(403, 'A page of another site may not upload files here.');
      }
      return await (request.method === 'PUT' ? inbox.put(request) : inbox.post(request));
    } catch (error) {
      const refusal = refusalFor(error);
      // The client has gone, or the server has a fault: neither concerns the client.
      if (refusal === undefined) throw error;
      return refuse(request, refusal.status, refusal.message, FIELDS_OF_REFUSALS[refusal.status]);
    }
  };
}

const FIELDS_OF_REFUSALS: Readonly<Record<number, Record<string, string>>> = {
  // RFC 9110 §15.5.16: which codings are accepted.
  415: { 'Accept-Encoding': 'identity' },
  503: { 'Retry-After': '1' },
};

function isUpload({ method, headers }: Request): boolean {
  if (method === 'PUT') return true;
  return method === 'POST' && mediaTypeEssence(headers.get('content-type') ?? '') === 'multipart/form-data';
}

class Inbox {
  readonly #root: Root;
  readonly #settings: UploadSettings;

  constructor(root: string, settings: UploadSettings) {
    this.#root = new Root(root, 'within');
    this.#settings = settings;
    // A root that does not exist yet has nothing to sweep.
    realFolder(root).then(
      (real) => sweepParts(real, settings.dotfiles),
      () => {},
    );
  }

  async put(request: Request): Promise<Response> {
    const { maxFileSize } = this.#settings;
    const names = this.#decodeTarget(request);
    const name = names.at(-1)!;
    // RFC 9110 §15.5.6: a form can be posted to a folder, and no file can replace it.
    if (name === '')
      return refuse(request, 405, 'This is the name of a folder.', { Allow: 'GET, HEAD, POST' });
    if (isPartName(name)) throw nameReserved();
    checkContent(request);
    if (Number(request.headers.get('content-length')) > maxFileSize) {
      throw new UploadRefusal(413, 'The file is too large for this server.');
    }
    const { replaced } = await this.#inFolder(names.slice(0, -1), (folder) =>
      storeFile(folder, name, contentChunks(request.body), {
        maxOctets: maxFileSize,
        check: async (current) => {
          this.#checkReserved(folder, name, current);
          await this.#checkPreconditions(request, current, folder.at(name));
          await this.#checkReplacement(folder, name, current);
        },
      }),
    );
    if (replaced) return new Response(null, { status: 204 });
    return inWords(201, `Stored as ${encodePath(names)}`, { Location: encodePath(names) });
  }

  async post(request: Request): Promise<Response> {
    const names = this.#decodeTarget(request).filter((name) => name !== '');
    const boundary = formBoundary(request.headers.get('content-type') ?? '');
    if (boundary === undefined) throw new UploadRefusal(400, 'The form has no valid boundary.');
    checkContent(request);
    const results = await this.#inFolder(names, (folder) =>
      storeForm(folder, contentChunks(request.body), boundary, {
        dotfiles: this.#settings.dotfiles,
        maxOctets: this.#settings.maxFileSize,
        check: async (name, current) => {
          this.#checkReserved(folder, name, current);
          await this.#checkReplacement(folder, name, current);
        },
      }),
    );
    return answerToForm(request, names, results);
  }

  /** The names that lead to the target of the request. */
  #decodeTarget(request: Request): string[] {
    const { dotfiles } = this.#settings;
    const names = decodePath(pathOf(request.url), dotfiles);
    if (Array.isArray(names)) {
      // Files there prove the ownership of a host (RFC 8555 §8.3), so visitors may not write them.
      if (names[0] !== '.well-known' || dotfiles) return names;
    } else if (names.refused === 'malformed') throw new UploadRefusal(400, 'A file can not have this name.');
    throw nameReserved();
  }

  /** Holds a folder below the root; a link may lead to it, if it stays among the visible ones. */
  async #inFolder<T>(names: readonly string[], use: (folder: HeldFolder) => Promise<T>): Promise<T> {
    const place = await this.#root.find(names);
    if (place?.kind !== 'folder') throw folderMissing();
    const below = relative(await this.#realRoot(), place.path).split(sep);
    if (!this.#settings.dotfiles && below.some((name) => name.startsWith('.'))) throw folderMissing();
    const folder = await this.#root.hold(place);
    if (folder === undefined) throw folderMissing();
    try {
      return await use(folder);
    } finally {
      await folder.close();
    }
  }

  async #realRoot(): Promise<string> {
    const place = await this.#root.find([]);
    if (place === undefined) throw folderMissing();
    return place.path;
  }

  #checkReserved(folder: HeldFolder, name: string, current: BigIntStats | undefined): void {
    const file = current && fileState(current, 0).file;
    if (this.#settings.isReserved(join(folder.path, name), file)) throw nameReserved();
  }

  /** @throws {UploadRefusal} if the file that has the name now, or another path, must stay as it is. */
  async #checkReplacement(folder: HeldFolder, name: string, current: BigIntStats | undefined): Promise<void> {
    const { overwrite, files } = this.#settings;
    // The folder may have been moved out of the root since it was opened.
    if (!(await this.#root.stillHolds(folder))) throw folderMissing();
    if (overwrite) return;
    if (current !== undefined) throw nameTaken();
    if (await shadowsOther(await this.#realRoot(), folder, name, files)) throw nameShadows();
  }

  /** The client's own conditions come first. */
  async #checkPreconditions(
    { method, headers }: Request,
    current: BigIntStats | undefined,
    path: string,
  ): Promise<void> {
    const now = Date.now();
    const state = current && (await this.#withHash(fileState(current, now), path));
    const validators = state && {
      etag: entityTag(state),
      lastModified: lastModified(state),
      date: Math.floor(now / 1000),
    };
    if (evaluatePreconditions(method, headers, validators) === 'failed') {
      throw new UploadRefusal(412, 'The file is not in the state that the request is meant for.');
    }
  }

  async #withHash(state: FileState, path: string): Promise<FileState> {
    if (this.#settings.files.etag !== 'content' || !isSettled(state) || state.size > MAX_HASHED_OCTETS) {
      return state;
    }
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      const hash = await hashOf(handle, state);
      return hash === undefined ? state : { ...state, hash };
    } finally {
      await handle.close();
    }
  }
}

function checkContent({ headers }: Request): void {
  // RFC 9110 §14.5: a part must not be stored as if it were the whole.
  if (headers.has('content-range')) throw new UploadRefusal(400, 'Files can only be uploaded whole.');
  // The coding would be lost, and the coded content served as if it were the file (RFC 9110 §8.4, §15.5.16).
  if (headers.has('content-encoding'))
    throw new UploadRefusal(415, 'Files can only be uploaded without a content coding.');
}

/** `next` lists only its own methods (RFC 9110 §10.2.1). */
function alsoAllowing(response: Response, { url }: Request): Response {
  const allow = response.headers.get('allow');
  if (allow === null) return response;
  const headers = new Headers(response.headers);
  headers.set('Allow', `${allow}, ${pathOf(url).endsWith('/') ? 'POST' : 'PUT'}`);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

const refuse = (request: Request, status: number, detail: string, fields?: Record<string, string>) =>
  errorAnswer(request, status, fields, { detail });

function inWords(status: number, words: string, fields: Record<string, string> = {}): Response {
  const headers = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    ...fields,
  };
  return new Response(`${words}\n`, { status, headers });
}
