/**
 * A new file can change what other paths answer, although it replaces nothing: `about` comes before `about.html` where URLs
 * are clean, `404.html` goes with every 404, and a page takes a route from a single-page application. An upload that may not
 * replace files may not do that either.
 */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { foldedName } from '../lookup/folded-name.ts';
import type { HeldFolder } from '../lookup/held-folder.ts';
import type { FilesSettings } from '../options.ts';

type Kind = 'file' | 'folder' | undefined;

const PAGE = /\.(?:x?html?|xht)$/;
const PRECOMPRESSED = /\.(?:br|zst|gz)$/;

/**
 * Whether a new file of this name would change what another path of the site answers.
 *
 * An `index.html` is not counted in a folder that shows a listing: the listing is not a file.
 *
 * @param root the real path of the root.
 */
export async function shadowsOther(
  root: string,
  folder: HeldFolder,
  name: string,
  { spa, notFound, cleanUrls, precompressed }: FilesSettings,
): Promise<boolean> {
  const path = foldedPath(join(folder.path, name));
  const standIns = spa === undefined ? [notFound] : [notFound, spa];
  if (standIns.some((names) => foldedPath(join(root, ...names)) === path)) return true;
  const folded = foldedName(name);
  // The application answers every path that is not a file. Its routes end in names like these.
  if (spa !== undefined && (PAGE.test(folded) || !folded.includes('.'))) return true;
  if (cleanUrls) {
    if (!folded.endsWith('.html')) {
      if ((await kindOf(folder.at(`${name}.html`))) === 'file') return true;
    } else if ((await kindOf(folder.at(name.slice(0, -'.html'.length)))) === 'folder') return true;
  }
  const suffix = precompressed ? PRECOMPRESSED.exec(folded)?.[0] : undefined;
  return suffix !== undefined && (await kindOf(folder.at(name.slice(0, -suffix.length)))) === 'file';
}

const foldedPath = (path: string): string => path.split(/[/\\]/).map(foldedName).join('/');

async function kindOf(path: string): Promise<Kind> {
  try {
    const stats = await lstat(path);
    // A link may lead to a file.
    return stats.isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
}
