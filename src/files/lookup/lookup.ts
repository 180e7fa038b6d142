/** From the path of a URL to a file, a folder, a redirect, or nothing. */
import type { FilesSettings } from '../options.ts';
import { isBeforeWrite } from '../own-writes.ts';
import type { Place } from '../resource/file-state.ts';
import { FileResource } from '../resource/resource.ts';
import type { FileCache } from './file-cache.ts';
import { FileResources } from './file-resources.ts';
import { HeldNames } from './held-names.ts';
import { isPartName } from './part-name.ts';
import { decodePath, encodePath } from './path-within-root.ts';
import type { Root } from './root.ts';

/** What is found for names, and the names as the file system holds them. */
interface Held {
  readonly place: Place;
  readonly names: readonly string[];
}

export interface FoundFolder extends Held {
  readonly kind: 'folder';
}

export type Found =
  | FileResource
  | FoundFolder
  /** A path of this host, relative to the requested one. The query is kept. */
  | { readonly kind: 'redirect'; readonly reference: string }
  | { readonly kind: 'malformed' | 'hidden' | 'nothing' };

const NOTHING: Found = { kind: 'nothing' };

export class Lookup {
  readonly #root: Root;
  readonly #settings: FilesSettings;
  readonly #cache: FileCache;
  readonly #heldNames = new HeldNames();
  readonly #resources: FileResources;
  readonly #underWay = new Map<string, { readonly found: Promise<Found>; readonly checked: number }>();

  constructor(root: Root, settings: FilesSettings, cache: FileCache) {
    this.#root = root;
    this.#settings = settings;
    this.#cache = cache;
    this.#resources = new FileResources(root, settings, cache);
  }

  /**
   * What is at a path, as the file system says now. Requests for one path at one time share one look.
   *
   * @param path of a URL, still percent-encoded.
   * @throws the error of the file system if it does not let us look (`EACCES`, `EMFILE`, …).
   */
  async find(path: string): Promise<Found> {
    return this.#cache.fresh(path) ?? this.#shared(path, (checked) => this.#find(path, checked));
  }

  /** Whether a path leads to a folder, which may or may not have an index. */
  async holdsFolder(path: string): Promise<boolean> {
    const names = decodePath(path, this.#settings.dotfiles);
    if (!Array.isArray(names)) return false;
    return (await this.#findHeld(names.filter((name) => name !== '')))?.place.kind === 'folder';
  }

  /**
   * A file that is sent in place of another one, whatever its own URL is.
   *
   * @param vary the fields, besides Accept-Encoding, that decided on it.
   */
  async standIn(names: readonly string[], vary: string): Promise<FileResource | undefined> {
    // A key that can't be the path of a URL.
    const key = `${vary} ${names.join('/')}`;
    const find = async (checked: number) => {
      const held = await this.#findHeld(names);
      return held?.place.kind === 'file'
        ? this.#resources.from(key, held.place, held.names, checked, vary)
        : NOTHING;
    };
    const found = this.#cache.fresh(key) ?? (await this.#shared(key, find));
    return found instanceof FileResource ? found : undefined;
  }

  #shared(key: string, find: (checked: number) => Promise<Found>): Promise<Found> {
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined && !isBeforeWrite(underWay.checked)) return underWay.found;
    const checked = this.#cache.now();
    const found = find(checked)
      .then((result) => {
        if (!(result instanceof FileResource)) this.#cache.forget(key);
        return result;
      })
      .finally(() => {
        if (this.#underWay.get(key)?.found === found) this.#underWay.delete(key);
      });
    this.#underWay.set(key, { found, checked });
    return found;
  }

  async #find(path: string, checked: number): Promise<Found> {
    const names = decodePath(path, this.#settings.dotfiles);
    if (!Array.isArray(names)) return { kind: names.refused };
    // Only where names may begin with a dot: an upload that is not complete does not exist yet.
    if (names.some(isPartName)) return { kind: 'hidden' };
    if (names.at(-1) === '') return this.#findFolder(path, names.slice(0, -1), checked);

    const found = await this.#findHeld(names);
    if (found?.place.kind === 'file') {
      const clean = await this.#cleanReference(found.names);
      if (clean !== undefined) return { kind: 'redirect', reference: clean };
      return this.#resources.from(keyOf(path, names, found.names), found.place, found.names, checked);
    }
    if (this.#settings.cleanUrls) {
      const page = await this.#findHeld(withHtml(names));
      if (page?.place.kind === 'file') {
        const clean = [...page.names.slice(0, -1), page.names.at(-1)!.slice(0, -'.html'.length)];
        return this.#resources.from(keyOf(path, names, clean), page.place, page.names, checked);
      }
    }
    // Relative links in the folder's page need the slash.
    return found === undefined ? NOTHING : { kind: 'redirect', reference: `${besides(names.at(-1)!)}/` };
  }

  async #findFolder(path: string, names: readonly string[], checked: number): Promise<Found> {
    const { index, listing, cleanUrls } = this.#settings;
    if (index !== undefined) {
      const found = await this.#findHeld([...names, index]);
      if (found?.place.kind === 'file') {
        const key = keyOf(path, [...names, ''], [...found.names.slice(0, -1), '']);
        return this.#resources.from(key, found.place, found.names, checked);
      }
    }
    const folder = listing ? await this.#findHeld(names) : undefined;
    if (folder?.place.kind === 'folder') return { kind: 'folder', ...folder };
    // Links are written with and without the slash. The page has one path, so that its own relative links work.
    const page = cleanUrls && names.length > 0 ? await this.#root.find(withHtml(names)) : undefined;
    return page?.kind === 'file' ? { kind: 'redirect', reference: `.${besides(names.at(-1)!)}` } : NOTHING;
  }

  /** What these names lead to, by the names that the file system holds. */
  async #findHeld(names: readonly string[]): Promise<Held | undefined> {
    const place = await this.#root.find(names);
    if (place === undefined) return undefined;
    const held = await this.#heldNames.of(this.#root.path, names);
    if (held === undefined) return undefined;
    if (held.every((name, at) => name === names[at])) return { place, names };
    const heldPlace = await this.#root.find(held);
    return heldPlace && { place: heldPlace, names: held };
  }

  /** The clean path of a page that was requested by its file name; `undefined` if that path would not lead back to it. */
  async #cleanReference(names: readonly string[]): Promise<string | undefined> {
    const { cleanUrls, index } = this.#settings;
    const name = names.at(-1)!;
    if (!cleanUrls || !name.endsWith('.html') || name.startsWith('.')) return undefined;
    if (name === index) return './';
    const clean = name.slice(0, -'.html'.length);
    const inTheWay = await this.#root.find([...names.slice(0, -1), clean]);
    return inTheWay?.kind === 'file' ? undefined : besides(clean);
  }
}

/**
 * Another name in the folder of the requested one, as a relative reference (RFC 3986 §4.2). It works where a proxy or a
 * framework has taken a prefix off the path as well. The `./` keeps `a:b` from being a scheme.
 */
const besides = (name: string): string => `.${encodePath([name])}`;

const withHtml = (names: readonly string[]): string[] => [...names.slice(0, -1), `${names.at(-1)}.html`];

/**
 * The key of a file in the cache: its path as browsers and links spell it. There are any number of other spellings (`/%61`, or
 * `/A` where case does not count). Each is looked up every time, so that no client can fill the memory with them.
 */
const keyOf = (path: string, names: readonly string[], held: readonly string[]): string =>
  path.includes('%') || held.some((name, at) => name !== names[at]) ? encodePath(held) : path;
