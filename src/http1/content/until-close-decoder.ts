/** Content that ends where the connection ends (RFC 9112 §6.3 item 8). The caller sees that end, this decoder does not. */

import { CONTENT, NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { NO_FIELDS } from '../../semantics/field-section.ts';
import type { SectionLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import type { ContentDecoder } from './content-decoder.ts';

export class UntilCloseDecoder implements ContentDecoder {
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  readonly trailers = NO_FIELDS;
  readonly rejection = REJECTIONS.ContentTooLarge;
  readonly remaining = Number.POSITIVE_INFINITY;

  #octets = 0;
  readonly #limits: SectionLimits;

  constructor(limits: SectionLimits) {
    this.#limits = limits;
  }

  rebase(by: number): void {
    this.at -= by;
  }

  decode(_octets: Uint8Array, end: number): number {
    if (this.at === end) return NEED_OCTETS;
    const room = this.#limits.content === 0 ? Infinity : this.#limits.content - this.#octets;
    // The content within the limit is returned first, wherever the input is split.
    if (room === 0) return REJECTED;
    this.dataStart = this.at;
    this.dataEnd = Math.min(end, this.at + room);
    this.#octets += this.dataEnd - this.dataStart;
    this.at = this.dataEnd;
    return CONTENT;
  }
}
