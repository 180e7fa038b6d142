/**
 * The memory for output. All connections of a thread share it, so a connection without output holds none. Memory is used again,
 * because allocating 64 KiB takes longer than filling them.
 */
import type { Runtime } from '../octets/runtime.ts';

const LEAST_OCTETS = 16 * 1024;
const MOST_OCTETS = 1024 * 1024;
const MOST_SPARE = 16;
/** A smaller output is copied, and its memory is free at once. A larger one keeps its memory until it is given back. */
const MOST_COPIED = 4 * 1024;

export class OutputMemory implements Runtime {
  readonly latin1: Runtime['latin1'];
  readonly writeLatin1: Runtime['writeLatin1'];
  readonly #spare: Uint8Array[] = [];
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    this.latin1 = runtime.latin1;
    this.writeLatin1 = runtime.writeLatin1;
    this.allocate = this.allocate.bind(this);
  }

  allocate(length: number): Uint8Array {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.length >= length) return spare;
    return this.#runtime.allocate(Math.max(length, LEAST_OCTETS));
  }

  /** Allocates octets that are not used again. */
  own(length: number): Uint8Array {
    return this.#runtime.allocate(length);
  }

  /** @returns the first `length` octets of `memory`: a copy of them if they are few. */
  output(memory: Uint8Array, length: number): Uint8Array {
    if (length > MOST_COPIED) return memory.subarray(0, length);
    const copy = this.#runtime.allocate(length);
    copy.set(memory.subarray(0, length));
    this.giveBack(memory);
    return copy;
  }

  /** Whether an output of this length is a view, not a copy. */
  isLent(length: number): boolean {
    return length > MOST_COPIED;
  }

  giveBack(memory: Uint8Array): void {
    if (memory.length <= MOST_OCTETS && this.#spare.length < MOST_SPARE) this.#spare.push(memory);
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
