import type { FileHandle } from 'node:fs/promises';
import { code, MAX_CODED_OCTETS } from '../resource/coded-content.ts';
import type { FileState } from '../resource/file-state.ts';
import { Representation } from '../resource/representation.ts';
import type { FileResource } from '../resource/resource.ts';
import type { FileCache } from './file-cache.ts';
import { type OpenFile, type Root, stateOf } from './root.ts';

/** The largest file whose octets are held in memory. Larger ones are read each time, as fast as the client takes them. */
export const MAX_HELD_OCTETS = 1024 * 1024;

/** A representation that can be sent: its octets are at hand, or in a file that is open. */
export interface Opened {
  readonly representation: Representation;
  readonly octets: Buffer | FileHandle;
}

/**
 * The octets of representations. Those of small files are read once, however many requests wait for them, and held in the
 * cache if there is room; so is what is coded.
 *
 * Each method gives `undefined` if the file is not what was found any more: look for it again.
 */
export class FileStore {
  readonly #root: Root;
  readonly #cache: FileCache;
  readonly #reading = new Map<Representation, Promise<Opened | undefined>>();
  readonly #coding = new Map<string, Promise<Opened | undefined>>();

  constructor(root: Root, cache: FileCache) {
    this.#root = root;
    this.#cache = cache;
  }

  /** Opens the form of a file in this coding, and makes it first where necessary. The caller closes the handle. */
  async open(resource: FileResource, coding: string): Promise<Opened | undefined> {
    const representation = resource.representation(coding);
    const opened =
      representation === undefined
        ? await this.#coded(resource, coding)
        : await this.#stored(resource, representation);
    if (opened === undefined) this.#cache.forget(resource.key);
    return opened;
  }

  async #stored(resource: FileResource, representation: Representation): Promise<Opened | undefined> {
    if (representation.content !== undefined) return { representation, octets: representation.content };
    if (representation.length <= MAX_HELD_OCTETS) {
      return shared(this.#reading, representation, () => this.#read(resource, representation));
    }
    const file = await this.#openAsFound(representation);
    return file && { representation: inItsState(representation, file.state), octets: file.handle };
  }

  #coded(resource: FileResource, coding: string): Promise<Opened | undefined> {
    const key = `${coding} ${resource.key} ${resource.version}`;
    return shared(this.#coding, key, () => this.#code(resource, coding));
  }

  async #read(resource: FileResource, representation: Representation): Promise<Opened | undefined> {
    const file = await this.#openAsFound(representation);
    if (file === undefined) return undefined;
    const before = inItsState(representation, file.state);
    const content = await contentOf(file);
    if (content === undefined) return undefined;
    const { octets, state } = content;
    // Read while it was being written: a state that is as new as that has a weak tag, and the next look will find another.
    if (state.version !== before.state.version) {
      return { representation: before.asOf({ ...state, size: octets.length }), octets };
    }
    if (before === representation) this.#cache.keepContent(resource, representation, octets);
    return { representation: before, octets };
  }

  async #code(resource: FileResource, coding: string): Promise<Opened | undefined> {
    const { identity, description } = resource;
    const coded = await code(coding, async () => identity.content ?? (await this.#unchanged(identity)));
    if (coded === undefined) return undefined;
    const representation = new Representation(description, coding, identity.path, identity.state, coded);
    if (coded.length >= identity.length) resource.notWorthSending(coding);
    this.#cache.keepContent(resource, representation, coded);
    return { representation, octets: coded };
  }

  /** The octets of a file, if it is in the very state in which it was found. */
  async #unchanged(representation: Representation): Promise<Buffer | undefined> {
    const file = await this.#openAsFound(representation);
    const content = file && (await contentOf(file));
    return content?.state.version === representation.state.version ? content.octets : undefined;
  }

  async #openAsFound({ path, state }: Representation): Promise<OpenFile | undefined> {
    const file = await this.#root.open(path);
    if (file === undefined || file.state.file === state.file) return file;
    await file.handle.close();
    return undefined;
  }
}

/** A file that has grown or shrunk since is still the one that was found: it is answered with as it is now. */
function inItsState(representation: Representation, state: FileState): Representation {
  return state.version === representation.state.version ? representation : representation.asOf(state);
}

/**
 * As many octets as the file had when it was opened, and its state afterwards: the same, if nothing happened to it in the
 * meantime. `undefined` if it has become shorter, or has long been too large to be read at once. Closes the file.
 */
async function contentOf({
  handle,
  state,
}: OpenFile): Promise<{ octets: Buffer; state: FileState } | undefined> {
  try {
    if (state.size > MAX_CODED_OCTETS) return undefined;
    // Not from the pool that small buffers share, all of which would be held with them.
    const octets = Buffer.allocUnsafeSlow(state.size);
    for (let position = 0; position < octets.length; ) {
      const { bytesRead } = await handle.read(octets, position, octets.length - position, position);
      if (bytesRead === 0) return undefined;
      position += bytesRead;
    }
    return { octets, state: await stateOf(handle) };
  } finally {
    await handle.close();
  }
}

/** What is under way for `key`, or else what `begin` begins. */
function shared<K, V>(underWay: Map<K, Promise<V>>, key: K, begin: () => Promise<V>): Promise<V> {
  let promise = underWay.get(key);
  if (promise === undefined) {
    promise = begin().finally(() => underWay.delete(key));
    underWay.set(key, promise);
  }
  return promise;
}
