/**
 * Decodes multipart/form-data (RFC 7578, RFC 2046 §5.1) as it arrives. It keeps no content of a part.
 *
 * It is as strict as the decoders of the server: one way to end a line, no folded fields, and a body that ends before its
 * closing delimiter is an error, and not a short file.
 */
import { FieldSectionScanner } from '../../http1/head/field-section-scanner.ts';
import { REJECTIONS } from '../../http1/rejections.ts';
import { NO_OCTETS } from '../../octets/no-octets.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { FieldSection } from '../../semantics/field-section.ts';
import { decodeExtendedValue, parseParameters } from './form-data-fields.ts';

// The results of `MultipartDecoder.next`, besides NEED_OCTETS, and REJECTED, for which `failure` has the reason.
/** A part begins: `part`. */
export const PART = 1;
/** A piece of its content: `content`, valid until the next `push`. */
export const CONTENT = 2;
/** The part is complete. */
export const PART_END = 3;
/** The closing delimiter has been read. The epilogue behind it is ignored (RFC 2046 §5.1.1). */
export const END = 4;

export interface Part {
  /** The name of the form's field. */
  readonly name: string;
  /** As the client sent it, so it is not safe to use. `undefined` for a field that is no file. */
  readonly fileName: string | undefined;
}

export type MultipartFailure = 'malformed' | 'too-many-parts';

export interface MultipartLimits {
  /** Bytes of the fields of one part, and of the preamble. */
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
  /** The first delimiter has no CRLF before it if there is no preamble. This one takes its place. */
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

  /** Takes the next input. It must not change until `next` returns NEED_OCTETS again. */
  push(octets: Uint8Array): void {
    const chunk = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    const left = this.#octets.subarray(this.#at);
    // The rest is the beginning of a delimiter or of fields: short, and in an upload nearly always empty.
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

  /** Behind the boundary: `--` if it is the last one, otherwise white space (`transport-padding`) and CRLF. */
  #endDelimiter(): number {
    const octets = this.#octets;
    let at = this.#at;
    if (octets[at] === DASH) {
      if (at + 1 === octets.length) return NEED_OCTETS;
      if (octets[at + 1] !== DASH) return this.#fail('malformed');
      this.#state = 'end';
      return this.next();
    }
    // Stricter than the grammar: padding is for mail gateways, and HTTP clients do not send it.
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

  /** RFC 2046 §5.1.1: if a part has no content, the empty line behind its fields begins the delimiter. */
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

  /** The end of what is certainly content. A delimiter has one CR, so only the last one in the input can begin it. */
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

/** The part that its fields describe (RFC 7578 §4.2), or `undefined` if they are not those of form-data. */
function partFrom(octets: Buffer, end: number): Part | undefined {
  const fields = new FieldSection(octets.toString('latin1', 0, end));
  const disposition = utf8(fields.get('content-disposition'));
  const encoding = fields.get('content-transfer-encoding');
  // RFC 7578 §4.7: not to be sent. Content in base64 would be stored as it is, and that is not the file.
  if (encoding !== null && !/^(7bit|8bit|binary)$/i.test(encoding)) return undefined;
  const { value, parameters } = parseParameters(disposition ?? '') ?? {};
  const name = parameters?.get('name');
  if (value !== 'form-data' || name === undefined) return undefined;
  // Of what browsers escape (HTML, "multipart form data"), only the quote can be in a file name.
  const plain = parameters?.get('filename')?.replaceAll('%22', '"');
  const extended = parameters?.get('filename*');
  if (extended === undefined) return { name, fileName: plain };
  // RFC 7578 §4.2: `filename*` is not to be sent. .NET sends it beside `filename`, in which it escapes non-ASCII characters.
  // Alone, it is refused: a file must not pass for a field and be lost.
  const fileName = plain === undefined ? undefined : decodeExtendedValue(extended);
  return fileName === undefined ? undefined : { name, fileName };
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
