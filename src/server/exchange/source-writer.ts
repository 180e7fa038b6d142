/**
 * Sends content that is read into a buffer (`octet-source.ts`): one buffer a response, read into again when the socket has
 * taken what was in it. A slow client slows the reading, and what waits for it is that buffer.
 */
import { Buffer } from 'node:buffer';
import { protocolError } from '../../fetch/errors.ts';
import type { OctetSource } from '../../fetch/octet-source.ts';
import { reportFault } from '../diagnostics.ts';
import type { Exchange } from './exchange.ts';
import type { OpenResponse } from './response-writer.ts';

/** 64 KiB: 1.2 GB/s, 256 KiB: 1.9, 1 MiB: 2.1 on loopback; the kernel takes no more than 2 or so at once anyway. */
const BUFFER_OCTETS = 256 * 1024;

/** Buffers that nobody uses, for the next: to make one costs as much as to fill it. */
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
    const { driver } = this.#exchange;
    const { outbound } = driver;
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_OCTETS);
    try {
      const encoder = driver.connection.contentEncoder();
      while (this.#source.remaining > 0) {
        const octets = await this.#source.read(buffer);
        if (this.#exchange.isAborted) return;
        outbound.text(encoder.before(octets));
        const taken = outbound.lend(buffer.subarray(0, octets));
        outbound.text(encoder.after);
        driver.afterOutput();
        await taken;
        if (this.#exchange.isAborted) return;
      }
      outbound.text(encoder.end());
      driver.connection.endResponse();
      this.#exchange.onResponseEnd();
    } catch (error) {
      this.#fail(error);
    } finally {
      if (spare.length < MOST_SPARE) spare.push(buffer);
      await this.#source.close().catch(() => {});
    }
  }

  /** The loop sees it when what it waits for has come, and must not be robbed of its file before. */
  cancel(): void {}

  /** As there is no way to say so, the connection breaks off (RFC 9112 §8). */
  #fail(error: unknown): void {
    if (this.#exchange.isAborted) return;
    reportFault(error, 'the body of a response');
    this.#exchange.driver.destroy(
      protocolError('ERR_HTTP_INTERNAL_ERROR', 'The response was broken off', error),
    );
  }
}
