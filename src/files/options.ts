import { isFieldValue } from '../semantics/field-syntax.ts';
import { mediaTypeEssence } from '../semantics/media-type.ts';

/** How far symbolic links are followed. */
export type Symlinks = 'within' | 'anywhere';

/** What {@link files} may be told. */
export interface FilesOptions {
  /**
   * The file that stands for its folder, or `false` for none.
   *
   * @default 'index.html'
   */
  index?: string | false;
  /**
   * Whether `/about` is answered with `about.html`, to which `/about.html` redirects. A file that is really called `about`
   * comes first.
   *
   * @default false
   */
  cleanUrls?: boolean;
  /**
   * The file, as a path below the root, that answers navigations for which there is no other: a single-page application.
   * `true` means `'index.html'`. Anything else that is missing is still answered 404: a script, an image, a `fetch()`.
   *
   * @default false
   */
  spa?: boolean | string;
  /**
   * The page, as a path below the root, to show where nothing was found. Without it, or for a client that wants no HTML, the
   * 404 is a line of text.
   *
   * @default '404.html'
   */
  notFound?: string;
  /**
   * Whether a folder without an index is answered with what is in it.
   *
   * @default false
   */
  listing?: boolean;
  /**
   * Whether names that begin with a dot are served. `.well-known` always is, at the top (RFC 8615).
   *
   * @default false
   */
  dotfiles?: boolean;
  /**
   * How far symbolic links are followed: as long as they stay below the root, or wherever they lead.
   *
   * @default 'within'
   */
  symlinks?: Symlinks;
  /** Whether a file, by its real path, is neither served nor listed. @default none is */
  isReserved?: (path: string) => boolean;
  /**
   * Cache-Control (RFC 9111 §5.2): one value for all, `false` for no field, or a function of the decoded path of the file
   * below the root, `/assets/app.js`, whose `undefined` means the default.
   *
   * @default 'no-cache', which is: store it, and ask whether it is still the same; for a name that holds a hash of its
   *   content, 'public, max-age=31536000, immutable'
   */
  cacheControl?: string | false | ((path: string) => string | undefined);
  /** Content-Disposition (RFC 6266) by the name of the file. @default none */
  disposition?: (name: string) => 'attachment' | 'inline' | undefined;
  /** Media types by extension, before those that are known: `{ '.glsl': 'text/plain' }`. The dot may be left out. */
  mediaTypes?: { readonly [extension: string]: string };
  /**
   * Whether `app.js.br`, `app.js.zst` and `app.js.gz` are what is sent for `app.js` to clients that accept the coding. One
   * that is older than the file, or empty, is left alone; one that is new is noticed within a second.
   *
   * @default true
   */
  precompressed?: boolean;
  /**
   * Whether files of up to 8 MiB and of a type that gets smaller by it are coded with br, zstd or gzip.
   *
   * @default true
   */
  compress?: boolean;
  /**
   * How many octets of memory may hold files of up to 1 MiB, and what was coded; 0 keeps nothing. What is held is compared
   * with the file system when 100 ms have passed since that was last done.
   *
   * @default 67_108_864
   */
  memory?: number;
  /** Whether the page of a folder shows a form for uploads; receiving them is for {@link uploads}. @default false */
  uploads?: boolean;
}

/** {@link FilesOptions}, checked and complete. */
export interface FilesSettings {
  readonly index: string | undefined;
  readonly cleanUrls: boolean;
  /** The names of the path below the root. */
  readonly spa: readonly string[] | undefined;
  readonly notFound: readonly string[];
  readonly listing: boolean;
  readonly dotfiles: boolean;
  readonly symlinks: Symlinks;
  readonly isReserved: (path: string) => boolean;
  readonly cacheControl: FilesOptions['cacheControl'];
  readonly disposition: FilesOptions['disposition'];
  /** By extension in lower case, with its dot. */
  readonly mediaTypes: ReadonlyMap<string, string>;
  readonly precompressed: boolean;
  readonly compress: boolean;
  readonly memory: number;
  readonly uploads: boolean;
}

const DEFAULT_MEMORY = 64 * 1024 * 1024;

/**
 * @throws {TypeError} for an option of the wrong type, or one that is not known.
 * @throws {RangeError} for a value that is out of range.
 */
