import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The config file is not part of the site that it describes: visitors neither read it nor put it there. Returned is whether
 * a path, real but for its last name, is that of `file`, which does not have to exist, or of what `file` is a link to.
 *
 * File systems that take upper and lower case for the same would hand out `SERVAL.JSON`; so would Windows with a dot or a
 * space at its end.
 */
export function isConfigFile(file: string): (path: string) => boolean {
  // The file system is asked only about names that it could be: a listing looks at many.
  const names = new Set([file, realPathOf(file) ?? file].map(foldedName));
  return (path) => {
    const name = foldedName(path);
    if (!names.has(name)) return false;
    const folder = realPathOf(dirname(file));
    const places = [folder && join(folder, basename(file)), realPathOf(file)];
    return places.some(
      (place) => place !== undefined && dirname(place) === dirname(path) && foldedName(place) === name,
    );
  };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing, or a folder on the way is missing.
    return undefined;
  }
}

function foldedName(path: string): string {
  return basename(path)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[. ]+$/, '');
}
