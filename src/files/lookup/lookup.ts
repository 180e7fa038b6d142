/** From the path of a URL to what is there: a file, a folder, a redirect to where it is, or nothing. */
import { contentDisposition } from '../../semantics/content-disposition.ts';
import type { FilesSettings } from '../options.ts';
import { isBeforeWrite } from '../own-writes.ts';
import { cacheControlOf } from '../resource/cache-control.ts';
import { codingsFor } from '../resource/coded-content.ts';
import { isBeingWritten, type Place } from '../resource/file-state.ts';
import { mediaType } from '../resource/media-type.ts';
import type { Description } from '../resource/representation.ts';
import { FileResource, type Sibling, versionOf } from '../resource/resource.ts';
import type { FileCache } from './file-cache.ts';
import { isPartName } from './part-name.ts';
import { decodePath, encodePath } from './path-within-root.ts';
import type { Root } from './root.ts';

export type Found =
  | FileResource
  | { readonly kind: 'folder'; readonly path: string; readonly names: readonly string[] }
  /** To a path of this host, relative to the one that was asked for; the query is to be kept. */
  | { readonly kind: 'redirect'; readonly reference: string }
  | { readonly kind: 'malformed' | 'hidden' | 'nothing' };

const NOTHING: Found = { kind: 'nothing' };

/** Precompressed files by what their name ends in besides (RFC 9110 §8.4.1; RFC 7932, RFC 8878). */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['br', '.br'],
  ['zstd', '.zst'],
  ['gzip', '.gz'],
];

/**
 * For how long, in milliseconds, a file that had no precompressed one beside it is not looked beside again, unless it changes.
 * What is sent until then is not wrong, only longer; the three looks would be most of what asking after a file costs.
 */
const ALONE_MS = 1000;

export class Lookup {
  readonly #root: Root;
  readonly #settings: FilesSettings;
  readonly #cache: FileCache;
  readonly #underWay = new Map<string, { readonly found: Promise<Found>; readonly checked: number }>();

  constructor(root: Root, settings: FilesSettings, cache: FileCache) {
    this.#root = root;
    this.#settings = settings;
    this.#cache = cache;
  }

  /**
   * What is at a path, as the file system says now. All who ask at the same time get the same.
   *
   * @param path of a URL, still percent-encoded.
   * @throws what the file system says if it does not let us look (`EACCES`, `EMFILE`, …).
   */
  async find(path: string): Promise<Found> {
    return this.#cache.fresh(path) ?? this.#shared(path, (checked) => this.#find(path, checked));
  }

  /**
   * A file that is sent in place of something else, whatever its URL would be.
   *
   * @param vary the fields, besides Accept-Encoding, that decided on it.
   */
  async standIn(names: readonly string[], vary: string): Promise<FileResource | undefined> {
    // A key that can't be the path of a URL.
    const key = `${vary} ${names.join('/')}`;
    const find = async (checked: number) => {
      const place = await this.#root.find(names);
      return place?.kind === 'file' ? this.#resource(key, place, names, checked, vary) : NOTHING;
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
    // Where names may begin with a dot: an upload that is under way is not there yet.
    if (names.some(isPartName)) return { kind: 'hidden' };
    const key = keyOf(path, names);
    if (names.at(-1) === '') return this.#findInFolder(key, names.slice(0, -1), checked);

    const place = await this.#root.find(names);
    if (place?.kind === 'file') {
      const clean = await this.#cleanReference(names);
      return clean === undefined
        ? this.#resource(key, place, names, checked)
        : { kind: 'redirect', reference: clean };
    }
    if (this.#settings.cleanUrls) {
      const page = withHtml(names);
      const placeOfPage = await this.#root.find(page);
      if (placeOfPage?.kind === 'file') return this.#resource(key, placeOfPage, page, checked);
    }
    // Relative links in the folder's page need the slash.
    return place === undefined ? NOTHING : { kind: 'redirect', reference: `${besides(names.at(-1)!)}/` };
  }

  async #findInFolder(key: string, names: readonly string[], checked: number): Promise<Found> {
    const { index, listing } = this.#settings;
    if (index !== undefined) {
      const ofIndex = [...names, index];
      const place = await this.#root.find(ofIndex);
      if (place?.kind === 'file') return this.#resource(key, place, ofIndex, checked);
    }
    const folder = listing ? await this.#root.find(names) : undefined;
    return folder?.kind === 'folder' ? { kind: 'folder', path: folder.path, names } : NOTHING;
  }

