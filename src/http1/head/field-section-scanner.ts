/**
 * field-section: *( field-line CRLF ) CRLF (RFC 9112 §5, §7.1.2)
 *
 * The scanner checks every octet once, and notes where the few fields are that framing and routing depend on.
 * `semantics/field-section.ts` creates names and values from the text, when the application asks for one.
 */

import * as octetNames from '../../octets/octet-table.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { REJECTIONS } from '../rejections.ts';

// V8 folds the constants of a module into its loops, but loads those of another module at each use. Local names for them:
// 480 → 300 ns for a browser's eight field lines on Node 20, 350 → 220 on Node 24.
const { COLON, CR, DEL, HTAB, LF, OCTET_CLASS, SP, TCHAR } = octetNames;

/** The fields that are needed to frame, route or answer a message. */
export const HOST = 0;
export const CONTENT_LENGTH = 1;
export const TRANSFER_ENCODING = 2;
export const CONNECTION = 3;
export const EXPECT = 4;
export const UPGRADE = 5;

const NOTED_NAMES = ['host', 'content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade'].map(
  (name) => [...name].map((letter) => letter.charCodeAt(0)),
);
const NOT_NOTED = -1;

/** The noted field with a name of this length. All six names have different lengths, so one comparison is enough. */
const NOTED_BY_LENGTH: number[] = [];
for (let length = 0; length <= 32; length++) {
  NOTED_BY_LENGTH.push(NOTED_NAMES.findIndex((name) => name.length === length));
}

function notedField(octets: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const noted = length <= 32 ? NOTED_BY_LENGTH[length]! : NOT_NOTED;
  if (noted === NOT_NOTED) return NOT_NOTED;
  const name = NOTED_NAMES[noted]!;
  for (let i = 0; i < length; i++) {
    // Field names are case-insensitive (RFC 9110 §5.1). `| 0x20` also maps CR to `-`, but the octet is a tchar.
    if ((octets[start + i]! | 0x20) !== name[i]) return NOT_NOTED;
  }
  return noted;
}

const LINE_START = 0;
const NAME = 1;
const BEFORE_VALUE = 2;
const VALUE = 3;
const VALUE_LF = 4;
const FINAL_LF = 5;

/** One parser reads obs-fold, or white space before the first line, as a field, and another one as a continuation. */
function lineStartRejection(octet: number): Rejection {
  if (octet === LF) return REJECTIONS.BareLF;
  return octet === SP || octet === HTAB ? REJECTIONS.ObsoleteFolding : REJECTIONS.FieldNameSyntax;
}

export interface FieldSectionLimits {
  readonly octets: number;
  readonly lines: number;
  readonly tooLarge: Rejection;
  /** Accepts obs-fold, for `unfold` to remove. Default false. */
  readonly allowsFolding?: boolean;
}

export class FieldSectionScanner {
  /** For each noted field: how many lines it has, and the offsets of the value of its last line. */
  readonly noted = [0, 0, 0, 0, 0, 0];
  readonly notedStart = [0, 0, 0, 0, 0, 0];
  readonly notedEnd = [0, 0, 0, 0, 0, 0];
  /** Whether the section has an obs-fold. */
  hasFolds = false;
  rejection: Rejection = REJECTIONS.FieldNameSyntax;

  #state = LINE_START;
  #start = 0;
  #at = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;
  #lines = 0;
  readonly #limits: FieldSectionLimits;

  constructor(limits: FieldSectionLimits) {
    this.#limits = limits;
  }

  /** Begins a section at this offset. */
  begin(at: number): void {
    this.#state = LINE_START;
    this.#start = at;
    this.#at = at;
    this.#lines = 0;
    this.hasFolds = false;
    for (let i = 0; i < this.noted.length; i++) this.noted[i] = 0;
  }

  /** Adjusts the offsets after the first `by` octets of the buffer have been dropped. */
  rebase(by: number): void {
    this.#start -= by;
    this.#at -= by;
    this.#nameStart -= by;
    this.#nameEnd -= by;
    this.#valueStart -= by;
    this.#valueEnd -= by;
    for (let i = 0; i < this.noted.length; i++) {
      this.notedStart[i]! -= by;
      this.notedEnd[i]! -= by;
    }
  }

