/** Frames content that is sent piece by piece, and checks that it has the length that the head declared. */

import { ContentLengthMismatch } from '../../semantics/content-length.ts';
import { CHUNK_DATA_END, LAST_CHUNK, serializeChunkSize, serializeLastChunk } from './chunked-encoder.ts';
import type { Framing } from './framing.ts';

export class ContentEncoder {
  readonly #chunked: boolean;
  /** How many octets are still to be sent, or -1 if the head declares no length. */
  #remaining: number;

  constructor(framing: Framing) {
    this.#chunked = framing.kind === 'chunked';
    this.#remaining = framing.kind === 'length' ? framing.length : -1;
  }

  /**
   * The text to write before a piece of content.
   *
   * @param octets the length of the piece, at least 1.
   * @throws {ContentLengthMismatch} if the content is longer than the head declared.
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

  /** The text to write behind a piece. */
  get after(): string {
    return this.#chunked ? CHUNK_DATA_END : '';
  }

  /**
   * The text to write behind the last piece.
   *
   * @param trailerLines field lines, each with its CRLF; only chunked content can carry them (RFC 9112 §7.1.2).
   * @throws {ContentLengthMismatch} if the content is shorter than the head declared.
   */
  end(trailerLines = ''): string {
    if (this.#remaining > 0)
      throw new ContentLengthMismatch('The content is shorter than its Content-Length');
    if (!this.#chunked) return '';
    return trailerLines === '' ? LAST_CHUNK : serializeLastChunk(trailerLines);
  }
}