  /** To the clean path of a page that was asked for by its file name; `undefined` if that would not lead back to it. */
  async #cleanReference(names: readonly string[]): Promise<string | undefined> {
    const { cleanUrls, index } = this.#settings;
    const name = names.at(-1)!;
    if (!cleanUrls || !name.endsWith('.html') || name.startsWith('.')) return undefined;
    if (name === index) return './';
    const clean = name.slice(0, -'.html'.length);
    const inTheWay = await this.#root.find([...names.slice(0, -1), clean]);
    return inTheWay?.kind === 'file' ? undefined : besides(clean);
  }

  async #resource(
    key: string,
    place: Place,
    names: readonly string[],
    checked: number,
    vary?: string,
  ): Promise<FileResource> {
    const aloneSince = this.#aloneSince(this.#cache.known(key), place, checked);
    const siblings = aloneSince === undefined ? await this.#siblingsOf(place) : [];
    const known = this.#cache.known(key);
    const isSame = known?.isLasting === true && known.version === versionOf(place, siblings);
    const resource = isSame ? known : this.#newResource(key, dated(place, known), names, siblings, vary);
    resource.aloneSince = siblings.length > 0 ? undefined : (aloneSince ?? checked);
    this.#cache.keep(resource, checked);
    return resource;
  }

  #newResource(
    key: string,
    place: Place,
    names: readonly string[],
    siblings: readonly Sibling[],
    vary: string | undefined,
  ): FileResource {
    const { mediaTypes, cacheControl, disposition, compress } = this.#settings;
    const name = names.at(-1)!;
    const contentType = mediaType(name, mediaTypes);
    const codable = compress ? codingsFor(contentType, place.state.size) : [];
    const hasCodings = siblings.length > 0 || codable.length > 0;
    const varies = hasCodings ? ['Accept-Encoding'] : [];
    const kind = disposition?.(name);
    if (kind !== undefined && kind !== 'attachment' && kind !== 'inline') {
      throw new TypeError(`disposition: neither 'attachment' nor 'inline' for ${name}: ${String(kind)}`);
    }
    const description: Description = {
      contentType,
      cacheControl: cacheControlOf(`/${names.join('/')}`, cacheControl),
      contentDisposition: kind && contentDisposition(kind, name),
      hasCodings,
      vary: [...varies, ...(vary === undefined ? [] : [vary])].join(', ') || undefined,
    };
    // The next write would make a coded form useless.
    return new FileResource(key, place, description, siblings, isBeingWritten(place.state) ? [] : codable);
  }

  /** Since when there is nothing beside a file, if that was looked for lately and the file is as it was. */
  #aloneSince(known: FileResource | undefined, place: Place, checked: number): number | undefined {
    const since = known?.aloneSince;
    if (since === undefined || checked - since >= ALONE_MS || isBeforeWrite(since)) return undefined;
    return known?.identity.state.version === place.state.version ? since : undefined;
  }

  /**
   * Precompressed files beside a file. An older one was made of what the file was before; whole seconds are compared, as
   * some tools that give it the time of the file drop the fraction. An empty one is what a tool that was interrupted leaves.
   */
  async #siblingsOf(place: Place): Promise<Sibling[]> {
    if (!this.#settings.precompressed) return [];
    const seconds = (of: Place) => of.state.modified / 1_000_000_000n;
    const siblings: Sibling[] = [];
    const look = async ([coding, suffix]: readonly [string, string]): Promise<void> => {
      const found = await this.#root.findBeside(place, suffix);
      if (found === undefined || found.state.size === 0 || seconds(found) < seconds(place)) return;
      siblings.push({ coding, place: found });
    };
    await Promise.all(SUFFIXES.map(look));
    // In the same order each time, whichever was found first.
    return siblings.sort((a, b) => a.place.state.size - b.place.state.size || (a.coding < b.coding ? -1 : 1));
  }
}

/** The place, with whether an earlier state of the file had the same time of modification. */
function dated(place: Place, known: FileResource | undefined): Place {
  const { state } = place;
  const before = known?.place.state;
  const isDateTaken =
    before?.modified === state.modified && (before.version !== state.version || before.isDateTaken === true);
  return isDateTaken ? { ...place, state: { ...state, isDateTaken } } : place;
}

/**
 * Another name in the folder of the one that was asked for, as a relative reference (RFC 3986 §4.2), which leads there too
 * where a proxy or a framework has taken a prefix off the path. The `./` keeps `a:b` from being a scheme.
 */
const besides = (name: string): string => `.${encodePath([name])}`;

const withHtml = (names: readonly string[]): string[] => [...names.slice(0, -1), `${names.at(-1)}.html`];

/**
 * What a file is held by: its path as browsers and links spell it. There are any number of other spellings (`/%61`), which have
 * to be looked up each time, but nobody can fill the memory with them, or have one file coded for each.
 */
const keyOf = (path: string, names: readonly string[]): string =>
  path.includes('%') ? encodePath(names) : path;