  /** @returns the offset behind the empty line that ends the section, NEED_OCTETS or REJECTED. */
  scan(octets: Uint8Array, end: number): number {
    // Behind the last octet the array returns `undefined`, which `| 0` turns into NUL. NUL is in no class, so the inner
    // loops end there without a bounds check.
    const limit = this.#start + this.#limits.octets;
    const stop = Math.min(end, limit);
    let at = this.#at;
    let state = this.#state;
    while (at < stop) {
      let octet = octets[at]! | 0;
      if (state === LINE_START) {
        if ((OCTET_CLASS[octet]! & TCHAR) === 0) {
          if (octet === CR) {
            at++;
            state = FINAL_LF;
          } else if (this.#isFold(octet)) {
            this.#continueField(octets);
            state = this.#valueStart === this.#valueEnd ? BEFORE_VALUE : VALUE;
          } else {
            return this.#reject(lineStartRejection(octet));
          }
          continue;
        }
        if (++this.#lines > this.#limits.lines) return this.#reject(REJECTIONS.TooManyFieldLines);
        this.#nameStart = at;
        state = NAME;
      }
      if (state === NAME) {
        while ((OCTET_CLASS[octet]! & TCHAR) !== 0) octet = octets[++at]! | 0;
        if (at >= stop) break;
        // No white space between name and colon (RFC 9112 §5.1): attackers use it to hide a Transfer-Encoding.
        if (octet !== COLON) return this.#reject(REJECTIONS.FieldNameSyntax);
        this.#nameEnd = at;
        octet = octets[++at]! | 0;
        state = BEFORE_VALUE;
      }
      if (state === BEFORE_VALUE) {
        while (octet === SP || octet === HTAB) octet = octets[++at]! | 0;
        if (at >= stop) break;
        this.#valueStart = at;
        state = VALUE;
      }
      if (state === VALUE) {
        // The octets of a field value (RFC 9110 §5.5): field-vchar, SP and HTAB. Most of a head is values, so the loop
        // compares instead of looking into the table.
        while ((octet >= SP && octet !== DEL) || octet === HTAB) octet = octets[++at]! | 0;
        if (at >= stop) break;
        if (octet !== CR) return this.#reject(octet === LF ? REJECTIONS.BareLF : REJECTIONS.FieldValueSyntax);
        this.#valueEnd = at++;
        state = VALUE_LF;
        if (at >= stop) break;
        octet = octets[at]!;
      }
      if (octet !== LF) return this.#reject(REJECTIONS.BareCR);
      at++;
      if (state === FINAL_LF) return at;
      this.#note(octets);
      state = LINE_START;
    }
    // The section reaches the limit without its empty line.
    if (at >= limit) return this.#reject(this.#limits.tooLarge);
    this.#at = at;
    this.#state = state;
    return NEED_OCTETS;
  }

  /** RFC 9112 §2.2: white space before the first field line continues no field. */
  #isFold(octet: number): boolean {
    return this.#limits.allowsFolding === true && this.#lines > 0 && (octet === SP || octet === HTAB);
  }

  /** The field goes on: it is noted again at its end. */
  #continueField(octets: Uint8Array): void {
    this.hasFolds = true;
    const noted = notedField(octets, this.#nameStart, this.#nameEnd);
    if (noted !== NOT_NOTED) this.noted[noted]!--;
  }

  #note(octets: Uint8Array): void {
    const noted = notedField(octets, this.#nameStart, this.#nameEnd);
    if (noted === NOT_NOTED) return;
    let valueEnd = this.#valueEnd;
    while (valueEnd > this.#valueStart && (octets[valueEnd - 1]! === SP || octets[valueEnd - 1]! === HTAB))
      valueEnd--;
    this.noted[noted]!++;
    this.notedStart[noted] = this.#valueStart;
    this.notedEnd[noted] = valueEnd;
  }

  #reject(rejection: Rejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}