export function settingsFor(options: FilesOptions): FilesSettings {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(`files: the options are not an object: ${show(options)}`);
  }
  for (const option of Object.keys(options)) {
    if (!KNOWN.has(option)) throw new TypeError(`files: there is no option ${show(option)}`);
  }
  const { index = 'index.html', spa = false, notFound = '404.html', memory = DEFAULT_MEMORY } = options;
  if (typeof memory !== 'number') throw new TypeError(`memory: not a number: ${show(memory)}`);
  if (!Number.isSafeInteger(memory) || memory < 0) {
    throw new RangeError(`memory: not a number of octets: ${memory}`);
  }
  return {
    index: index === false ? undefined : fileName('index', index),
    cleanUrls: flag('cleanUrls', options.cleanUrls, false),
    spa: spa === false ? undefined : pathBelowRoot('spa', spa === true ? 'index.html' : spa),
    notFound: pathBelowRoot('notFound', notFound),
    listing: flag('listing', options.listing, false),
    dotfiles: flag('dotfiles', options.dotfiles, false),
    symlinks: symlinksOption(options.symlinks),
    isReserved: functionOrNothing('isReserved', options.isReserved) ?? (() => false),
    cacheControl: cacheControlPolicy(options.cacheControl),
    disposition: functionOrNothing('disposition', options.disposition),
    mediaTypes: typesByExtension(options.mediaTypes),
    precompressed: flag('precompressed', options.precompressed, true),
    compress: flag('compress', options.compress, true),
    memory,
    uploads: flag('uploads', options.uploads, false),
  };
}

const KNOWN: ReadonlySet<string> = new Set<keyof FilesOptions>([
  ...(['index', 'cleanUrls', 'spa', 'notFound', 'listing', 'dotfiles', 'symlinks', 'cacheControl'] as const),
  ...(['disposition', 'mediaTypes', 'precompressed', 'compress', 'memory', 'uploads', 'isReserved'] as const),
]);

function flag(option: string, value: unknown, byDefault: boolean): boolean {
  if (value === undefined) return byDefault;
  if (typeof value !== 'boolean') throw new TypeError(`${option}: neither true nor false: ${show(value)}`);
  return value;
}

function fileName(option: string, value: unknown): string {
  const names = pathBelowRoot(option, value);
  if (names.length !== 1) throw new RangeError(`${option}: not the name of a file: ${show(value)}`);
  return names[0]!;
}

/** These names come from the owner of the files: they may begin with a dot, but not lead out of the root. */
function pathBelowRoot(option: string, value: unknown): readonly string[] {
  if (typeof value !== 'string') throw new TypeError(`${option}: not a string: ${show(value)}`);
  const names = value.replace(/^\.?\//, '').split('/');
  const isOutside = names.some((name) => name === '' || name === '.' || name === '..' || /[\\\0]/.test(name));
  if (isOutside) throw new RangeError(`${option}: not the path of a file below the root: ${show(value)}`);
  return names;
}

function symlinksOption(symlinks: unknown = 'within'): Symlinks {
  if (symlinks === 'within' || symlinks === 'anywhere') return symlinks;
  if (typeof symlinks !== 'string') throw new TypeError(`symlinks: not a string: ${show(symlinks)}`);
  throw new RangeError(`symlinks: neither 'within' nor 'anywhere': ${show(symlinks)}`);
}

function cacheControlPolicy(policy: unknown): FilesOptions['cacheControl'] {
  if (policy === undefined || policy === false) return policy;
  if (typeof policy === 'function') return policy as (path: string) => string | undefined;
  if (typeof policy !== 'string') {
    throw new TypeError(`cacheControl: neither a string, false nor a function: ${show(policy)}`);
  }
  if (policy === '' || !isFieldValue(policy)) {
    throw new RangeError(`cacheControl: not the value of a field (RFC 9110 §5.5): ${show(policy)}`);
  }
  return policy;
}

function functionOrNothing<F>(option: string, value: F | undefined): F | undefined {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${option}: not a function: ${show(value)}`);
  }
  return value;
}

function typesByExtension(mediaTypes: unknown = {}): ReadonlyMap<string, string> {
  if (typeof mediaTypes !== 'object' || mediaTypes === null) {
    throw new TypeError(`mediaTypes: not an object: ${show(mediaTypes)}`);
  }
  const types = new Map<string, string>();
  for (const [extension, type] of Object.entries(mediaTypes)) {
    if (typeof type !== 'string')
      throw new TypeError(`mediaTypes: ${extension}: not a string: ${show(type)}`);
    if (mediaTypeEssence(type) === undefined || !isFieldValue(type)) {
      throw new RangeError(`mediaTypes: ${extension}: not a media type (RFC 9110 §8.3.1): ${show(type)}`);
    }
    if (!/^\.?[^./\\]+$/.test(extension)) {
      throw new RangeError(
        `mediaTypes: not an extension, which has a dot at its beginning or none: ${show(extension)}`,
      );
    }
    types.set(`.${extension.replace(/^\./, '').toLowerCase()}`, type);
  }
  return types;
}

const show = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));
