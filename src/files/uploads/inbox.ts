/** The folder that takes uploads: what a PUT, a POST or a DELETE does there. */
import { type BigIntStats, constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errorAnswer } from '../../error-pages/error-answer.ts';
import { Response } from '../../fetch/response.ts';
import { acceptWeight } from '../../semantics/accept.ts';
import { mediaTypeEssence } from '../../semantics/media-type.ts';
import { evaluatePreconditions } from '../../semantics/preconditions.ts';
import { hashOf, MAX_HASHED_OCTETS } from '../lookup/content-hashes.ts';
import type { HeldFolder } from '../lookup/held-folder.ts';
import { realFolder } from '../lookup/kernel-path.ts';
import { isPartName } from '../lookup/part-name.ts';
import { decodeName, decodePath, encodePath } from '../lookup/path-within-root.ts';
import { pathOf } from '../lookup/request-path.ts';
import { Root } from '../lookup/root.ts';
import { type FileState, fileState, isSettled } from '../resource/file-state.ts';
import { entityTag, lastModified } from '../resource/validators.ts';
import { contentBuffers } from './content-buffers.ts';
import { contentChunks } from './content-chunks.ts';
import { entryStats, makeFolder, removeEntry } from './folder-changes.ts';
import { confirmationPage, folderForm } from './folder-form.ts';
import { answerToForm } from './form-answer.ts';
import { formBoundary } from './form-data-fields.ts';
import type { UploadSettings } from './options.ts';
import {
  entryMissing,
  folderMissing,
  nameMalformed,
  nameMissing,
  nameReserved,
  nameShadows,
  nameTaken,
  UploadRefusal,
} from './refusal.ts';
import { shadowsOther } from './shadowing.ts';
import { storeFile } from './store-file.ts';
import { storeForm } from './store-form.ts';
import { sweepParts } from './sweep-parts.ts';

export class Inbox {
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

  get allowsDelete(): boolean {
    return this.#settings.delete;
  }

  takes(request: Request): boolean {
    switch (request.method) {
      case 'PUT':
        return true;
      case 'POST':
        return formKind(request) !== undefined;
      default:
        return request.method === 'DELETE' && this.allowsDelete;
    }
  }

  async answer(request: Request): Promise<Response> {
    switch (request.method) {
      case 'PUT':
        return this.#put(request);
      case 'DELETE':
        return this.#delete(request);
      default:
        return formKind(request) === FILES ? this.#post(request) : this.#act(request);
    }
  }

