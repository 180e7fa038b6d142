import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The config file must not be part of the site that it describes: visitors can neither read nor upload it.
 *
 * The returned function tests a path whose folders are resolved. It matches `file`, which need not exist, and the target of
 * `file` if that is a symbolic link. Names are compared as file systems do that ignore case (`SERVAL.JSON`), and as Windows
 * does, which ignores dots and spaces at the end.
 */
export function isConfigFile(file: string): (path: string) => boolean {
  // A listing tests many paths. Only a path with one of these names costs a system call.
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
    // The file, or a folder above it, does not exist.
    return undefined;
  }
}

function foldedName(path: string): string {
  return basename(path)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[. ]+$/, '');
}
