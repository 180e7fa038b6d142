import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type OctetSource, octetStream } from '../../fetch/content/octet-source.ts';

/** Bytes from `start` on, without the one at `end`. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

type Part = Uint8Array | Stretch;

/**
 * `length` bytes of an open file from `start` on, read only as fast as they are taken. The stream owns the handle and closes
 * it however it ends: at the end, by an error, or cancelled.
 *
 * Content-Length has promised `length` by now, and nothing else may follow on the connection. So bytes that a growing file
 * has gained are left out, and a file that shrank is an error. Padding it would pass damage off as success.
 */
export function fileBody(handle: FileHandle, start: number, length: number): ReadableStream<Uint8Array> {
  return filePartsBody(handle, [{ start, end: start + length }]);
}

/** The same of several stretches of a file, with given bytes between them. */
export function filePartsBody(handle: FileHandle, parts: readonly Part[]): ReadableStream<Uint8Array> {
  return octetStream(new FileSource(handle, parts));
}

/** Up to this size, one copy costs less than many small writes. */
const MAX_COPIED_OCTETS = 64 * 1024;

/**
 * Several stretches of content in memory, with given bytes between them; `length` bytes in all. Large ones are not copied: a
 * slow client keeps nothing in memory then but the content that is there in any case.
 */
export function memoryPartsBody(
  content: Uint8Array,
  parts: readonly Part[],
  length: number,
): Uint8Array | ReadableStream<Uint8Array> {
  const pieces = parts.map((part) =>
    part instanceof Uint8Array ? part : content.subarray(part.start, part.end),
  );
  if (length <= MAX_COPIED_OCTETS) return Buffer.concat(pieces, length);
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        controller.enqueue(pieces[next++]!);
        if (next === pieces.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

const lengthOf = (part: Part): number => (part instanceof Uint8Array ? part.length : part.end - part.start);

/** A read of the file: where in the buffer the bytes go, and which ones. */
interface Read extends Stretch {
  readonly at: number;
}

class FileSource implements OctetSource {
  remaining: number;
  readonly #handle: FileHandle;
  readonly #parts: readonly Part[];
  /** The current part, and how much of it has been read. */
  #index = 0;
  #offset = 0;

  constructor(handle: FileHandle, parts: readonly Part[]) {
    this.#handle = handle;
    this.#parts = parts;
    this.remaining = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  }

  /** Fills the buffer with as many parts as it has room for: a part may have one byte, and a write each would be slow. */
  async read(buffer: Uint8Array): Promise<number> {
    const reads: Read[] = [];
    let filled = 0;
    for (let part = this.#parts[this.#index]; part !== undefined && filled < buffer.length; ) {
      const octets = Math.min(lengthOf(part) - this.#offset, buffer.length - filled);
      if (part instanceof Uint8Array) buffer.set(part.subarray(this.#offset, this.#offset + octets), filled);
      else if (octets > 0) {
        const start = part.start + this.#offset;
        reads.push({ at: filled, start, end: start + octets });
      }
      filled += octets;
      this.#offset += octets;
      if (this.#offset < lengthOf(part)) break;
      part = this.#parts[++this.#index];
      this.#offset = 0;
    }
    await this.#readAll(buffer, reads);
    this.remaining -= filled;
    return filled;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #readAll(buffer: Uint8Array, reads: readonly Read[]): Promise<void> {
    const [first] = reads;
    if (reads.length > 1) return readMany(this.#handle.fd, buffer, reads);
    for (let { at, start, end } = first ?? NOTHING; start < end; ) {
      const { bytesRead } = await this.#handle.read(buffer, at, end - start, start);
      if (bytesRead === 0) throw shrunk();
      at += bytesRead;
      start += bytesRead;
    }
  }
}

const NOTHING: Read = { at: 0, start: 0, end: 0 };

const shrunk = (): Error => new Error('The file shrank while it was being sent.');

/** Reads all at once, without a promise for each: the thread pool reads four of them at a time. */
function readMany(fd: number, buffer: Uint8Array, reads: readonly Read[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending = reads.length;
    let failure: Error | undefined;
    // It waits for all of them in any case: the others still write into the buffer.
    const onEnd = (error: Error | undefined) => {
      failure ??= error;
      if (--pending > 0) return;
      if (failure === undefined) resolve();
      else reject(failure);
    };
    for (const each of reads) readFully(fd, buffer, each, onEnd);
  });
}

function readFully(
  fd: number,
  buffer: Uint8Array,
  { at, start, end }: Read,
  onEnd: (error?: Error) => void,
): void {
  read(fd, buffer, at, end - start, start, (error, octets) => {
    if (error !== null) onEnd(error);
    else if (octets === 0) onEnd(shrunk());
    else if (octets === end - start) onEnd();
    else readFully(fd, buffer, { at: at + octets, start: start + octets, end }, onEnd);
  });
}
