/**
 * Counts the open file descriptors of the process. Without a free one it cannot accept connections, and most runtimes do not
 * report that, so these counts are the only warning.
 */
import { readdir } from 'node:fs/promises';
import { descriptorLimit } from '../io/descriptor-limit.ts';

export interface DescriptorCounts {
  readonly open: number;
  readonly max: number;
}

export class Descriptors {
  readonly #max = descriptorLimit();

  /** `undefined` on systems that do not provide the counts. */
  async count(): Promise<DescriptorCounts | undefined> {
    if (this.#max === Infinity) return undefined;
    try {
      // One of the entries is the open folder itself.
      return { open: (await readdir('/proc/self/fd')).length - 1, max: this.#max };
    } catch (error) {
      const isOut = (error as { code?: unknown }).code === 'EMFILE';
      return isOut ? { open: this.#max, max: this.#max } : undefined;
    }
  }
}
