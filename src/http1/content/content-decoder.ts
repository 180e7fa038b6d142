/** What a decoder of content does: it removes the framing, and stops at each piece (RFC 9112 §6.3). */
import type { Rejection } from '../../octets/rejection.ts';
import type { FieldSection } from '../../semantics/field-section.ts';

export interface ContentDecoder {
  /** The offset behind the decoded octets. */
  at: number;
  /** After CONTENT: the offsets of the piece. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** After CONTENT_END: the trailer section. Only chunked content can have one (RFC 9112 §7.1.2). */
  readonly trailers: FieldSection;
  /** After REJECTED: why. */
  readonly rejection: Rejection | undefined;
  /** Bytes of content that have not been decoded; Infinity if the head does not say how many follow. */
  readonly remaining: number;
  /** Adjusts the offsets after the first `by` octets of the buffer have been dropped. */
  rebase(by: number): void;
  /** Continues at `at`. @returns CONTENT, CONTENT_END, NEED_OCTETS or REJECTED. */
  decode(octets: Uint8Array, end: number): number;
}
