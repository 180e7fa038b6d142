/**
 * Counts the open file descriptors of the process. Without a free one it cannot accept connections, and most runtimes do not
 * report that, so these counts are the only warning.
 */
import { readdir, stat } from 'node:fs/promises';
import { descriptorLimit } from '../io/descriptor-limit.ts';

export interface DescriptorCounts {
  readonly open: number;
  readonly max: number;
}

const FOLDER = '/proc/self/fd';
/** How long a count by listing the folder is reused: with 8,000 descriptors, listing takes 13 ms of CPU. */
const LISTING_MS = 10_000;

export class Descriptors {
  readonly #max: number;
  readonly #now: () => number;
  readonly #sizeOf: (path: string) => Promise<{ size: number }>;
  #listed: { at: number; open: Promise<number> } | undefined;

  /** @param sizeOf replaced in tests. */
  constructor(
    max = descriptorLimit(),
    now: () => number = () => performance.now(),
    sizeOf: (path: string) => Promise<{ size: number }> = stat,
  ) {
    this.#max = max;
    this.#now = now;
    this.#sizeOf = sizeOf;
  }

  /** `undefined` on systems that do not provide the counts. */
  async count(): Promise<DescriptorCounts | undefined> {
    if (this.#max === Infinity) return undefined;
    try {
      // The size of the folder is the number of its entries since Linux 6.2, and 0 before.
      const { size } = await this.#sizeOf(FOLDER);
      return { open: size > 0 ? size : await this.#list(), max: this.#max };
    } catch (error) {
      const isOut = (error as { code?: unknown }).code === 'EMFILE';
      return isOut ? { open: this.#max, max: this.#max } : undefined;
    }
  }

  #list(): Promise<number> {
    const now = this.#now();
    if (this.#listed === undefined || now - this.#listed.at >= LISTING_MS) {
      // One of the entries is the open folder itself.
      this.#listed = { at: now, open: readdir(FOLDER).then((names) => names.length - 1) };
    }
    return this.#listed.open;
  }
}
