import { checkInteger, checkObject, checkOneOf, checkType, refusal } from '../options/checks.ts';
import { isFieldValue } from '../semantics/field-syntax.ts';
import { mediaTypeEssence } from '../semantics/media-type.ts';
import { prefixOf } from './mounted-path.ts';

/** How far symbolic links are followed. */
export type Symlinks = 'within' | 'anywhere';

/**
 * Whether a file is neither served, listed nor written.
 *
 * @param path its real path; of a file that does not exist, that of its folder and its name.
 * @param file its device and inode as `dev:ino`, where it exists and has been looked up.
 */
export type IsReserved = (path: string, file?: string) => boolean;

/** What the list of a folder offers besides uploads. */
export interface UploadForm {
  /** To replace files. @default false */
  overwrite?: boolean;
  /** To delete files and empty folders. @default false */
  delete?: boolean;
}

/** The options of {@link files}. */
export interface FilesOptions {
  /**
   * The path of the root in URLs: with `'/static'`, `/static/app.js` is `app.js`. `/static` redirects to `/static/`, and other paths are
   * not found.
   *
   * @default '/'
   */
  prefix?: string;
  /**
   * The file that is served for its folder, or `false` for none.
   *
   * @default 'index.html'
   */
  index?: string | false;
  /**
   * Whether `/about` is answered with `about.html`. `/about.html` and `/about/` redirect to it. A file called `about` comes
   * first.
   *
   * @default false
   */
  cleanUrls?: boolean;
  /**
   * The page of a single-page application, as a path below the root. It answers navigations that match no file. `true` means
   * `'index.html'`. Missing scripts and images and a `fetch()` are still answered 404.
   *
   * @default false
   */
  spa?: boolean | string;
  /**
   * The page that is sent with 404, as a path below the root. If it does not exist, browsers get a page of Serval. Clients that
   * do not accept HTML get problem details (RFC 9457) or a line of text.
   *
   * @default '404.html'
   */
  notFound?: string;
  /**
   * Whether a folder without an index is answered with a list of its entries.
   *
   * @default false
   */
  listing?: boolean;
  /**
   * Whether files whose names begin with a dot are served. `/.well-known` always is (RFC 8615).
   *
   * @default false
   */
  dotfiles?: boolean;
  /**
   * Which symbolic links are followed: those that lead to a place below the root, or all.
   *
   * @default 'within'
   */
  symlinks?: Symlinks;
  /** Which files are neither served nor listed. @default none */
  isReserved?: IsReserved;
  /**
   * Cache-Control (RFC 9111 §5.2): one value for all files, `false` for no field, or a function of the decoded path below the
   * root, such as `/assets/app.js`. If it returns `undefined`, the file has the default.
   *
   * @default 'no-cache': a cache stores the file and asks each time whether it is still the same. For files that a build tool
   *   has named after their content, 'public, max-age=31536000, immutable': those in `_app/immutable` (SvelteKit) and
   *   `_next/static` (Next.js), and those in `assets` that Vite's manifest or page names; unless `uploads` is on
   */
  cacheControl?: string | false | ((path: string) => string | undefined);
  /** Whether shared caches may not store files, since they need a password: `private` instead of `public`. @default false */
  isPrivate?: boolean;
  /**
   * What entity tags are made of (RFC 9110 §8.8.3): the size and the times of a file, or a hash of its content. With
   * `'time'`, machines with the same files have different tags. With `'content'` they have the same, and every file of up to
   * 64 MiB is read once before it is first answered for.
   *
   * @default 'time'
   */
  etag?: 'time' | 'content';
  /** Content-Disposition (RFC 6266) by the name of the file. @default none */
  disposition?: (name: string) => 'attachment' | 'inline' | undefined;
  /** Media types by extension. They come before the built-in ones: `{ '.glsl': 'text/plain' }`. The dot is optional. */
  mediaTypes?: { readonly [extension: string]: string };
  /**
   * Whether `app.js.br`, `app.js.zst` or `app.js.gz` is sent for `app.js` to clients that accept the coding. One that is older
   * than the file, or empty, is ignored. A new one is noticed within a second.
   *
   * @default true
   */
  precompressed?: boolean;
  /**
   * Whether files of compressible types and of up to 8 MiB are coded with br, zstd or gzip.
   *
   * @default true
   */
  compress?: boolean;
  /**
   * The size of the memory cache in bytes, for files of up to 1 MiB and for coded forms; 0 keeps nothing. A cached file is
   * compared with the file system at most every 100 ms.
   *
   * @default 67_108_864
   */
  memory?: number;
  /**
   * Whether the list of a folder has a form for uploads, and whether it offers to replace and to delete files. {@link uploads}
   * receives what it sends, and has to allow the same.
   *
   * @default false
   */
  uploads?: boolean | UploadForm;
}

/** {@link FilesOptions}, checked and complete. */
export interface FilesSettings {
  /** Without a slash at its end; empty for none. */
  readonly prefix: string;
  readonly index: string | undefined;
  readonly cleanUrls: boolean;
  /** The names of the path below the root. */
  readonly spa: readonly string[] | undefined;
  readonly notFound: readonly string[];
  readonly listing: boolean;
  readonly dotfiles: boolean;
  readonly symlinks: Symlinks;
  readonly isReserved: IsReserved;
  readonly cacheControl: FilesOptions['cacheControl'];
  readonly isPrivate: boolean;
  readonly etag: 'time' | 'content';
  readonly disposition: FilesOptions['disposition'];
  /** By extension in lower case, with its dot. */
  readonly mediaTypes: ReadonlyMap<string, string>;
  readonly precompressed: boolean;
  readonly compress: boolean;
  readonly memory: number;
  readonly uploads: UploadForm | undefined;
}

