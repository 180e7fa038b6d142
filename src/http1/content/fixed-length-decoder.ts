/** Content whose length the head declares (RFC 9112 §6.2): exactly that many octets. */

import { CONTENT, CONTENT_END, NEED_OCTETS } from '../../octets/results.ts';
import { NO_FIELDS } from '../../semantics/field-section.ts';
import type { ContentDecoder } from './content-decoder.ts';

export class FixedLengthDecoder implements ContentDecoder {
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  readonly trailers = NO_FIELDS;
  readonly rejection = undefined;
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
