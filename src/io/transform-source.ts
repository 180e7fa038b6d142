/**
 * Octets that go through streams of `node:zlib`, as the source of a `ReadableStream`. It holds one piece of the input and what
 * the transforms make of it. It reads nothing from the input before the stream is read.
 */
import type { Transform } from 'node:stream';

/** A stream of `node:zlib`. `flush` makes it give out everything that it has taken in. */
export interface ZlibTransform extends Transform {
  flush(kind?: number, callback?: () => void): void;
}

/**
 * The next input: octets, or `undefined` at the end. A number flushes the first transform, which has to be a `ZlibTransform`
 * then; it is one of the constants of `node:zlib`.
 */
export type TransformStep = Uint8Array | number | undefined;

export interface TransformInput {
  /**
   * Makes the transforms when the first step has come; each feeds the next. An array that is empty closes the stream without
   * content.
   */
  connect(): readonly Transform[];
  next(): Promise<TransformStep>;
  /** Nothing more will be read. */
  cancel(reason: unknown): Promise<void>;
  /** Octets have come out of the transform with this index. @throws what the reader gets instead of more content. */
  onOutput?(octets: number, index: number): void;
  /** What the reader gets for the error of a transform. Default: that error. */
  toError?(error: Error): unknown;
}

export function transformedStream(input: TransformInput): ReadableStream<Uint8Array> {
  return new ReadableStream(new TransformSource(input), { highWaterMark: 0 });
}

class TransformSource {
  readonly #input: TransformInput;
  #chain: readonly Transform[] = [];
  #failure: { readonly error: unknown } | undefined;
  /** The first transform has input that it has not taken in, or its input has ended. */
  #isFed = false;
  #isCancelled = false;
  #wake: () => void = () => {};

  constructor(input: TransformInput) {
    this.#input = input;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      await this.#pullFromChain(controller);
    } catch (error) {
      // The reader has to get the error: a stream that closed here would pass for shorter, complete content.
      this.#destroy();
      void this.#input.cancel(error).catch(() => {});
      throw error;
    }
  }

  cancel(reason: unknown): Promise<void> {
    this.#isCancelled = true;
    this.#destroy();
    this.#wake();
    return this.#input.cancel(reason);
  }

  async #pullFromChain(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (!this.#isCancelled) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const last = this.#chain.at(-1);
      const octets: Uint8Array | null = last?.read() ?? null;
      if (octets !== null) {
        this.#input.onOutput?.(octets.length, this.#chain.length - 1);
        return controller.enqueue(octets);
      }
      if (last?.readableEnded) return controller.close();
      if (this.#isFed) await this.#somethingNew();
      else if (!(await this.#feed())) return controller.close();
    }
  }

  /** @returns false if there is nothing to transform. */
  async #feed(): Promise<boolean> {
    const step = await this.#input.next();
    if (this.#isCancelled) return true;
    if (this.#chain.length === 0) this.#connect();
    const first = this.#chain[0];
    if (first === undefined) return false;
    this.#isFed = true;
    if (step === undefined) first.end();
    else if (typeof step === 'number') (first as ZlibTransform).flush(step, this.#onTaken);
    else first.write(step, this.#onTaken);
    return true;
  }

  readonly #onTaken = (): void => {
    this.#isFed = false;
    this.#wake();
  };

  #connect(): void {
    this.#chain = this.#input.connect();
    for (const [index, transform] of this.#chain.entries()) {
      transform.on('error', (error) => this.#fail(this.#input.toError?.(error) ?? error));
      const next = this.#chain[index + 1];
      if (next === undefined) {
        transform.on('readable', () => this.#wake());
        transform.on('end', () => this.#wake());
        return;
      }
      transform.on('data', (octets: Uint8Array) => this.#countBetween(octets.length, index));
      transform.pipe(next);
    }
  }

  /** What goes from one transform to the next counts as well: it takes time, even if nothing comes out at the end. */
  #countBetween(octets: number, index: number): void {
    try {
      this.#input.onOutput?.(octets, index);
    } catch (error) {
      this.#fail(error);
      this.#destroy();
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  #destroy(): void {
    for (const transform of this.#chain) transform.destroy();
  }

  /** Until the first transform has taken its input, or the last one has output, has ended or has failed. */
  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
