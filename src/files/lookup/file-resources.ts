/** Makes a resource of each file that was found: its precompressed siblings, its fields, and how it may be coded. */
import { refusal } from '../../options/checks.ts';
import { contentDisposition } from '../../semantics/content-disposition.ts';
import type { FilesSettings } from '../options.ts';
import { isBeforeWrite } from '../own-writes.ts';
import { cacheControlOf } from '../resource/cache-control.ts';
import { codingsFor } from '../resource/coded-content.ts';
import { isBeingWritten, type Place } from '../resource/file-state.ts';
import { mediaType } from '../resource/media-type.ts';
import type { Description } from '../resource/representation.ts';
import { FileResource, type Sibling, versionOf } from '../resource/resource.ts';
import { BuildOutput } from './build-output.ts';
import { ContentHashes } from './content-hashes.ts';
import type { FileCache } from './file-cache.ts';
import type { Root } from './root.ts';

/** Precompressed files by the end of their names (RFC 9110 §8.4.1; RFC 7932, RFC 8878). */
const SUFFIXES: readonly (readonly [string, string])[] = [
  ['br', '.br'],
  ['zstd', '.zst'],
  ['gzip', '.gz'],
];

/**
 * For how long, in milliseconds, precompressed siblings of a file that had none are not looked for again, unless the file
 * changes. Content that is sent until then is right, only longer. The three looks would be most of the cost of a check.
 */
const ALONE_MS = 1000;

export class FileResources {
  readonly #root: Root;
  readonly #settings: FilesSettings;
  readonly #cache: FileCache;
  readonly #hashes: ContentHashes | undefined;
  readonly #builds: BuildOutput;

  constructor(root: Root, settings: FilesSettings, cache: FileCache) {
    this.#root = root;
    this.#settings = settings;
    this.#cache = cache;
    this.#hashes = settings.etag === 'content' ? new ContentHashes(root) : undefined;
    this.#builds = new BuildOutput(root);
  }

  /**
   * The resource of a file, which is in the cache from then on.
   *
   * @param names those that lead from the root to it, as the file system holds them.
   * @param checked when the file system was asked, on the clock of the cache.
   * @param vary the fields, besides Accept-Encoding, that decided on this file.
   */
  async from(
    key: string,
    found: Place,
    names: readonly string[],
    checked: number,
    vary?: string,
  ): Promise<FileResource> {
    const place = (await this.#hashes?.hashed(found)) ?? found;
    const aloneSince = this.#aloneSince(this.#cache.known(key), place, checked);
    const siblings = aloneSince === undefined ? await this.#siblingsOf(place) : [];
    const isImmutable = await this.#isImmutable(names);
    const known = this.#cache.known(key);
    const version = versionOf(place, siblings, isImmutable);
    const isSame = known?.isLasting === true && known.version === version;
    const resource = isSame
      ? known
      : this.#newResource(key, dated(place, known), names, siblings, isImmutable, vary);
    resource.aloneSince = siblings.length > 0 ? undefined : (aloneSince ?? checked);
    this.#cache.keep(resource, checked);
    return resource;
  }

  #newResource(
    key: string,
    place: Place,
    names: readonly string[],
    siblings: readonly Sibling[],
    isImmutable: boolean,
    vary: string | undefined,
  ): FileResource {
    const { mediaTypes, cacheControl, disposition, compress, isPrivate } = this.#settings;
    const name = names.at(-1)!;
    const path = `/${names.join('/')}`;
    const contentType = mediaType(name, mediaTypes);
    const codable = compress ? codingsFor(contentType, place.state.size) : [];
    const hasCodings = siblings.length > 0 || codable.length > 0;
    const varies = hasCodings ? ['Accept-Encoding'] : [];
    const kind = disposition?.(name);
    if (kind !== undefined && kind !== 'attachment' && kind !== 'inline') {
      throw new TypeError(refusal(`disposition of ${name}`, '"attachment" or "inline"', kind));
    }
    const description: Description = {
      servedPath: path,
      contentType,
      cacheControl: cacheControlOf(path, cacheControl, { isImmutable, isPrivate }),
      contentDisposition: kind && contentDisposition(kind, name),
      hasCodings,
      isImmutable,
      vary: [...varies, ...(vary === undefined ? [] : [vary])].join(', ') || undefined,
    };
    // The next write would make a coded form useless.
    return new FileResource(key, place, description, siblings, isBeingWritten(place.state) ? [] : codable);
  }

  /** What can be uploaded can be replaced, whatever it is called. */
  async #isImmutable(names: readonly string[]): Promise<boolean> {
    const { uploads, cacheControl } = this.#settings;
    if (uploads || cacheControl === false || typeof cacheControl === 'string') return false;
    return this.#builds.isImmutable(names);
  }

  /** Since when the file has no siblings, if they were looked for lately and the file has not changed. */
  #aloneSince(known: FileResource | undefined, place: Place, checked: number): number | undefined {
    const since = known?.aloneSince;
    if (since === undefined || checked - since >= ALONE_MS || isBeforeWrite(since)) return undefined;
    return known?.identity.state.version === place.state.version ? since : undefined;
  }

  /**
   * The precompressed files beside a file. An older one was made of an earlier content. Whole seconds are compared, since
   * some tools that copy the time of the file drop its fraction. An interrupted tool leaves an empty one.
   */
  async #siblingsOf(place: Place): Promise<Sibling[]> {
    if (!this.#settings.precompressed) return [];
    const seconds = (of: Place) => of.state.modified / 1_000_000_000n;
    const siblings: Sibling[] = [];
    const look = async ([coding, suffix]: readonly [string, string]): Promise<void> => {
      const found = await this.#root.findBeside(place, suffix);
      if (found === undefined || found.state.size === 0 || seconds(found) < seconds(place)) return;
      siblings.push({ coding, place: (await this.#hashes?.hashed(found)) ?? found });
    };
    await Promise.all(SUFFIXES.map(look));
    // In one order, whichever was found first.
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
