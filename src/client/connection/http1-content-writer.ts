/** Writes the content of a request in the framing of HTTP/1.1 (RFC 9112 §6). */
import type { ContentEncoder } from '../../http1/content/content-encoder.ts';
import type { Outbound } from '../../io/outbound.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';
import type { ContentWriter } from './wire.ts';

export class Http1ContentWriter implements ContentWriter {
  readonly #encoder: ContentEncoder;
  readonly #outbound: Outbound;

  constructor(encoder: ContentEncoder, outbound: Outbound) {
    this.#encoder = encoder;
    this.#outbound = outbound;
  }

  get isBlocked(): boolean {
    return this.#outbound.isBlocked;
  }

  drained(): Promise<void> {
    return this.#outbound.drained();
  }

  piece(content: string | Uint8Array): void {
    const outbound = this.#outbound;
    outbound.text(this.#encoder.before(content.length));
    if (typeof content === 'string') outbound.text(content);
    else outbound.octets(content);
    outbound.text(this.#encoder.after);
  }

  whole(content: string | Uint8Array): void {
    if (content.length > 0) this.piece(content);
    this.end(undefined);
  }

  end(trailers: FieldLines | undefined): void {
    this.#outbound.text(this.#encoder.end(trailers?.lines));
  }
}
