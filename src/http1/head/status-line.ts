/**
 * status-line = HTTP-version SP status-code SP [ reason-phrase ] CRLF (RFC 9112 §4)
 *
 * Like the scanner of the request-line, it can stop at any octet, keeps offsets and creates no strings. It accepts no empty
 * line before the status-line: RFC 9112 §2.2 asks that of servers only, and octets between two responses belong to neither.
 */

import * as octetNames from '../../octets/octet-table.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import type { ResponseLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import { RESPONSE_REJECTIONS } from '../response-rejections.ts';

// V8 folds only a module's own constants into its loops.
const { CR, FIELD_CONTENT, LF, OCTET_CLASS, SP } = octetNames;

const PREFIX = 0;
const REASON = 1;
const FINAL_LF = 2;

// "HTTP/" DIGIT "." DIGIT SP 3DIGIT SP, case-sensitive (RFC 9112 §2.3). The grammar requires the second SP even without a
// reason phrase (§4), but many servers leave it out, and so it is optional here.
const DIGIT = -1;
const PATTERN = [0x48, 0x54, 0x54, 0x50, 0x2f, DIGIT, 0x2e, DIGIT, SP, DIGIT, DIGIT, DIGIT, SP];
const MAJOR_AT = 5;
const MINOR_AT = 7;
const STATUS_AT = 9;

export class StatusLineScanner {
  minor = 0;
  status = 0;
  /** Offsets into the octets scanned. */
  reasonStart = 0;
  reasonEnd = 0;
  rejection: Rejection = RESPONSE_REJECTIONS.StatusLineSyntax;

  #state = PREFIX;
  #start = 0;
  #at = 0;
  #prefixAt = 0;
  readonly #limits: ResponseLimits;

  constructor(limits: ResponseLimits) {
    this.#limits = limits;
  }

  /** Begins a status-line at this offset. */
  begin(at: number): void {
    this.#state = PREFIX;
    this.#start = at;
    this.#at = at;
    this.#prefixAt = 0;
    this.status = 0;
  }

  /** Adjusts the offsets after the first `by` octets of the buffer have been dropped. */
  rebase(by: number): void {
    this.#start -= by;
    this.#at -= by;
    this.reasonStart -= by;
    this.reasonEnd -= by;
  }

  /** Whether the first octet of a response has been scanned. */
  get started(): boolean {
    return this.#at > this.#start;
  }

  /** @returns the offset behind the line, NEED_OCTETS or REJECTED. `octets` begins with the octets scanned before. */
  scan(octets: Uint8Array, end: number): number {
    let at = this.#at;
    while (at < end) {
      if (this.#state === PREFIX) {
        if (!this.#takePrefix(octets[at++]!)) return REJECTED;
      } else if (this.#state === REASON) {
        while (at < end && (OCTET_CLASS[octets[at]!]! & FIELD_CONTENT) !== 0) at++;
        if (at - this.#start > this.#limits.statusLine)
          return this.#reject(RESPONSE_REJECTIONS.StatusLineTooLong);
        if (at === end) break;
        if (octets[at] === LF) return this.#reject(REJECTIONS.BareLF);
        if (octets[at] !== CR) return this.#reject(RESPONSE_REJECTIONS.StatusLineSyntax);
        this.reasonEnd = at++;
        this.#state = FINAL_LF;
      } else {
        if (octets[at] !== LF) return this.#reject(REJECTIONS.BareCR);
        return at + 1;
      }
    }
    this.#at = at;
    return NEED_OCTETS;
  }

  #takePrefix(octet: number): boolean {
    const place = this.#prefixAt++;
    const expected = PATTERN[place]!;
    if (octet === CR && this.#prefixAt === PATTERN.length) {
      this.reasonStart = this.#start + place;
      this.reasonEnd = this.reasonStart;
      this.#state = FINAL_LF;
      return true;
    }
    if (expected !== DIGIT) {
      if (octet !== expected) return this.#refuse(RESPONSE_REJECTIONS.StatusLineSyntax);
    } else {
      const digit = octet - 0x30;
      if (digit < 0 || digit > 9) return this.#refuse(RESPONSE_REJECTIONS.StatusLineSyntax);
      if (place === MAJOR_AT && digit !== 1) return this.#refuse(RESPONSE_REJECTIONS.VersionNotSupported);
      if (place === MINOR_AT) this.minor = digit;
      // RFC 9110 §15: a client treats a code above 599 as 5xx, and it is framed like one. Below 100 it would not be clear
      // whether the response is interim.
      if (place === STATUS_AT && digit === 0) return this.#refuse(RESPONSE_REJECTIONS.StatusCodeInvalid);
      if (place >= STATUS_AT) this.status = this.status * 10 + digit;
    }
    if (this.#prefixAt === PATTERN.length) {
      this.#state = REASON;
      this.reasonStart = this.#start + PATTERN.length;
    }
    return true;
  }

  #refuse(rejection: Rejection): boolean {
    this.rejection = rejection;
    return false;
  }

  #reject(rejection: Rejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}
