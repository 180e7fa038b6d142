/** Content of a length not known beforehand, or declared and now to be kept: what goes around each piece, as text. */

import { ContentLengthMismatch } from '../../semantics/content-length.ts';
import { CHUNK_DATA_END, LAST_CHUNK, serializeChunkSize, serializeLastChunk } from './chunked-encoder.ts';
import type { Framing } from './framing.ts';

export class ContentEncoder {
  readonly #chunked: boolean;
  /** Octets still owed, or -1 when no length was declared. */
  #remaining: number;

  constructor(framing: Framing) {
    this.#chunked = framing.kind === 'chunked';
    this.#remaining = framing.kind === 'length' ? framing.length : -1;
  }

  /**
   * What goes before a piece of so many octets, at least one.
   *
   * @throws {ContentLengthMismatch} if the piece is more than the head declared.
   */
  before(octets: number): string {
    if (this.#chunked) return serializeChunkSize(octets);
    if (this.#remaining >= 0) {
      if (octets > this.#remaining)
        throw new ContentLengthMismatch('The content is longer than its Content-Length');
      this.#remaining -= octets;
    }
    return '';
  }

  /** What goes behind a piece. */
  get after(): string {
    return this.#chunked ? CHUNK_DATA_END : '';
  }

  /**
   * What goes behind the last piece.
   *
   * @param trailerLines field lines, each with its CRLF; only chunked content can carry them (RFC 9112 §7.1.2).
   * @throws {ContentLengthMismatch} if there was less than the head declared.
   */
  end(trailerLines = ''): string {
    if (this.#remaining > 0)
      throw new ContentLengthMismatch('The content is shorter than its Content-Length');
    if (!this.#chunked) return '';
    return trailerLines === '' ? LAST_CHUNK : serializeLastChunk(trailerLines);
  }
}
