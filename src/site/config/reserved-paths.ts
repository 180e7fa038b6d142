/** Files and folders that clients can neither read nor write, wherever they are: the config file, private keys. */
import type { IsReserved } from '../../files/options.ts';
import { foldedPath, isConfigFile, realPathOf } from './config-file.ts';

export interface ReservedPaths {
  /** They do not have to exist. */
  readonly files?: readonly string[];
  /** With everything in them. */
  readonly folders?: readonly string[];
}

export function isReservedPath({ files = [], folders = [] }: ReservedPaths): IsReserved {
  const isFile = files.map(isConfigFile);
  const inFolder = folders.map((folder) => `${foldedPath(realPathOf(folder) ?? folder)}/`);
  return (path, identity) => {
    if (isFile.some((isOne) => isOne(path, identity))) return true;
    if (inFolder.length === 0) return false;
    const folded = `${foldedPath(path)}/`;
    return inFolder.some((folder) => folded.startsWith(folder));
  };
}
