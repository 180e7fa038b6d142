/** Encodes the field blocks of responses (RFC 9113 §8.3.2), and keeps blocks that were encoded before on the connection. */
import type { HpackEncoder } from '../../hpack/encoder.ts';
import type { OctetWriter } from '../../octets/octet-writer.ts';
import type { FieldLines } from '../../semantics/field-lines.ts';

/** A block that was encoded, with the response and the version of the table for which it is right. */
interface Kept {
  status: number;
  lines: string;
  contentLength: number;
  dateLine: string;
  tableVersion: number;
  readonly octets: Uint8Array;
  length: number;
}

const SLOTS = 4;
/** The longest block that is kept, in octets. */
const MOST_OCTETS = 64;

export class ResponseBlocks {
  /** Allocated with the first block that is kept. */
  #kept: (Kept | undefined)[] | undefined;
  readonly #encoder: HpackEncoder;

  constructor(encoder: HpackEncoder) {
    this.#encoder = encoder;
  }

  /**
   * Writes a block. A block that adds nothing to the table is the same until the table changes.
   *
   * @param contentLength the value of Content-Length, or -1 for none.
   * @param dateOfServer `Date: …` CRLF, for a response that has no Date of its own (RFC 9110 §6.6.1); or empty.
   */
  write(
    out: OctetWriter,
    status: number,
    fields: FieldLines,
    contentLength: number,
    dateOfServer: string,
  ): void {
    const encoder = this.#encoder;
    const dateLine = fields.hasDate ? '' : dateOfServer;
    const { tableVersion, learned } = encoder;
    const slot = (status ^ contentLength) & (SLOTS - 1);
    const kept = this.#kept?.[slot];
    if (
      kept !== undefined &&
      kept.status === status &&
      kept.contentLength === contentLength &&
      kept.tableVersion === tableVersion &&
      kept.dateLine === dateLine &&
      kept.lines === fields.lines &&
      !encoder.owesSizeUpdate
    )
      return out.piece(kept.octets, 0, kept.length);
    const start = out.length;
    encoder.begin(out);
    const fieldsStart = out.length;
    encoder.field(out, ':status', String(status));
    const { names, values } = fields.section;
    for (let i = 0; i < names.length; i++) encoder.field(out, names[i]!, values[i]!);
    if (dateLine !== '') encoder.field(out, 'date', dateValue(dateLine));
    if (contentLength >= 0) encoder.field(out, 'content-length', String(contentLength));
    const isSettled =
      fieldsStart === start && encoder.tableVersion === tableVersion && encoder.learned === learned;
    if (isSettled && out.length - start <= MOST_OCTETS)
      this.#keep(slot, status, fields.lines, contentLength, dateLine, tableVersion, out, start);
  }

  #keep(
    slot: number,
    status: number,
    lines: string,
    contentLength: number,
    dateLine: string,
    tableVersion: number,
    out: OctetWriter,
    start: number,
  ): void {
    this.#kept ??= [undefined, undefined, undefined, undefined];
    const octets = this.#kept[slot]?.octets ?? new Uint8Array(MOST_OCTETS);
    const length = out.length - start;
    for (let i = 0; i < length; i++) octets[i] = out.octets[start + i]!;
    this.#kept[slot] = { status, lines, contentLength, dateLine, tableVersion, octets, length };
  }
}

const DATE_NAME_LENGTH = 'Date: '.length;
const CRLF_LENGTH = 2;

/** The value of `Date: …` CRLF. The line is the same for a second. */
function dateValue(line: string): string {
  if (line !== lastLine) {
    lastLine = line;
    lastValue = line.slice(DATE_NAME_LENGTH, -CRLF_LENGTH);
  }
  return lastValue;
}

let lastLine = '';
let lastValue = '';
