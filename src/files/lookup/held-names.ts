/**
 * The names that the file system holds, for those that a request asks for. exFAT, NTFS, APFS, and ext4 with `casefold` find
 * `conf` by `CONF` as well, and by other spellings of Unicode. Rules and checks are about the held name, so a request gets no
 * further by another spelling.
 *
 * Where names are compared exactly, as nearly everywhere on Linux, this costs one look at the file system for each folder
 * every ten seconds.
 */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { foldedName } from './folded-name.ts';

/** The functions of the file system that this needs. */
export interface NameSource {
  lstat(path: string): Promise<unknown>;
  readdir(path: string): Promise<string[]>;
}

/** For how long a folder is known to compare names exactly, and for how long the names in another one are kept, in ms. */
const EXACT_MS = 10_000;
const NAMES_MS = 1000;
/** Folders that are remembered. */
const MAX_EXACT = 1000;
const MAX_NAMES = 16;

interface Names {
  readonly exact: ReadonlySet<string>;
  readonly byFoldedName: ReadonlyMap<string, string>;
  readonly until: number;
}

export class HeldNames {
  readonly #source: NameSource;
  readonly #now: () => number;
  readonly #exactUntil = new Map<string, number>();
  readonly #names = new Map<string, Names>();

  constructor(source: NameSource = { lstat, readdir }, now: () => number = () => performance.now()) {
    this.#source = source;
    this.#now = now;
  }

  /**
   * The held names that lead to something that exists.
   *
   * @param root a real path.
   * @returns `undefined` if the file system finds it by a name that it does not list, such as a short name of FAT.
   * @throws the error of the file system.
   */
  async of(root: string, names: readonly string[]): Promise<readonly string[] | undefined> {
    let folder = root;
    const held: string[] = [];
    for (const name of names) {
      const heldName = name === '' ? name : await this.#heldName(folder, name);
      if (heldName === undefined) return undefined;
      held.push(heldName);
      folder = join(folder, heldName);
    }
    return held;
  }

  async #heldName(folder: string, name: string): Promise<string | undefined> {
    const now = this.#now();
    if ((this.#exactUntil.get(folder) ?? 0) > now) return name;
    const known = this.#names.get(folder);
    if (known === undefined || known.until <= now) {
      const other = inOtherCase(name);
      if (other !== undefined && !(await this.#exists(join(folder, other)))) {
        this.#setExact(folder, now);
        return name;
      }
    }
    const { exact, byFoldedName } = await this.#namesIn(folder, now);
    return exact.has(name) ? name : byFoldedName.get(foldedName(name));
  }

  async #namesIn(folder: string, now: number): Promise<Names> {
    const known = this.#names.get(folder);
    if (known !== undefined && known.until > now) return known;
    const list = await this.#source.readdir(folder);
    const names: Names = {
      exact: new Set(list),
      byFoldedName: new Map(list.map((name) => [foldedName(name), name])),
      until: now + NAMES_MS,
    };
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    this.#names.set(folder, names);
    // The name that was asked for has no letters: another one tells how the folder compares them.
    for (const name of list) {
      const other = inOtherCase(name);
      if (other === undefined || names.exact.has(other)) continue;
      if (!(await this.#exists(join(folder, other)))) this.#setExact(folder, now);
      break;
    }
    return names;
  }

  async #exists(path: string): Promise<boolean> {
    try {
      await this.#source.lstat(path);
      return true;
    } catch (error) {
      // The other name may be too long, or not one at all; then it is not held, either.
      if (
        ['ENOENT', 'ENAMETOOLONG', 'EILSEQ', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')
      ) {
        return false;
      }
      throw error;
    }
  }

  #setExact(folder: string, now: number): void {
    if (this.#exactUntil.size >= MAX_EXACT) this.#exactUntil.clear();
    this.#exactUntil.set(folder, now + EXACT_MS);
  }
}

/** The name with the case of its ASCII letters changed; `undefined` if it has none. */
function inOtherCase(name: string): string | undefined {
  const upper = name.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const other = upper === name ? name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : upper;
  return other === name ? undefined : other;
}
