/** Hashes of the contents of files, for tags that are the same on every machine. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type FileState, isSettled, type Place } from '../resource/file-state.ts';
import { Gate } from '../turns.ts';
import { type Root, stateOf } from './root.ts';

/** The largest file whose tag is made of its content, in bytes. Hashing it takes a tenth of a second. */
export const MAX_HASHED_OCTETS = 64 * 1024 * 1024;

const CHUNK_OCTETS = 256 * 1024;
/** 132 bits: two contents with one hash are not found by chance. */
const HASH_LENGTH = 22;
/** Of 100 bytes each. A file that changes gets a new one. */
const MAX_KNOWN = 10_000;

/** The hashes of at most four files are computed at once: each file takes 256 KiB, and every chunk some of the event loop. */
const gate = new Gate(4);

export class ContentHashes {
  readonly #root: Root;
  /** By the version of the file, the one computed first first. */
  readonly #known = new Map<string, string>();
  readonly #underWay = new Map<string, Promise<string | undefined>>();

  constructor(root: Root) {
    this.#root = root;
  }

  /** The place, with the hash of its content. It has none while it may change unseen, and if it is too large. */
  async hashed(place: Place): Promise<Place> {
    const { state } = place;
    if (!isSettled(state) || state.size > MAX_HASHED_OCTETS) return place;
    const hash = this.#known.get(state.version) ?? (await this.#shared(place));
    return hash === undefined ? place : { ...place, state: { ...state, hash } };
  }

  #shared(place: Place): Promise<string | undefined> {
    const { version } = place.state;
    let hash = this.#underWay.get(version);
    if (hash === undefined) {
      hash = gate.pass(() => this.#compute(place)).finally(() => this.#underWay.delete(version));
      this.#underWay.set(version, hash);
    }
    return hash;
  }

  async #compute({ path, state }: Place): Promise<string | undefined> {
    const file = await this.#root.open(path);
    if (file === undefined) return undefined;
    try {
      const hash = await hashOf(file.handle, state);
      if (hash !== undefined) this.#keep(state.version, hash);
      return hash;
    } finally {
      await file.handle.close();
    }
  }

  #keep(version: string, hash: string): void {
    if (this.#known.size === MAX_KNOWN) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(version, hash);
  }
}

/** The hash of an open file; `undefined` if the file is not in this state, or does not stay in it. */
export async function hashOf(handle: FileHandle, state: FileState): Promise<string | undefined> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK_OCTETS, state.size)));
  for (let position = 0; position < state.size; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return undefined;
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  const { version } = await stateOf(handle);
  return version === state.version ? hash.digest('base64url').slice(0, HASH_LENGTH) : undefined;
}
