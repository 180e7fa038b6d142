/**
 * Folders with very many files. Making one takes longer than any test of it, so it is made once, in the build folder, and found
 * there by later runs. Nobody may change it; and another content needs another name.
 */
import { existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../made-once/', import.meta.url));

/** @param fill puts into a new folder what belongs there. */
export function madeOnce(name: string, fill: (folder: string) => void): string {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const made = mkdtempSync(join(FOLDER, 'making-'));
  fill(made);
  try {
    // It has its name when it is whole.
    renameSync(made, path);
  } catch (error) {
    rmSync(made, { recursive: true });
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
  return path;
}

/** @returns a folder with files `f1` to `f<total>`, all of them empty, and nothing else. */
export function crowdedFolder(total: number): string {
  return madeOnce(`empty-${total}`, (folder) => fillFolder(folder, total));
}

/** Links to a few files: they are made ten times as fast as files, and up to 65,000 to one. */
export function fillFolder(folder: string, total: number): void {
  for (let i = 1, first = ''; i <= total; i++) {
    const path = join(folder, `f${i}`);
    if (i % 60_000 === 1) {
      first = path;
      writeFileSync(path, '');
    } else linkSync(first, path);
  }
}