const DEFAULT_MEMORY = 64 * 1024 * 1024;

const NAMES: ReadonlySet<string> = new Set<keyof FilesOptions>([
  ...(['index', 'cleanUrls', 'spa', 'notFound', 'listing', 'dotfiles', 'symlinks', 'cacheControl'] as const),
  ...(['disposition', 'mediaTypes', 'precompressed', 'compress', 'memory', 'uploads'] as const),
  ...(['isReserved', 'isPrivate', 'etag', 'prefix'] as const),
]);
const FLAGS = ['cleanUrls', 'listing', 'dotfiles', 'precompressed', 'compress', 'isPrivate'] as const;

/**
 * @throws {TypeError} for an option of the wrong type, or an unknown one.
 * @throws {RangeError} for a value that is out of range.
 */
export function settingsFor(options: FilesOptions): FilesSettings {
  checkObject('options', options);
  for (const name of Object.keys(options)) {
    if (!NAMES.has(name)) throw new TypeError(`options.${name}: there is no such option`);
  }
  for (const name of FLAGS) checkType(`options.${name}`, options[name], 'boolean');
  checkType('options.isReserved', options.isReserved, 'function');
  checkType('options.disposition', options.disposition, 'function');
  checkOneOf('options.symlinks', options.symlinks, ['within', 'anywhere']);
  checkOneOf('options.etag', options.etag, ['time', 'content']);
  checkInteger('options.memory', options.memory, 0, Number.MAX_SAFE_INTEGER);
  checkCacheControl(options.cacheControl);
  const { index = 'index.html', spa = false, notFound = '404.html' } = options;
  return {
    prefix: prefixOf(options.prefix),
    index: index === false ? undefined : fileName('options.index', index),
    cleanUrls: options.cleanUrls ?? false,
    spa: spa === false ? undefined : pathBelowRoot('options.spa', spa === true ? 'index.html' : spa),
    notFound: pathBelowRoot('options.notFound', notFound),
    listing: options.listing ?? false,
    dotfiles: options.dotfiles ?? false,
    symlinks: options.symlinks ?? 'within',
    isReserved: options.isReserved ?? (() => false),
    cacheControl: options.cacheControl,
    isPrivate: options.isPrivate ?? false,
    etag: options.etag ?? 'time',
    disposition: options.disposition,
    mediaTypes: typesByExtension(options.mediaTypes),
    precompressed: options.precompressed ?? true,
    compress: options.compress ?? true,
    memory: options.memory ?? DEFAULT_MEMORY,
    uploads: uploadForm(options.uploads),
  };
}

function uploadForm(value: FilesOptions['uploads']): UploadForm | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return {};
  if (typeof value !== 'object' || value === null)
    throw new TypeError(refusal('options.uploads', 'a boolean or an object', value));
  for (const [name, member] of Object.entries(value)) {
    const option = `options.uploads.${name}`;
    if (name !== 'overwrite' && name !== 'delete') throw new TypeError(`${option}: there is no such option`);
    checkType(option, member, 'boolean');
  }
  return value;
}

/** @throws {TypeError | RangeError} for a root that is not a path. */
export function checkRoot(root: unknown): void {
  if (typeof root !== 'string') throw new TypeError(refusal('root', 'a path', root));
  // An empty path would serve the current folder: a missing setting must not expose that.
  if (root === '' || root.includes('\0')) throw new RangeError(refusal('root', 'a path', root));
}

function fileName(option: string, value: unknown): string {
  const names = pathBelowRoot(option, value);
  if (names.length !== 1) throw new RangeError(refusal(option, 'the name of a file', value));
  return names[0]!;
}

/** These names come from the owner of the files. They may begin with a dot, but must not lead out of the root. */
function pathBelowRoot(option: string, value: unknown): readonly string[] {
  checkType(option, value, 'string');
  const names = String(value)
    .replace(/^\.?\//, '')
    .split('/');
  const isOutside = names.some((name) => name === '' || name === '.' || name === '..' || /[\\\0]/.test(name));
  if (isOutside) throw new RangeError(refusal(option, 'the path of a file below the root', value));
  return names;
}

function checkCacheControl(policy: unknown): void {
  if (policy === undefined || policy === false || typeof policy === 'function') return;
  if (typeof policy !== 'string') {
    throw new TypeError(refusal('options.cacheControl', 'a string, false or a function', policy));
  }
  if (policy === '' || !isFieldValue(policy)) {
    throw new RangeError(refusal('options.cacheControl', 'a field value (RFC 9110 §5.5)', policy));
  }
}

function typesByExtension(mediaTypes: FilesOptions['mediaTypes'] = {}): ReadonlyMap<string, string> {
  checkObject('options.mediaTypes', mediaTypes);
  const types = new Map<string, string>();
  for (const [extension, type] of Object.entries(mediaTypes)) {
    if (!/^\.?[^./\\]+$/.test(extension)) {
      throw new RangeError(refusal('options.mediaTypes', 'an extension such as ".glsl"', extension));
    }
    const option = `options.mediaTypes.${extension.replace(/^\./, '')}`;
    checkType(option, type, 'string');
    if (mediaTypeEssence(type) === undefined || !isFieldValue(type)) {
      throw new RangeError(refusal(option, 'a media type (RFC 9110 §8.3.1)', type));
    }
    types.set(`.${extension.replace(/^\./, '').toLowerCase()}`, type);
  }
  return types;
}
