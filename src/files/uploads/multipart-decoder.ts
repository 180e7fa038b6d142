/**
 * multipart/form-data (RFC 7578, RFC 2046 §5.1), as it arrives: octets in, parts out, and no octet of a part is kept.
 *
 * Strict, as the decoders of the engine are: one way to end a line, no folded fields, and a body that ends before its
 * closing delimiter is an error and not a short file.
 */
import { FieldSectionScanner } from '../../http1/head/field-section-scanner.ts';
import { REJECTIONS } from '../../http1/rejections.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import { parseParameters } from './form-data-fields.ts';

// What `MultipartDecoder.next` answers, besides NEED_OCTETS and REJECTED, whose `failure` tells why.
/** A part begins: `part`. */
export const PART = 1;
/** Some of its content: `content`, valid until the next `push`. */
export const CONTENT = 2;
/** The part is complete. */
export const PART_END = 3;
/** The closing delimiter has been read. What follows is an epilogue and means nothing (RFC 2046 §5.1.1). */
export const END = 4;

export interface Part {
  /** The name of the form's field. */
  readonly name: string;
  /** `undefined` for a field that is no file. Whatever the client sent: neither a path nor safe. */
  readonly fileName: string | undefined;
}

export type MultipartFailure = 'malformed' | 'too-many-parts';

export interface MultipartLimits {
  /** Octets of the fields of one part, and of what stands before the first delimiter. */
  readonly octets: number;
  /** Field lines of one part. */
  readonly lines: number;
  readonly parts: number;
}

export const MULTIPART_LIMITS: MultipartLimits = { octets: 8192, lines: 16, parts: 1000 };

const CR = 0x0d;
const LF = 0x0a;
const DASH = 0x2d;

type State = 'preamble' | 'delimiter' | 'fields' | 'content-start' | 'content' | 'end' | 'failed';

export class MultipartDecoder {
  part: Part = { name: '', fileName: undefined };
  content: Uint8Array = NO_OCTETS;
  failure: MultipartFailure = 'malformed';

  /** CRLF, two dashes, the boundary (RFC 2046 §5.1.1). */
  readonly #delimiter: Buffer;
  readonly #limits: MultipartLimits;
  readonly #fields: FieldSectionScanner;
  #state: State = 'preamble';
  /** The first delimiter has no CRLF before it when nothing else is before it, so that one is made up. */
  #octets: Buffer = Buffer.from('\r\n');
  #at = 0;
  #parts = 0;

