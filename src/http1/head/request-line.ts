/**
 * request-line = method SP request-target SP HTTP-version CRLF (RFC 9112 §3)
 *
 * The scanner can stop at any octet and continue when more arrive, so it scans no octet twice, wherever the input is split.
 * It keeps offsets and creates no strings.
 */

import * as octetNames from '../../octets/octet-table.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { MAX_LEADING_EMPTY_LINES, type MessageLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';

// V8 folds only a module's own constants into its loops.
const { CR, LF, OCTET_CLASS, PATH, QUESTION_MARK, SP, TARGET, TCHAR } = octetNames;

const BEFORE = 0;
const BEFORE_LF = 1;
const METHOD = 2;
const TARGET_START = 3;
const IN_PATH = 4;
const IN_QUERY = 5;
const VERSION = 6;
const FINAL_LF = 7;

// "HTTP/" DIGIT "." DIGIT, then the CR that ends the line (RFC 9112 §2.3). It is case-sensitive.
const VERSION_PATTERN = [0x48, 0x54, 0x54, 0x50, 0x2f, -1, 0x2e, -1];

export class RequestLineScanner {
  /** Offsets into the octets scanned. The method is empty until it is complete. */
  methodStart = 0;
  methodEnd = 0;
  targetStart = 0;
  targetEnd = 0;
  major = 0;
  minor = 0;
  rejection: Rejection = REJECTIONS.MethodSyntax;

  #state = BEFORE;
  #emptyLines = 0;
  #at = 0;
  #versionAt = 0;
  readonly #limits: MessageLimits;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  /** Begins a request-line at this offset. */
  begin(at: number): void {
    this.#state = BEFORE;
    this.#emptyLines = 0;
    this.#at = at;
    this.#versionAt = 0;
    this.methodStart = at;
    this.methodEnd = at;
  }

  /** Adjusts the offsets after the first `by` octets of the buffer have been dropped. */
  rebase(by: number): void {
    this.#at -= by;
    this.methodStart -= by;
    this.methodEnd -= by;
    this.targetStart -= by;
    this.targetEnd -= by;
  }

  /** Whether the first octet of a request has been scanned. Empty lines before it do not count (RFC 9112 §2.2). */
  get started(): boolean {
    return this.#state > BEFORE_LF;
  }

  /** @returns the offset behind the line, NEED_OCTETS or REJECTED. `octets` begins with the octets scanned before. */
  scan(octets: Uint8Array, end: number): number {
    let at = this.#at;
    let state = this.#state;
    while (at < end) {
      switch (state) {
        case BEFORE: {
          // A server SHOULD ignore at least one empty line received before the request-line (RFC 9112 §2.2).
          const octet = octets[at]!;
          if (octet === CR) {
            if (++this.#emptyLines > MAX_LEADING_EMPTY_LINES)
              return this.#reject(REJECTIONS.TooManyEmptyLines);
            at++;
            state = BEFORE_LF;
            break;
          }
          if (octet === LF) return this.#reject(REJECTIONS.BareLF);
          this.methodStart = at;
          this.methodEnd = at;
          state = METHOD;
          break;
        }
        case BEFORE_LF:
          if (octets[at]! !== LF) return this.#reject(REJECTIONS.BareCR);
          at++;
          state = BEFORE;
          break;
        case METHOD: {
          const limit = this.methodStart + this.#limits.method;
          while (at < end && (OCTET_CLASS[octets[at]!]! & TCHAR) !== 0) at++;
          if (at > limit) return this.#reject(REJECTIONS.MethodTooLong);
          if (at === end) break;
          if (octets[at]! !== SP || at === this.methodStart) return this.#reject(REJECTIONS.MethodSyntax);
          this.methodEnd = at;
          this.targetStart = ++at;
          state = TARGET_START;
          break;
        }
        case TARGET_START:
          // The grammar has exactly one SP, so `GET  /` is refused (RFC 9112 §3).
          if ((OCTET_CLASS[octets[at]!]! & TARGET) === 0) return this.#reject(REJECTIONS.TargetSyntax);
          state = IN_PATH;
          break;
        case IN_PATH:
        case IN_QUERY: {
          // The path, with the scheme and the authority of a target that has them, is stricter than the query.
          const allowed = state === IN_PATH ? PATH : TARGET;
          while (at < end && (OCTET_CLASS[octets[at]!]! & allowed) !== 0) at++;
          // The limit is that of the line, of which SP HTTP/1.1 is still missing: nine octets.
          if (at + 9 - this.methodStart > this.#limits.requestLine)
            return this.#reject(REJECTIONS.TargetTooLong);
          if (at === end) break;
          const octet = octets[at]!;
          if (octet === SP) {
            this.targetEnd = at++;
            state = VERSION;
          } else if (octet === QUESTION_MARK) {
            state = IN_QUERY;
          } else {
            const isTarget = (OCTET_CLASS[octet]! & TARGET) !== 0;
            return this.#reject(isTarget ? REJECTIONS.PathSyntax : REJECTIONS.TargetSyntax);
          }
          break;
        }
        case VERSION: {
          const octet = octets[at++]!;
          if (this.#versionAt === VERSION_PATTERN.length) {
            // Only CR may follow: not `HTTP/1.1 x`, not `HTTP/1.10`, not a bare LF.
            if (octet === LF) return this.#reject(REJECTIONS.BareLF);
            if (octet !== CR) return this.#reject(REJECTIONS.VersionSyntax);
            state = FINAL_LF;
            break;
          }
          const expected = VERSION_PATTERN[this.#versionAt]!;
          if (expected >= 0) {
            if (octet !== expected) return this.#reject(REJECTIONS.VersionSyntax);
          } else {
            const digit = octet - 0x30;
            if (digit < 0 || digit > 9) return this.#reject(REJECTIONS.VersionSyntax);
            if (this.#versionAt === 5) this.major = digit;
            else this.minor = digit;
          }
          this.#versionAt++;
          break;
        }
        default:
          if (octets[at]! !== LF) return this.#reject(REJECTIONS.BareCR);
          // Well-formed, but another major version. The preface of HTTP/2 is such a line too.
          if (this.major !== 1) return this.#reject(REJECTIONS.VersionNotSupported);
          return at + 1;
      }
    }
    this.#at = at;
    this.#state = state;
    return NEED_OCTETS;
  }

  #reject(rejection: Rejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}
