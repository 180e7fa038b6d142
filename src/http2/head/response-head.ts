/** The head of a received response, made from the decoded fields after the checks of RFC 9113 §8.2 and §8.3.2. */
import type { HeaderField } from '../../hpack/header-field.ts';
import { parseContentLength } from '../../semantics/content-length.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import * as marks from './field-marks.ts';

const { faultOf, markField } = marks;

export class Http2ResponseHead {
  readonly status: number;
  readonly fields: FieldSection;
  /** Whether content follows the head; for a tunnel, the octets of the tunnel. */
  readonly hasContent: boolean;
  /** The value of Content-Length, or -1. */
  readonly contentLength: number;
  readonly #lines: readonly HeaderField[];

  constructor(
    status: number,
    fields: FieldSection,
    contentLength: number,
    hasContent: boolean,
    lines: readonly HeaderField[],
  ) {
    this.status = status;
    this.fields = fields;
    this.contentLength = contentLength;
    this.hasContent = hasContent;
    this.#lines = lines;
  }

  /** Interim responses come before the final one (RFC 9110 §15.2). */
  get isInterim(): boolean {
    return this.status < 200;
  }

  /** The decoded lines, `:status` included. */
  get text(): string {
    return `${this.#lines.map(({ name, value }) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }
}

/** @returns the head, or the reason why it is malformed (RFC 9113 §8.1.1). */
export function readResponseHead(
  lines: readonly HeaderField[],
  endsStream: boolean,
): Http2ResponseHead | Http2Error {
  const names: string[] = [];
  const values: string[] = [];
  let status = 0;
  let contentLength = -1;
  for (const field of lines) {
    const mark = field.mark === 0 ? markField(field) : field.mark;
    const fault = faultOf(mark);
    if (fault !== undefined) return fault;
    if (mark > marks.ORDINARY && mark < marks.HOST) {
      if (names.length > 0) return HTTP2_ERRORS.PseudoFieldLate;
      if (mark !== marks.STATUS) return HTTP2_ERRORS.PseudoFieldUnknown;
      if (status !== 0) return HTTP2_ERRORS.PseudoFieldRepeated;
      status = Number(field.value);
      continue;
    }
    if (mark === marks.CONTENT_LENGTH) {
      if (contentLength >= 0) return HTTP2_ERRORS.ContentLengthSyntax;
      contentLength = parseContentLength(field.value);
    }
    names.push(field.name);
    values.push(field.value);
  }
  if (status === 0) return HTTP2_ERRORS.PseudoFieldMissing;
  if (status === 101) return HTTP2_ERRORS.StatusSwitching;
  if (status < 200 && endsStream) return HTTP2_ERRORS.InterimWithEnd;
  return new Http2ResponseHead(status, FieldSection.of(names, values), contentLength, !endsStream, lines);
}
