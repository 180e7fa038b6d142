/** The output of a run: progress, summary, and broken invariants. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { transcript } from '../support/transcript.ts';
import type { Failure } from './broken.ts';

/** A terminal gets more frequent progress than a log. */
const PROGRESS_MS = process.stdout.isTTY ? 3_000 : 20_000;

export class Progress {
  readonly #start = performance.now();
  readonly #name: string;
  #next = PROGRESS_MS;

  constructor(name: string) {
    this.#name = name;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1_000;
  }

  /** Prints the progress, if it is due. */
  tell(executions: number, rest: string): void {
    if (this.seconds * 1_000 < this.#next) return;
    this.#next = this.seconds * 1_000 + PROGRESS_MS;
    console.log(`${this.#name}: ${this.figures(executions)}${rest}`);
  }

  figures(executions: number): string {
    const { seconds } = this;
    return `${grouped(executions)} executions in ${seconds.toFixed(1)} s, ${grouped(Math.round(executions / seconds))}/s, `;
  }
}

export function grouped(number: number): string {
  return number.toLocaleString('en-US');
}

/** Counts by name, the most frequent first. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  entries(): [name: string, count: number][] {
    return [...this.#counts];
  }

  get size(): number {
    return this.#counts.size;
  }

  table(): string {
    const rows = this.entries().sort((a, b) => b[1] - a[1]);
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, count]) => `  ${name.padEnd(width)} ${grouped(count).padStart(14)}`).join('\n');
  }
}

/** Prints the broken invariant with its message, and writes the message to a file. */
export function reportFailure(mode: string, seed: number, message: Uint8Array, failure: Failure): void {
  const file = join(process.cwd(), `fuzz-failure-${mode}-${seed}.http`);
  const kept = keep(file, message);
  console.error(`\nBROKEN: ${failure.invariant}\n${failure.detail}\n`);
  console.error(transcript([{ direction: '>', octets: message }]));
  console.error(
    `\nseed ${seed}; ${message.length} octets, as a string: ${JSON.stringify(Buffer.from(message).toString('latin1'))}`,
  );
  console.error(`written to ${kept}`);
}

function keep(file: string, message: Uint8Array): string {
  try {
    writeFileSync(file, message);
    return file;
  } catch {
    const elsewhere = join(tmpdir(), 'fuzz-failure.http');
    writeFileSync(elsewhere, message);
    return elsewhere;
  }
}