  constructor(boundary: string, limits = MULTIPART_LIMITS) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#limits = limits;
    this.#fields = new FieldSectionScanner({
      octets: limits.octets,
      lines: limits.lines,
      tooLarge: REJECTIONS.FieldSectionTooLarge,
    });
  }

  /** Takes octets, which must not change until NEED_OCTETS is answered again. */
  push(octets: Uint8Array): void {
    const chunk = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    const left = this.#octets.subarray(this.#at);
    // What is left is the beginning of a delimiter or of fields: little, and in an upload nearly always nothing.
    this.#octets = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    this.#at = 0;
  }

  next(): number {
    switch (this.#state) {
      case 'preamble':
        return this.#findFirstDelimiter();
      case 'delimiter':
        return this.#endDelimiter();
      case 'fields':
        return this.#readFields();
      case 'content-start':
        return this.#beginContent();
      case 'content':
        return this.#readContent();
      case 'end':
        this.#at = this.#octets.length;
        return END;
      case 'failed':
        return REJECTED;
    }
  }

  #findFirstDelimiter(): number {
    const found = this.#octets.indexOf(this.#delimiter);
    if ((found < 0 ? this.#octets.length : found) > this.#limits.octets) return this.#fail('malformed');
    if (found < 0) return NEED_OCTETS;
    this.#at = found + this.#delimiter.length;
    this.#state = 'delimiter';
    return this.next();
  }

  /** Behind the boundary: `--` if it was the last one, else white space (`transport-padding`) and CRLF. */
  #endDelimiter(): number {
    const octets = this.#octets;
    let at = this.#at;
    if (octets[at] === DASH) {
      if (at + 1 === octets.length) return NEED_OCTETS;
      if (octets[at + 1] !== DASH) return this.#fail('malformed');
      this.#state = 'end';
      return this.next();
    }
    // Stricter than the grammar: padding is for mail that is passed on, and nobody sends it.
    if (at === octets.length) return NEED_OCTETS;
    if (octets[at++] !== CR) return this.#fail('malformed');
    if (at === octets.length) return NEED_OCTETS;
    if (octets[at++] !== LF) return this.#fail('malformed');
    if (++this.#parts > this.#limits.parts) return this.#fail('too-many-parts');
    this.#octets = octets.subarray(at);
    this.#at = 0;
    this.#fields.begin(0);
    this.#state = 'fields';
    return this.next();
  }

  #readFields(): number {
    const end = this.#fields.scan(this.#octets, this.#octets.length);
    if (end === NEED_OCTETS) return NEED_OCTETS;
    const part = end === REJECTED ? undefined : partFrom(this.#octets, end);
    if (part === undefined) return this.#fail('malformed');
    this.part = part;
    this.#octets = this.#octets.subarray(end - 2);
    this.#state = 'content-start';
    return PART;
  }

  /** RFC 2046 §5.1.1: a part need not have content, and then the empty line behind its fields begins the delimiter. */
  #beginContent(): number {
    const seen = this.#octets.subarray(0, this.#delimiter.length);
    const isDelimiter = seen.equals(this.#delimiter.subarray(0, seen.length));
    if (isDelimiter && seen.length < this.#delimiter.length) return NEED_OCTETS;
    if (isDelimiter) return this.#endPart(0);
    this.#at = 2;
    this.#state = 'content';
    return this.next();
  }

  #readContent(): number {
    const octets = this.#octets;
    const found = octets.indexOf(this.#delimiter, this.#at);
    if (found === this.#at) return this.#endPart(found);
    const end = found < 0 ? this.#certainEnd() : found;
    if (end === this.#at) return NEED_OCTETS;
    this.content = octets.subarray(this.#at, end);
    this.#at = end;
    return CONTENT;
  }

  /** Up to where it is certain that no delimiter has begun. A delimiter has one CR, so only the last one can begin it. */
  #certainEnd(): number {
    const octets = this.#octets;
    const last = octets.lastIndexOf(CR);
    if (last < this.#at || octets.length - last >= this.#delimiter.length) return octets.length;
    const begun = octets.subarray(last);
    return begun.equals(this.#delimiter.subarray(0, begun.length)) ? last : octets.length;
  }

  #endPart(delimiterAt: number): number {
    this.#at = delimiterAt + this.#delimiter.length;
    this.#state = 'delimiter';
    return PART_END;
  }

  #fail(failure: MultipartFailure): number {
    this.failure = failure;
    this.#state = 'failed';
    return REJECTED;
  }
}

/** What the fields of a part say of it (RFC 7578 §4.2), or `undefined` if that is not what form-data says. */
function partFrom(octets: Buffer, end: number): Part | undefined {
  const fields = new FieldSection(octets.toString('latin1', 0, end));
  const disposition = utf8(fields.get('content-disposition'));
  const encoding = fields.get('content-transfer-encoding');
  // RFC 7578 §4.7: not to be sent. Content in base64 would be stored as it stands there, and that is not the file.
  if (encoding !== null && !/^(7bit|8bit|binary)$/i.test(encoding)) return undefined;
  const { value, parameters } = parseParameters(disposition ?? '') ?? {};
  const name = parameters?.get('name');
  // RFC 7578 §4.2: `filename*` is not to be sent. A file would pass for a field, and be lost.
  if (value !== 'form-data' || name === undefined || parameters?.has('filename*')) return undefined;
  // Of what browsers escape (HTML, "multipart form data"), the quote is all that a name of a file may hold.
  return { name, fileName: parameters?.get('filename')?.replaceAll('%22', '"') };
}

/** RFC 7578 §5.1: names are in UTF-8. */
function utf8(field: string | null): string | undefined {
  if (field === null) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(field, 'latin1'));
  } catch {
    return undefined;
  }
}
