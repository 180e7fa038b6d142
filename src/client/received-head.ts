/** The head of a response, as far as HTTP/1.1 and HTTP/2 have it in common. */
import type { FieldSection } from '../semantics/field-section.ts';

export interface ResponseFacts {
  readonly status: number;
  readonly fields: FieldSection;
  /** The reason phrase of HTTP/1. HTTP/2 has none (RFC 9113 §8.3.2). */
  readonly reason?: string;
  /** The minor version of HTTP/1; `undefined` for HTTP/2. */
  readonly minor?: number;
}

export interface ReceivedHead extends ResponseFacts {
  /** HTTP/1: the octets as received, one character each. HTTP/2: the decoded lines, each with CRLF, and an empty line. */
  readonly text: string;
}
