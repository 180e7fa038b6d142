/** Content whose length the head has declared (RFC 9112 §6.2): that many octets, no more and no less. */

import { CONTENT, CONTENT_END, NEED_OCTETS } from '../../octets/results.ts';
import { type FieldSection, NO_FIELDS } from '../../semantics/field-section.ts';

export class FixedLengthDecoder {
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  /** Only chunked content has a trailer section (RFC 9112 §7.1.2). */
  readonly trailers: FieldSection = NO_FIELDS;
  /** Octets that still have to come. */
  remaining: number;

  constructor(length: number) {
    this.remaining = length;
  }

  rebase(by: number): void {
    this.at -= by;
  }

  decode(_octets: Uint8Array, end: number): number {
    if (this.remaining === 0) return CONTENT_END;
    if (this.at === end) return NEED_OCTETS;
    this.dataStart = this.at;
    this.dataEnd = Math.min(end, this.at + this.remaining);
    this.remaining -= this.dataEnd - this.dataStart;
    this.at = this.dataEnd;
    return CONTENT;
  }
}
