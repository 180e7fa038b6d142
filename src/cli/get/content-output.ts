/** Where the content of a response goes. Each piece is written before the next one is read, so that memory stays flat. */
import { type FileHandle, open } from 'node:fs/promises';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { TerminalText } from './terminal-text.ts';

/** The output can't be written. */
export class WriteError extends Error {
  constructor(cause: unknown) {
    super(`the output can't be written: ${(cause as Error).message}.`);
  }
}

/** The terminal would not show the content. */
export class BinaryOutput extends Error {
  constructor() {
    super(
      'the content is binary; "--output FILE" keeps it, and "--output -" sends it to the terminal anyway.',
    );
  }
}

export interface ContentOutput {
  readonly isTerminal: boolean;
  /** @throws {WriteError | BinaryOutput} */
  write(octets: Uint8Array): Promise<void>;
  /** The content is complete. */
  end(): Promise<void>;
  /** Nothing more will be written, whatever has happened. */
  close(): Promise<void>;
}

/** @param name a file; `-` and `undefined` for standard output, which a terminal gets escaped only without a name. */
export function outputTo(name: string | undefined): ContentOutput {
  if (name !== undefined && name !== '-') return new FileOutput(name);
  const output = new StreamOutput(process.stdout);
  return process.stdout.isTTY && name === undefined ? new TerminalOutput(output) : output;
}

class FileOutput implements ContentOutput {
  readonly isTerminal = false;
  readonly #name: string;
  #file: FileHandle | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  async write(octets: Uint8Array): Promise<void> {
    try {
      this.#file ??= await open(this.#name, 'w');
      for (let at = 0; at < octets.length; )
        at += (await this.#file.write(octets, at, octets.length - at)).bytesWritten;
    } catch (error) {
      throw new WriteError(error);
    }
  }

  /** Empty content is an empty file. */
  end(): Promise<void> {
    return this.write(new Uint8Array(0));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

class StreamOutput implements ContentOutput {
  readonly isTerminal = false;
  readonly #stream: Writable;
  #error: Error | undefined;
  #onReady: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#onError).on('drain', this.#wake).on('close', this.#wake);
  }

  async write(octets: Uint8Array | string): Promise<void> {
    if (this.#error === undefined && !this.#stream.write(octets) && !this.#stream.destroyed)
      await new Promise<void>((resolve) => {
        this.#onReady = resolve;
      });
    if (this.#error !== undefined) throw new WriteError(this.#error);
  }

  async end(): Promise<void> {}

  async close(): Promise<void> {
    this.#stream.off('error', this.#onError).off('drain', this.#wake).off('close', this.#wake);
  }

  readonly #onError = (error: Error): void => {
    this.#error = error;
    this.#wake();
  };

  readonly #wake = (): void => this.#onReady?.();
}

class TerminalOutput implements ContentOutput {
  readonly isTerminal = true;
  readonly #to: StreamOutput;
  readonly #text = new TerminalText();

  constructor(to: StreamOutput) {
    this.#to = to;
  }

  async write(octets: Uint8Array): Promise<void> {
    if (octets.includes(0)) throw new BinaryOutput();
    await this.#to.write(this.#text.add(octets));
  }

  async end(): Promise<void> {
    await this.#to.write(this.#text.end());
  }

  close(): Promise<void> {
    return this.#to.close();
  }
}
