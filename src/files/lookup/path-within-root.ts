/**
 * From the path of a URL to file names that can't lead out of the root.
 *
 * There are two independent checks. This one is about text: every segment is decoded exactly once, by itself, so no encoded
 * slash, no second decoding and no `..` can build a path, as in nearly every traversal bug. The other one, in `root.ts`, asks
 * the file system: after all symbolic links are followed, the result must lie below the root.
 */
import { sep } from 'node:path';

/** Why a name was refused: `malformed` is answered 400, and `hidden` like a file that does not exist. */
export type NameRefusal = { readonly refused: 'malformed' | 'hidden' };

const MALFORMED: NameRefusal = { refused: 'malformed' };
const HIDDEN: NameRefusal = { refused: 'hidden' };

/** The longest name Linux, macOS and Windows can store. */
const MAX_NAME_OCTETS = 255;

/** Controls, and separators of paths on some system: `\`. */
const NEVER_IN_A_NAME = /[\x00-\x1f\x7f/\\]/;

/**
 * Names that Windows takes for other names, or for none: with `:`, which drives and streams have; with dots and blanks at the
 * end, which it ignores; and the names of its devices. `GIT~1` is its short name for `.git`.
 */
const NEVER_ON_WINDOWS =
  /:|[. ]$|^[^.]{1,6}~\d{1,6}(?:\..{0,3})?$|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/** HFS+ ignores these characters when it compares names, so they can hide the dot of `.git`. */
const IGNORED_BEFORE_A_DOT = /^[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]+(?=\.)/;

/**
 * Decodes one segment of a path, once, to a file name.
 *
 * Two kinds of file have no URL, by design: those with a control character in their name, which would get into logs and
 * terminals, and those whose name is not UTF-8, since URLs are.
 *
 * @param dotfiles whether names may begin with a dot. `.` and `..` are never names.
 * @param windows whether the names are for Windows. Default: whether this is Windows.
 */
export function decodeName(
  segment: string,
  dotfiles = false,
  windows: boolean = sep === '\\',
): string | NameRefusal {
  let name: string;
  try {
    // Refuses a stray `%`, and UTF-8 that is overlong (%C0%AF for a slash), incomplete or a surrogate.
    name = decodeURIComponent(segment);
  } catch {
    return MALFORMED;
  }
  if (name === '.' || name === '..') return HIDDEN;
  if (NEVER_IN_A_NAME.test(name) || (windows && NEVER_ON_WINDOWS.test(name))) return MALFORMED;
  // Files that people forget: .env, .git, .htpasswd.
  if (name.replace(IGNORED_BEFORE_A_DOT, '').startsWith('.') && !dotfiles) return HIDDEN;
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_OCTETS) return HIDDEN;
  return name;
}

/**
 * Splits the path of a URL (still percent-encoded, beginning with `/`) into file names. A path that ends in a slash
 * names a folder and its list ends in `''`. RFC 8615 reserves `.well-known` at the root, so this name may begin with a dot
 * there.
 */
export function decodePath(pathname: string, dotfiles = false): string[] | NameRefusal {
  const segments = pathname.slice(1).split('/');
  const names: string[] = [];
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    const last = i === segments.length - 1;
    if ((segment === '' && last) || (segment === '.well-known' && i === 0)) {
      names.push(segment);
      continue;
    }
    const name = decodeName(segment, dotfiles);
    if (typeof name !== 'string') return name;
    names.push(name);
  }
  return names;
}

/** Whether `path` is `root` or lies below it; both are real paths. */
export function isWithin(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

const PCHAR_ESCAPES: Record<string, string> = {
  '%24': '$',
  '%26': '&',
  '%2B': '+',
  '%2C': ',',
  '%3A': ':',
  '%3B': ';',
  '%3D': '=',
  '%40': '@',
};

/** Names as the path of a URL. All characters are escaped except those that RFC 3986 §3.3 allows in a path (`pchar`). */
export function encodePath(names: readonly string[]): string {
  const escaped = names.map(encodeURIComponent).join('/');
  return `/${escaped.replace(/%(?:2[46BC]|3[ABD]|40)/g, (octet) => PCHAR_ESCAPES[octet]!)}`;
}
