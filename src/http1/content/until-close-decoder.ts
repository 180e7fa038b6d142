/** Content that ends where the connection does (RFC 9112 §6.3 item 8): whoever sees the end of it says so. */

import type { Rejection } from '../../octets/rejection.ts';
import { CONTENT, NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { type FieldSection, NO_FIELDS } from '../../semantics/field-section.ts';
import type { SectionLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';

export class UntilCloseDecoder {
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  /** Only chunked content has a trailer section (RFC 9112 §7.1.2). */
  readonly trailers: FieldSection = NO_FIELDS;
  readonly rejection: Rejection = REJECTIONS.ContentTooLarge;

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
    // What is within the bound is given out, wherever the input is cut.
    if (room === 0) return REJECTED;
    this.dataStart = this.at;
    this.dataEnd = Math.min(end, this.at + room);
    this.#octets += this.dataEnd - this.dataStart;
    this.at = this.dataEnd;
    return CONTENT;
  }
}
