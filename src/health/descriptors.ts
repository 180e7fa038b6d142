/**
 * How many file descriptors the process has open, and how many it may. When there is none left, the system does not let it
 * accept connections, and most runtimes say nothing: this is where it can be seen coming.
 */
import { readdir } from 'node:fs/promises';
import { descriptorLimit } from '../io/descriptor-limit.ts';

export interface DescriptorCounts {
  readonly open: number;
  readonly max: number;
}

export class Descriptors {
  readonly #max = descriptorLimit();

  /** `undefined` where the system does not tell. */
  async count(): Promise<DescriptorCounts | undefined> {
    if (this.#max === Infinity) return undefined;
    try {
      // One of them is the folder itself.
      return { open: (await readdir('/proc/self/fd')).length - 1, max: this.#max };
    } catch (error) {
      const isOut = (error as { code?: unknown }).code === 'EMFILE';
      return isOut ? { open: this.#max, max: this.#max } : undefined;
    }
  }
}
