import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * The config file is not part of the site that it describes: visitors neither read it nor put it there. Returned is whether
 * a path, real but for its last name, is that of `file`, which does not have to exist.
 *
 * File systems that take upper and lower case for the same would hand out `SERVAL.JSON`; so would Windows with a dot or a
 * space at its end.
 */
export function isConfigFile(file: string): (path: string) => boolean {
  const name = folded(basename(file));
  return (path) => {
    if (folded(basename(path)) !== name) return false;
    try {
      return realpathSync(dirname(file)) === dirname(path);
    } catch {
      // There is no such folder, so nothing is in it.
      return false;
    }
  };
}

function folded(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[. ]+$/, '');
}