  async #put(request: Request): Promise<Response> {
    const { maxFileSize } = this.#settings;
    const names = this.#decodeTarget(request);
    const name = names.at(-1)!;
    if (name === '') return this.#putFolder(request, names.slice(0, -1));
    if (isPartName(name)) throw nameReserved();
    checkContent(request);
    if (Number(request.headers.get('content-length')) > maxFileSize) {
      throw new UploadRefusal(413, 'The file is too large for this server.');
    }
    const { replaced } = await this.#inFolder(names.slice(0, -1), (folder) =>
      storeFile(folder, name, contentBuffers(request.body), {
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

  async #putFolder(request: Request, names: readonly string[]): Promise<Response> {
    for await (const chunk of contentChunks(request.body)) {
      if (chunk.length === 0) continue;
      // RFC 9110 §15.5.6: a form can be posted to a folder, and no file can replace it.
      return refuse(request, 405, 'This is the name of a folder.', { Allow: 'GET, HEAD, POST' });
    }
    if (!(await this.#makeFolder(names))) return new Response(null, { status: 204 });
    const location = encodePath([...names, '']);
    return inWords(201, `Made ${location}`, { Location: location });
  }

  async #delete(request: Request): Promise<Response> {
    const names = this.#decodeTarget(request);
    const isFolder = names.at(-1) === '';
    await this.#remove(isFolder ? names.slice(0, -1) : names, isFolder, request);
    return new Response(null, { status: 204 });
  }

  /** A form without files, from the page of a folder. */
  async #act(request: Request): Promise<Response> {
    const names = this.#decodeTarget(request).filter((name) => name !== '');
    const form = await folderForm(request);
    const { action, isFolder } = form;
    const name = decodeName(encodeURIComponent(form.name), this.#settings.dotfiles);
    if (typeof name !== 'string') {
      if (name.refused === 'malformed') throw nameMalformed();
      throw form.name === '' ? nameMissing() : nameReserved();
    }
    const accept = request.headers.get('accept');
    const isBrowser = acceptWeight(accept, 'text/html') > acceptWeight(accept, 'application/json');
    if (action === 'folder') {
      await this.#makeFolder([...names, name]);
      const location = encodePath([...names, name, '']);
      return isBrowser ? seeOther(location) : inWords(201, `Made ${location}`, { Location: location });
    }
    if (!this.allowsDelete) throw new UploadRefusal(403, 'Nothing may be deleted here.');
    if (isBrowser && !form.isConfirmed) return confirmationPage(names, form);
    await this.#remove([...names, name], isFolder);
    return isBrowser ? seeOther(encodePath([...names, ''])) : new Response(null, { status: 204 });
  }

  /** @returns false if there was a folder of this name already. */
  async #makeFolder(names: readonly string[]): Promise<boolean> {
    const name = names.at(-1);
    // The root.
    if (name === undefined) return false;
    if (isPartName(name)) throw nameReserved();
    return this.#inFolder(names.slice(0, -1), async (folder) => {
      const current = await entryStats(folder, name);
      this.#checkReserved(folder, name, current);
      if (current?.isDirectory()) return false;
      if (current !== undefined) throw nameTaken();
      await this.#checkReplacement(folder, name, undefined);
      return makeFolder(folder, name);
    });
  }

  /** @param request whose preconditions hold for the file. */
  async #remove(names: readonly string[], isFolder: boolean, request?: Request): Promise<void> {
    const name = names.at(-1);
    if (name === undefined) throw new UploadRefusal(403, 'The folder that is served can not be deleted.');
    if (isPartName(name)) throw nameReserved();
    const inFolder = async (folder: HeldFolder) => {
      const current = await entryStats(folder, name);
      // What is not shown, such as a link that leads out of the root, can't be deleted either.
      const place = current && (await this.#root.findIn(folder, name));
      if (current === undefined || place === undefined) throw entryMissing();
      if (isFolder !== (place.kind === 'folder')) throw entryMissing();
      this.#checkReserved(folder, name, current);
      if (request !== undefined && !isFolder) {
        await this.#checkPreconditions(request, current, folder.at(name));
      }
      // The folder may have been moved out of the root since it was opened.
      if (!(await this.#root.stillHolds(folder))) throw entryMissing();
      await removeEntry(folder, name, current.isDirectory());
    };
    await this.#inFolder(names.slice(0, -1), inFolder, entryMissing);
  }

  async #post(request: Request): Promise<Response> {
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
    } else if (names.refused === 'malformed') throw nameMalformed();
    throw nameReserved();
  }

  /** Holds a folder below the root; a link may lead to it, if it stays among the visible ones. */
  async #inFolder<T>(
    names: readonly string[],
    use: (folder: HeldFolder) => Promise<T>,
    missing = folderMissing,
  ): Promise<T> {
    const place = await this.#root.find(names);
    if (place?.kind !== 'folder') throw missing();
    const below = relative(await this.#realRoot(), place.path).split(sep);
    if (!this.#settings.dotfiles && below.some((name) => name.startsWith('.'))) throw missing();
    const folder = await this.#root.hold(place);
    if (folder === undefined) throw missing();
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

/** The kinds of form that are taken. */
const FILES = 'multipart/form-data';
const FIELDS = 'application/x-www-form-urlencoded';

function formKind({ headers }: Request): typeof FILES | typeof FIELDS | undefined {
  const kind = mediaTypeEssence(headers.get('content-type') ?? '');
  return kind === FILES || kind === FIELDS ? kind : undefined;
}

/** RFC 9110 §15.4.4: the browser shows the folder, and a reload does nothing again. */
const seeOther = (location: string): Response =>
  new Response(null, { status: 303, headers: { Location: location, Vary: 'Accept' } });

function checkContent({ headers }: Request): void {
  // RFC 9110 §14.5: a part must not be stored as if it were the whole.
  if (headers.has('content-range')) throw new UploadRefusal(400, 'Files can only be uploaded whole.');
  // The coding would be lost, and the coded content served as if it were the file (RFC 9110 §8.4, §15.5.16).
  if (headers.has('content-encoding'))
    throw new UploadRefusal(415, 'Files can only be uploaded without a content coding.');
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
