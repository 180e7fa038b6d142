import type { FileHandle } from 'node:fs/promises';
import { code, MAX_CODED_OCTETS } from '../resource/coded-content.ts';
import { type BUSY, CodingJob, CodingQueue } from '../resource/coding-queue.ts';
import type { FileState } from '../resource/file-state.ts';
import { Representation } from '../resource/representation.ts';
import type { FileResource } from '../resource/resource.ts';
import type { FileCache } from './file-cache.ts';
import { contentOf, type OpenFile, type Root } from './root.ts';

/** The largest file whose content is kept in memory. Larger ones are read each time, as fast as the client takes them. */
export const MAX_HELD_OCTETS = 1024 * 1024;

/** A representation that can be sent: its content is in memory, or in an open file. */
export interface Opened {
  readonly representation: Representation;
  readonly octets: Buffer | FileHandle;
}

/** All file servers of a process share its threads. */
const queue = new CodingQueue();

/**
 * The contents of representations. That of a small file is read once, however many requests wait for it, and kept in the
 * cache if there is room; so is what is coded.
 */
export class FileStore {
  readonly #root: Root;
  readonly #cache: FileCache;
  readonly #reading = new Map<Representation, Promise<Opened | undefined>>();
  readonly #coding = new Map<string, CodingJob<Opened | undefined>>();

  constructor(root: Root, cache: FileCache) {
    this.#root = root;
    this.#cache = cache;
  }

  /**
   * Opens the form of a file in this coding, and makes it first where necessary. The caller closes the handle.
   *
   * @param signal says that the client has left.
   * @returns `undefined` if the file is not the one that was found any more: look for it again. `BUSY` if there is too much to
   *   code; the forms that exist can still be opened.
   */
  async open(
    resource: FileResource,
    coding: string,
    signal: AbortSignal,
  ): Promise<Opened | undefined | typeof BUSY> {
    const representation = resource.representation(coding);
    const opened =
      representation === undefined
        ? await this.#coded(resource, coding, signal)
        : await this.#stored(resource, representation);
    if (opened === undefined) this.#cache.forget(resource.key);
    return opened;
  }

  async #stored(resource: FileResource, representation: Representation): Promise<Opened | undefined> {
    if (representation.content !== undefined) return { representation, octets: representation.content };
    if (representation.length <= MAX_HELD_OCTETS) {
      let reading = this.#reading.get(representation);
      if (reading === undefined) {
        reading = this.#read(resource, representation).finally(() => this.#reading.delete(representation));
        this.#reading.set(representation, reading);
      }
      return reading;
    }
    const file = await this.#openAsFound(representation);
    return file && { representation: inItsState(representation, file.state), octets: file.handle };
  }

  #coded(
    resource: FileResource,
    coding: string,
    signal: AbortSignal,
  ): Promise<Opened | undefined | typeof BUSY> {
    const key = `${coding} ${resource.key} ${resource.version}`;
    let job = this.#coding.get(key);
    if (job === undefined) {
      job = new CodingJob(resource.identity.length, () => this.#code(resource, coding));
      this.#coding.set(key, job);
      const forget = () => this.#coding.delete(key);
      job.result.then(forget, forget);
      queue.add(job);
    }
    return job.wait(signal);
  }

  async #read(resource: FileResource, representation: Representation): Promise<Opened | undefined> {
    const file = await this.#openAsFound(representation);
    if (file === undefined) return undefined;
    const before = inItsState(representation, file.state);
    const content = await contentOf(file, MAX_CODED_OCTETS);
    if (content === undefined) return undefined;
    const { octets, state } = content;
    // The file was written while it was read. So new a state has a weak tag, and the next look will find another state.
    if (state.version !== before.state.version) {
      return { representation: before.asOf({ ...state, size: octets.length }), octets };
    }
    if (before === representation) this.#cache.keepContent(resource, representation, octets);
    return { representation: before, octets };
  }

  async #code(resource: FileResource, coding: string): Promise<Opened | undefined> {
    const { identity, description } = resource;
    const content = identity.content ?? (await this.#unchanged(identity));
    if (content === undefined) return undefined;
    const coded = await code(coding, content);
    const representation = new Representation(description, coding, identity.path, identity.state, coded);
    if (coded.length >= identity.length) resource.notWorthSending(coding);
    this.#cache.keepContent(resource, representation, coded);
    return { representation, octets: coded };
  }

  /** The content of a file, if it is in the very state in which it was found. */
  async #unchanged(representation: Representation): Promise<Buffer | undefined> {
    const file = await this.#openAsFound(representation);
    const content = file && (await contentOf(file, MAX_CODED_OCTETS));
    return content?.state.version === representation.state.version ? content.octets : undefined;
  }

  async #openAsFound({ path, state }: Representation): Promise<OpenFile | undefined> {
    const file = await this.#root.open(path);
    if (file === undefined || file.state.file === state.file) return file;
    await file.handle.close();
    return undefined;
  }
}

/** A file that has grown or shrunk is still the one that was found: it is sent as it is now. */
function inItsState(representation: Representation, state: FileState): Representation {
  return state.version === representation.state.version ? representation : representation.asOf(state);
}
