import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { foldedName } from '../../files/lookup/folded-name.ts';
import type { IsReserved } from '../../files/options.ts';

/**
 * The config file is not part of the site that it describes: visitors can neither read nor write it. The result is whether a
 * path, real but for its last name, is that of `file`, which does not have to exist, or of the file to which it links.
 *
 * File systems that ignore case would give out `/CONF/SERVAL.JSON` as well, and FAT has short names. So files are compared by
 * device and inode, and paths in a form that is the same for all spellings.
 */
export function isConfigFile(file: string): IsReserved {
  // A listing asks about many names, so the file system is asked only about those that could be it.
  const names = new Set([file, realPathOf(file) ?? file].map((path) => foldedName(basename(path))));
  return (path, identity) => {
    if (identity !== undefined && identity === identityOf(file)) return true;
    if (!names.has(foldedName(basename(path)))) return false;
    const folded = foldedPath(path);
    return [file, realPathInFolder(file), realPathOf(file)].some(
      (place) => place !== undefined && foldedPath(place) === folded,
    );
  };
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

export const foldedPath = (path: string): string => path.split(/[/\\]/).map(foldedName).join('/');

/** The path of a file that does not have to exist, in a folder that does. */
function realPathInFolder(file: string): string | undefined {
  const folder = realPathOf(dirname(file));
  return folder && join(folder, basename(file));
}

export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // The file, or a folder above it, does not exist.
    return undefined;
  }
}
