/**
 * How many responses are coded as they are sent, at the same time. An encoder holds up to some megabytes for as long as its
 * client reads, so slow clients must not get any number of them.
 */
export class EncoderPlaces {
  #free: number;

  constructor(most: number) {
    this.#free = most;
  }

  /** `undefined` if all are taken. */
  take(): EncoderPlace | undefined {
    if (this.#free === 0) return undefined;
    this.#free--;
    return new EncoderPlace(() => {
      this.#free++;
    });
  }
}

/** One place. It is released once, however often `release` is called. */
export class EncoderPlace {
  #onRelease: (() => void) | undefined;

  constructor(onRelease: () => void) {
    this.#onRelease = onRelease;
  }

  release(): void {
    this.#onRelease?.();
    this.#onRelease = undefined;
  }

  /** A response that is dropped is neither read nor cancelled. Its place is released when its stream is collected. */
  releaseWith(stream: ReadableStream<Uint8Array>): void {
    forgotten.register(stream, this);
  }
}

const forgotten = new FinalizationRegistry<EncoderPlace>((place) => place.release());
