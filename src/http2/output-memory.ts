/**
 * The memory for output. All connections of a thread share it, so a connection without output holds none. Memory is used again,
 * because allocating 64 KiB takes longer than filling them, and because it is garbage afterwards.
 */
import type { Runtime } from '../octets/runtime.ts';

/** The sizes that are used again: a short output, a usual one, and the largest that is taken at once. */
const SIZES = [16 * 1024, 64 * 1024, 288 * 1024];
/** Of each size. */
const MOST_SPARE = 16;
/** A smaller output is copied, and its memory is free at once. A larger one keeps its memory until it has been written. */
const MOST_COPIED = 4 * 1024;

export class OutputMemory implements Runtime {
  readonly latin1: Runtime['latin1'];
  readonly writeLatin1: Runtime['writeLatin1'];
  readonly #spare = new Map<number, Uint8Array[]>(SIZES.map((size) => [size, []]));
  /** The outputs that are views, each with its memory. */
  readonly #lent = new WeakMap<Uint8Array, Uint8Array>();
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.latin1 = runtime.latin1;
    this.writeLatin1 = runtime.writeLatin1;
  }

  /** @returns memory of at least this length. */
  allocate(length: number): Uint8Array {
    const size = SIZES.find((size) => size >= length);
    if (size === undefined) return this.#runtime.allocate(length);
    return this.#spare.get(size)!.pop() ?? this.#runtime.allocate(size);
  }

  /** Takes memory back that nothing uses any more. */
  free(memory: Uint8Array): void {
    const spare = this.#spare.get(memory.length);
    if (spare !== undefined && spare.length < MOST_SPARE) spare.push(memory);
  }

  /** Allocates octets that are not used again. */
  own(length: number): Uint8Array {
    return this.#runtime.allocate(length);
  }

  /** @returns the first `length` octets of `memory`: a copy of them if they are few, otherwise a view. */
  output(memory: Uint8Array, length: number): Uint8Array {
    if (length > MOST_COPIED) {
      const view = memory.subarray(0, length);
      this.#lent.set(view, memory);
      return view;
    }
    const copy = this.#runtime.allocate(length);
    copy.set(memory.subarray(0, length));
    this.free(memory);
    return copy;
  }

  /** Whether the output is a view on memory that is to be used again. */
  isLent(output: Uint8Array): boolean {
    return this.#lent.has(output);
  }

  /** The output has been written. */
  reuse(output: Uint8Array): void {
    const memory = this.#lent.get(output);
    if (memory === undefined) return;
    this.#lent.delete(output);
    this.free(memory);
  }
}

const memories = new WeakMap<Runtime, OutputMemory>();

export function outputMemoryOf(runtime: Runtime): OutputMemory {
  let memory = memories.get(runtime);
  if (memory === undefined) {
    memory = new OutputMemory(runtime);
    memories.set(runtime, memory);
  }
  return memory;
}
