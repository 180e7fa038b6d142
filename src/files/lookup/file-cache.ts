import { isBeforeWrite } from '../own-writes.ts';
import type { FileResource } from '../resource/resource.ts';

/** For how long, in milliseconds, a file is taken to be what it was when the file system was asked last. */
export const VALID_MS = 100;

interface Entry {
  readonly resource: FileResource;
  /** When the file system was asked, on a clock that never goes back. */
  readonly checked: number;
}

/**
 * Files that were found, by what they were looked for, within a number of octets. The one whose last look at the file system
 * is longest ago goes first; under load that is at most {@link VALID_MS} behind its last use.
 */
export class FileCache {
  /** The one looked at last is last. */
  readonly #entries = new Map<string, Entry>();
  readonly #capacity: number;
  readonly #now: () => number;
  #octets = 0;

  /** @param capacity in octets. */
  constructor(capacity: number, now: () => number = () => performance.now()) {
    this.#capacity = capacity;
    this.#now = now;
  }

  /** What is held, in octets. */
  get octets(): number {
    return this.#octets;
  }

  /** The clock of this cache. */
  now(): number {
    return this.#now();
  }

  /** What may be answered with, without asking the file system. */
  fresh(key: string): FileResource | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#now() - entry.checked >= VALID_MS) return undefined;
    return isBeforeWrite(entry.checked) ? undefined : entry.resource;
  }

  /** What was found the last time, however long ago. */
  known(key: string): FileResource | undefined {
    return this.#entries.get(key)?.resource;
  }

  /** @param checked {@link now} before the file system was asked. */
  keep(resource: FileResource, checked: number): void {
    this.forget(resource.key);
    if (resource.weight > this.#capacity) return;
    this.#entries.set(resource.key, { resource, checked });
    this.#octets += resource.weight;
    this.#makeRoom(resource);
  }

  /**
   * Makes room for more octets of a file.
   *
   * @returns false if they are too many altogether, or if the file is not in the cache: nobody is to hold them then.
   */
  hold(resource: FileResource, octets: number): boolean {
    if (this.known(resource.key) !== resource || resource.weight + octets > this.#capacity) return false;
    resource.weight += octets;
    this.#octets += octets;
    this.#makeRoom(resource);
    return true;
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#octets -= entry.resource.weight;
  }

  #makeRoom(without: FileResource): void {
    for (const [key, { resource }] of this.#entries) {
      if (this.#octets <= this.#capacity) return;
      if (resource !== without) this.forget(key);
    }
  }
}
