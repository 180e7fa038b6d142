import { preparedSize } from '../../fetch/prepared.ts';
import { isBeforeWrite } from '../own-writes.ts';
import type { Representation } from '../resource/representation.ts';
import { type FileResource, REPRESENTATION_OCTETS } from '../resource/resource.ts';

/** For how long, in milliseconds, a file is sent without asking the file system whether it has changed. */
export const VALID_MS = 100;

interface Entry {
  readonly resource: FileResource;
  /** When the file system was asked, on a clock that never goes back. */
  readonly checked: number;
  /** The memory of the resource and of the content that is kept with it. */
  octets: number;
}

/**
 * The files that were found, by requested path, and the content of the small ones. Only this class decides what is kept in
 * memory. The sum is limited.
 *
 * The entry whose last check against the file system is the oldest is dropped first. Under load, that check is at most
 * {@link VALID_MS} older than the last use.
 */
export class FileCache {
  /** The one looked at last is last. */
  readonly #entries = new Map<string, Entry>();
  readonly #capacity: number;
  readonly #now: () => number;
  #octets = 0;

  /** @param capacity in bytes. */
  constructor(capacity: number, now: () => number = () => performance.now()) {
    this.#capacity = capacity;
    this.#now = now;
  }

  /** The memory in use, in bytes. */
  get octets(): number {
    return this.#octets;
  }

  /** The clock of this cache. */
  now(): number {
    return this.#now();
  }

  /** The file of this key, if it was checked recently enough to be sent without asking the file system. */
  fresh(key: string): FileResource | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#now() - entry.checked >= VALID_MS) return undefined;
    return isBeforeWrite(entry.checked) ? undefined : entry.resource;
  }

  /** The file that was found last for this key, however long ago. */
  known(key: string): FileResource | undefined {
    return this.#entries.get(key)?.resource;
  }

  /** @param checked {@link now} before the file system was asked. */
  keep(resource: FileResource, checked: number): void {
    const before = this.#entries.get(resource.key);
    this.forget(resource.key);
    const octets = before?.resource === resource ? before.octets : resource.ownOctets;
    if (octets > this.#capacity) return;
    this.#entries.set(resource.key, { resource, checked, octets });
    this.#octets += octets;
    this.#makeRoom(resource);
  }

  /**
   * Keeps the content of a representation, which `resource` gives out from now on.
   *
   * @returns false if the content is too large, or if the resource is not in the cache: then nothing is kept.
   */
  keepContent(resource: FileResource, representation: Representation, content: Buffer): boolean {
    const entry = this.#entries.get(resource.key);
    const isNew = resource.representation(representation.coding) !== representation;
    const more = preparedSize(content.length) + (isNew ? REPRESENTATION_OCTETS : 0);
    if (entry?.resource !== resource || entry.octets + more > this.#capacity) return false;
    entry.octets += more;
    this.#octets += more;
    representation.content = content;
    if (isNew) resource.addCoded(representation);
    this.#makeRoom(resource);
    return true;
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#octets -= entry.octets;
  }

  #makeRoom(without: FileResource): void {
    for (const [key, { resource }] of this.#entries) {
      if (this.#octets <= this.#capacity) return;
      if (resource !== without) this.forget(key);
    }
  }
}
