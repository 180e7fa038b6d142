/**
 * Sends content that is read into a buffer (`octet-source.ts`): one buffer for each response, read into again when the wire
 * has taken what was in it. A slow client slows the reading, and that buffer is all that waits for it.
 */
import { Buffer } from 'node:buffer';
import type { OctetSource } from '../../fetch/content/octet-source.ts';
import type { Exchange, OpenResponse } from './exchange.ts';
import { breakOff } from './stream-writer.ts';

/** 64 KiB: 1.2 GB/s, 256 KiB: 1.9, 1 MiB: 2.1 on loopback; the kernel takes no more than 2 or so at once anyway. */
const BUFFER_SIZE = 256 * 1024;

/** Unused buffers, for the next response: making one costs as much as filling it. */
const spare: Buffer[] = [];
const MOST_SPARE = 16;

export class SourceWriter implements OpenResponse {
  readonly #exchange: Exchange;
  readonly #source: OctetSource;

  constructor(exchange: Exchange, source: OctetSource) {
    this.#exchange = exchange;
    this.#source = source;
    exchange.openResponse = this;
  }

  /** Sends the content. The head has been written. */
  async run(): Promise<void> {
    const exchange = this.#exchange;
    const { wire } = exchange;
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE);
    try {
      while (this.#source.remaining > 0) {
        const octets = await this.#source.read(buffer);
        if (exchange.isAborted) return;
        await wire.lendPiece(buffer.subarray(0, octets));
        exchange.contentSent += octets;
        if (exchange.isAborted) return;
      }
      wire.endContent(undefined);
      exchange.onResponseEnd();
    } catch (error) {
      breakOff(exchange, error);
    } finally {
      if (spare.length < MOST_SPARE) spare.push(buffer);
      await this.#source.close().catch(() => {});
    }
  }

  /** The loop sees the end after its next wait. Closing the file earlier would break the read in progress. */
  cancel(): void {}
}
