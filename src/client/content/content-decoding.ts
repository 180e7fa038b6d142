/**
 * Undoes content codings while the content is read. What a few octets can expand to is bounded twice: by how much there may
 * be at all, and by the ratio of what comes out to what goes in, so that a bomb is noticed when its first megabytes burst.
 */
import type { Transform } from 'node:stream';
import { clientError } from '../errors.ts';

/** Octets that may come out before the ratio is looked at: short content can be a thousandth of what it stands for. */
const FREE_OCTETS = 4 * 1024 * 1024;

export interface DecodingLimits {
  /** 0 is no bound. */
  readonly maxResponseSize: number;
  /** 0 is no bound. */
  readonly maxDecodingRatio: number;
}

/**
 * The content decoded. Nothing is read from `coded` before somebody reads here.
 *
 * @param decoders made when they are needed, the first to be applied first.
 */
export function decodedStream(
  coded: ReadableStream<Uint8Array>,
  decoders: readonly (() => Transform)[],
  limits: DecodingLimits,
): ReadableStream<Uint8Array> {
  return new ReadableStream(new DecodedSource(coded, decoders, limits), { highWaterMark: 0 });
}

class DecodedSource {
  readonly #coded: ReadableStreamDefaultReader<Uint8Array>;
  readonly #make: readonly (() => Transform)[];
  readonly #limits: DecodingLimits;
  #chain: Transform[] | undefined;
  #received = 0;
  #given = 0;
  #failure: { readonly error: unknown } | undefined;
  /** Whether the chain has been given something that it has not taken in. */
  #isFeeding = false;
  #hasEnded = false;
  #isCancelled = false;
  #wake: () => void = () => {};

  constructor(coded: ReadableStream<Uint8Array>, make: readonly (() => Transform)[], limits: DecodingLimits) {
    this.#coded = coded.getReader();
    this.#make = make;
    this.#limits = limits;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      // Content of no octets is no coded content, and a reader of it wants none: HEAD's, or a server's that has none to send.
      if (this.#chain === undefined) {
        const first = await this.#coded.read();
        if (first.done) return controller.close();
        this.#chain = this.#connect();
        this.#feed(first.value);
      }
      await this.#pullFrom(this.#chain.at(-1)!, controller);
    } catch (error) {
      this.#destroy();
      void this.#coded.cancel(error).catch(() => {});
      throw error;
    }
  }

  cancel(reason: unknown): Promise<void> {
    this.#isCancelled = true;
    this.#destroy();
    this.#wake();
    return this.#coded.cancel(reason);
  }

  async #pullFrom(last: Transform, controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    while (!this.#isCancelled) {
      if (this.#failure !== undefined) throw this.#failure.error;
      const octets: Uint8Array | null = last.read();
      if (octets !== null) {
        this.#count(octets.length);
        return controller.enqueue(octets);
      }
      if (last.readableEnded) return controller.close();
      if (this.#isFeeding || this.#hasEnded) await this.#somethingNew();
      else await this.#feedNext();
    }
  }

  async #feedNext(): Promise<void> {
    const { done, value } = await this.#coded.read();
    if (this.#isCancelled) return;
    if (done) {
      this.#hasEnded = true;
      this.#chain![0]!.end();
    } else this.#feed(value);
  }

  #feed(octets: Uint8Array): void {
    this.#received += octets.length;
    this.#isFeeding = true;
    this.#chain![0]!.write(octets, () => {
      this.#isFeeding = false;
      this.#wake();
    });
  }

  #count(octets: number): void {
    const { maxResponseSize, maxDecodingRatio } = this.#limits;
    this.#given += octets;
    if (maxResponseSize > 0 && this.#given > maxResponseSize)
      throw clientError(
        'ERR_HTTP_CONTENT_TOO_LARGE',
        'The response decodes to more content than the client takes',
      );
    const isBomb = this.#given > FREE_OCTETS && this.#given > this.#received * maxDecodingRatio;
    if (maxDecodingRatio > 0 && isBomb) {
      const message = `The content decodes to more than ${maxDecodingRatio} times its size`;
      throw clientError('ERR_HTTP_CONTENT_CODING', message);
    }
  }

  #connect(): Transform[] {
    const chain = this.#make.map((make) => make());
    for (const [index, decoder] of chain.entries()) {
      decoder.on('error', (error) => {
        const message = 'The content is not in the coding that Content-Encoding says (RFC 9110 §8.4)';
        this.#failure ??= { error: clientError('ERR_HTTP_CONTENT_CODING', message, error) };
        this.#wake();
      });
      const next = chain[index + 1];
      if (next !== undefined) decoder.pipe(next);
    }
    const last = chain.at(-1)!;
    last.on('readable', () => this.#wake());
    last.on('end', () => this.#wake());
    return chain;
  }

  #destroy(): void {
    for (const decoder of this.#chain ?? []) decoder.destroy();
  }

  /** Until the chain has taken its input in, has output, has ended or has failed. */
  #somethingNew(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
