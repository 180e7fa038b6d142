/** Trailer sections (RFC 9113 §8.1). They have no pseudo-fields. */
import type { HeaderField } from '../../hpack/header-field.ts';
import { FieldSection, NO_FIELDS } from '../../semantics/field-section.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { HTTP2_ERRORS, type Http2Error } from '../errors.ts';
import { faultOf, markField } from './field-marks.ts';

const COLON = 0x3a;

/** @returns the section without fields that are not allowed there, or the reason why it is malformed. */
export function readTrailerSection(lines: readonly HeaderField[]): FieldSection | Http2Error {
  const names: string[] = [];
  const values: string[] = [];
  for (const field of lines) {
    if (field.name.charCodeAt(0) === COLON) return HTTP2_ERRORS.PseudoFieldInTrailers;
    const fault = faultOf(field.mark === 0 ? markField(field) : field.mark);
    if (fault !== undefined) return fault;
    if (!mayBeTrailer(field.name)) continue;
    names.push(field.name);
    values.push(field.value);
  }
  return names.length === 0 ? NO_FIELDS : FieldSection.of(names, values);
}
