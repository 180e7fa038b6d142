import type { FileHandle } from 'node:fs/promises';
import { type OctetSource, octetStream } from '../../fetch/octet-source.ts';

/** Octets from `start` on, `end` not included. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

type Part = Uint8Array | Stretch;

/**
 * `length` octets of an open file from `start` on, read only as fast as they are taken. The stream owns the handle and
 * closes it however it ends: at the end, by an error, or cancelled.
 *
 * `length` has been promised in Content-Length by now, and nothing else may follow it on the connection: what a growing
 * file has gained is left out, and a file that shrank is an error. Padding it would pass damage off as success.
 */
export function fileBody(handle: FileHandle, start: number, length: number): ReadableStream<Uint8Array> {
  return filePartsBody(handle, [{ start, end: start + length }]);
}

/** The same of several stretches of a file, with octets that are given between them. */
export function filePartsBody(handle: FileHandle, parts: readonly Part[]): ReadableStream<Uint8Array> {
  return octetStream(new FileSource(handle, parts));
}

const lengthOf = (part: Part): number => (part instanceof Uint8Array ? part.length : part.end - part.start);

class FileSource implements OctetSource {
  remaining: number;
  readonly #handle: FileHandle;
  readonly #parts: readonly Part[];
  /** Which part comes next, and how much of it has been read. */
  #index = 0;
  #offset = 0;

  constructor(handle: FileHandle, parts: readonly Part[]) {
    this.#handle = handle;
    this.#parts = parts;
    this.remaining = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  }

  async read(buffer: Uint8Array): Promise<number> {
    while (this.#offset === lengthOf(this.#parts[this.#index]!)) {
      this.#index++;
      this.#offset = 0;
    }
    const part = this.#parts[this.#index]!;
    const octets =
      part instanceof Uint8Array
        ? copyInto(buffer, part, this.#offset)
        : await this.#readInto(buffer, part.start + this.#offset, part.end);
    this.#offset += octets;
    this.remaining -= octets;
    return octets;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readInto(buffer: Uint8Array, position: number, end: number): Promise<number> {
    const most = Math.min(buffer.length, end - position);
    const { bytesRead } = await this.#handle.read(buffer, 0, most, position);
    if (bytesRead === 0) throw new Error('The file shrank while it was being sent.');
    return bytesRead;
  }
}

function copyInto(buffer: Uint8Array, octets: Uint8Array, offset: number): number {
  const piece = octets.subarray(offset, offset + buffer.length);
  buffer.set(piece);
  return piece.length;
}
