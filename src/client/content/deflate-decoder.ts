/**
 * Decodes the content coding `deflate`. By RFC 9110 §8.4.1.2 that is the zlib format, but some servers send the deflate data
 * without it, and the same section warns recipients of them. The first octet tells which of the two it is.
 */
import { Transform, type TransformCallback } from 'node:stream';
import { createInflate, createInflateRaw } from 'node:zlib';

/** RFC 1950 §2.2: the compression method of deflate, in the lower half of the first octet. */
const DEFLATE = 8;

export class DeflateDecoder extends Transform {
  #inflate: Transform | undefined;

  override _transform(octets: Uint8Array, _encoding: string, callback: TransformCallback): void {
    this.#inflate ??= this.#begin(octets[0]!);
    this.#inflate.write(octets, callback);
  }

  override _flush(callback: TransformCallback): void {
    if (this.#inflate === undefined) return callback();
    this.#inflate.once('end', callback);
    this.#inflate.end();
  }

  override _read(size: number): void {
    this.#inflate?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#inflate?.destroy();
    callback(error);
  }

  #begin(firstOctet: number): Transform {
    // Deflate data has this bit pattern only if it begins with a stored block and bits that are not 0 after it.
    const inflate = (firstOctet & 0x0f) === DEFLATE ? createInflate() : createInflateRaw();
    inflate.on('data', (octets: Uint8Array) => {
      if (!this.push(octets)) inflate.pause();
    });
    inflate.on('error', (error) => this.destroy(error));
    return inflate;
  }
}
