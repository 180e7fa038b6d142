/**
 * The memory that outputs are made in. All connections of a thread share it: one that has nothing to send holds none, and memory
 * that was used is used again, because to make 64 KiB anew costs more than to fill them.
 */
import type { Runtime } from '../octets/runtime.ts';

const LEAST_OCTETS = 16 * 1024;
const MOST_OCTETS = 1024 * 1024;
const MOST_SPARE = 16;
/** Octets of an output that is copied out of its memory. A larger one keeps it until it is given back. */
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

  /** Octets for somebody to keep. */
  own(length: number): Uint8Array {
    return this.#runtime.allocate(length);
  }

  /** The first `length` octets of `memory`, as an output that belongs to nobody else. Small ones are a copy. */
  output(memory: Uint8Array, length: number): Uint8Array {
    if (length > MOST_COPIED) return memory.subarray(0, length);
    const copy = this.#runtime.allocate(length);
    copy.set(memory.subarray(0, length));
    this.giveBack(memory);
    return copy;
  }

  /** Whether `output` has left the memory to whoever takes the output. */
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
