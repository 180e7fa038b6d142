/**
 * From the path of a URL to a place in the file system, without ever leaving the root.
 *
 * Two independent fences. The first is about text: every segment is decoded exactly once, by itself, so that no
 * encoded slash, no second decoding and no `..` can build a path (the recipe of nearly every traversal bug). The second
 * asks the file system: after all symbolic links are followed, the result must still lie below the root.
 */
import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** What a name was refused for: `malformed` deserves 400; `hidden` is answered as if nothing were there. */
export type NameRefusal = { readonly refused: 'malformed' | 'hidden' };

const MALFORMED: NameRefusal = { refused: 'malformed' };
const HIDDEN: NameRefusal = { refused: 'hidden' };

/** The longest name Linux, macOS and Windows can store. */
const MAX_NAME_OCTETS = 255;

/** Controls, and what separates paths on some system: `\`. */
const NEVER_IN_A_NAME = /[\x00-\x1f\x7f/\\]/;

/**
 * What is another name to Windows, or none: with `:`, which drives and streams have, with dots and blanks at the end, which it
 * ignores, and the names of its devices. `GIT~1` is how it calls `.git` in eight characters.
 */
const NEVER_ON_WINDOWS =
  /:|[. ]$|^[^.]{1,6}~\d{1,6}(?:\..{0,3})?$|^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i;

/** What HFS+ leaves out when it compares names, so that `.git` can be spelled without a dot at its beginning. */
const IGNORED_BEFORE_A_DOT = /^[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]+(?=\.)/;

/**
 * Decodes one segment of a path, once, to a file name that can't be anything but a file name.
 *
 * Two kinds of file have no URL, by design: those with a control character in their name, which has no business in a log or
 * on a terminal, and those whose name is not UTF-8, since a URL is.
 *
 * @param dotfiles whether names may begin with a dot; `.` and `..` are none.
 * @param windows whether the names are for Windows. Default: whether this is Windows.
 */
export function decodeName(
  segment: string,
  dotfiles = false,
  windows: boolean = sep === '\\',
): string | NameRefusal {
  let name: string;
  try {
    // Refuses stray `%`, and UTF-8 that is overlong (%C0%AF for a slash), cut short or a surrogate.
    name = decodeURIComponent(segment);
  } catch {
    return MALFORMED;
  }
  if (name === '.' || name === '..') return HIDDEN;
  if (NEVER_IN_A_NAME.test(name) || (windows && NEVER_ON_WINDOWS.test(name))) return MALFORMED;
  // The files people forget they have: .env, .git, .htpasswd.
  if (name.replace(IGNORED_BEFORE_A_DOT, '').startsWith('.') && !dotfiles) return HIDDEN;
  if (name === '' || Buffer.byteLength(name) > MAX_NAME_OCTETS) return HIDDEN;
  return name;
}

/**
 * Splits the path of a URL (still percent-encoded, beginning with `/`) into file names. A path that ends in a slash
 * names a folder and its list ends in `''`. RFC 8615 gives `.well-known` its place at the top, so it alone may begin
 * with a dot, and only there.
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

/**
 * The real path of `names` below `root`, or `undefined` when a symbolic link leads out of it. Both are resolved at
 * each call: a root that is itself a link may be pointed at the next release while the server runs.
 *
 * @throws what the file system says when there is nothing there (`ENOENT`, `ENOTDIR`, `ELOOP`, …).
 */
export async function realPathWithinRoot(
  root: string,
  names: readonly string[],
): Promise<string | undefined> {
  const realRoot = await realpath(root);
  const real = await realpath(join(realRoot, ...names));
  return isWithin(realRoot, real) ? real : undefined;
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

/** Names as the path of a URL: everything is escaped but what RFC 3986 §3.3 lets stand (`pchar`). */
export function encodePath(names: readonly string[]): string {
  const escaped = names.map(encodeURIComponent).join('/');
  return `/${escaped.replace(/%(?:2[46BC]|3[ABD]|40)/g, (octet) => PCHAR_ESCAPES[octet]!)}`;
}
