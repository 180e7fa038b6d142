/**
 * chunked-body = *chunk last-chunk trailer-section CRLF (RFC 9112 §7.1)
 *
 * Every octet is compared with the grammar, including the CRLF behind chunk-data. Decoders that skipped two octets there,
 * read `5abc` as 5, or let a size overflow have each made request smuggling possible.
 */

import {
  BACKSLASH,
  CR,
  DQUOTE,
  EQUALS,
  FIELD_CONTENT,
  hexDigit,
  isBlank,
  isTokenOctet,
  type Latin1,
  LF,
  OCTET_CLASS,
  QDTEXT,
  SEMICOLON,
} from '../../octets/octet-table.ts';
import type { Rejection } from '../../octets/rejection.ts';
import { CONTENT, CONTENT_END, NEED_OCTETS, REJECTED } from '../../octets/results.ts';
import { FieldSection, NO_FIELDS } from '../../semantics/field-section.ts';
import { mayBeTrailer } from '../../semantics/trailer-fields.ts';
import { FieldSectionScanner } from '../head/field-section-scanner.ts';
import { unfold } from '../head/obs-fold.ts';
import { CHUNK_OVERHEAD_PER_OCTET, type SectionLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import type { ContentDecoder } from './content-decoder.ts';

const SIZE = 0;
const BEFORE_SEMICOLON = 1;
const BEFORE_EXT_NAME = 2;
const EXT_NAME = 3;
const AFTER_EXT_NAME = 4;
const BEFORE_EXT_VALUE = 5;
const EXT_TOKEN = 6;
const EXT_QUOTED = 7;
const EXT_QUOTED_PAIR = 8;
const AFTER_EXT_QUOTED = 9;
const BEFORE_NEXT_EXT = 10;
const SIZE_LF = 11;
const DATA = 12;
const DATA_CR = 13;
const DATA_LF = 14;
const TRAILERS = 15;

const MAX_SIZE_DIGITS = 16;

export class ChunkedDecoder implements ContentDecoder {
  at = 0;
  dataStart = 0;
  dataEnd = 0;
  trailers: FieldSection = NO_FIELDS;
  rejection: Rejection = REJECTIONS.ChunkSizeSyntax;
  readonly remaining = Number.POSITIVE_INFINITY;

  #state = SIZE;
  #digits = 0;
  #size = 0;
  #extensionOctets = 0;
  #contentOctets = 0;
  #overheadOctets = 0;
  #trailerStart = 0;
  readonly #trailerScanner: FieldSectionScanner;
  readonly #limits: SectionLimits;
  readonly #latin1: Latin1;

  /** @param allowsFolding replaces obs-fold in the trailer section by spaces, as a user agent does (RFC 9112 §5.2). */
  constructor(limits: SectionLimits, latin1: Latin1, allowsFolding = false) {
    this.#limits = limits;
    this.#latin1 = latin1;
    this.#trailerScanner = new FieldSectionScanner({
      octets: limits.trailerSection,
      lines: limits.fieldLines,
      tooLarge: REJECTIONS.TrailerSectionTooLarge,
      allowsFolding,
    });
  }

  rebase(by: number): void {
    this.at -= by;
    this.#trailerStart -= by;
    this.#trailerScanner.rebase(by);
  }

  /**
   * The caller passes the octets of an incomplete trailer section again in the next call. It may drop all others before
   * `at` if it calls `rebase`.
   */
  decode(octets: Uint8Array, end: number): number {
    if (this.#state === TRAILERS) return this.#decodeTrailers(octets, end);
    let at = this.at;
    let state = this.#state;
    while (at < end) {
      if (state === DATA) {
        this.dataStart = at;
        this.dataEnd = Math.min(end, at + this.#size);
        this.#size -= this.dataEnd - at;
        this.at = this.dataEnd;
        this.#state = this.#size === 0 ? DATA_CR : DATA;
        return CONTENT;
      }
      const octet = octets[at]!;
      if (
        ++this.#overheadOctets >
        this.#limits.chunkOverhead + CHUNK_OVERHEAD_PER_OCTET * this.#contentOctets
      ) {
        return this.#reject(REJECTIONS.ChunkOverheadTooLarge);
      }
      if (
        state > SIZE &&
        state < SIZE_LF &&
        octet !== CR &&
        ++this.#extensionOctets > this.#limits.chunkExtension
      ) {
        return this.#reject(REJECTIONS.ChunkExtensionTooLarge);
      }
      at++;
      switch (state) {
        case SIZE: {
          const digit = hexDigit(octet);
          if (digit >= 0) {
            this.#size = this.#size * 16 + digit;
            // RFC 9112 §7.1: a recipient MUST anticipate large sizes and prevent overflow.
            if (++this.#digits > MAX_SIZE_DIGITS || this.#size > Number.MAX_SAFE_INTEGER) {
              return this.#reject(REJECTIONS.ChunkSizeSyntax);
            }
            break;
          }
          if (this.#digits === 0) return this.#reject(REJECTIONS.ChunkSizeSyntax);
          if (octet === CR) state = SIZE_LF;
          else if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (isBlank(octet)) state = BEFORE_SEMICOLON;
          else return this.#reject(octet === LF ? REJECTIONS.BareLF : REJECTIONS.ChunkSizeSyntax);
          if (state !== SIZE_LF) this.#extensionOctets = 1;
          break;
        }
        case BEFORE_SEMICOLON:
          // A `;` has to follow the white space (RFC 9112 §7.1.1); the grammar does not allow `5 ` CRLF.
          if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (!isBlank(octet)) return this.#reject(REJECTIONS.ChunkSizeSyntax);
          break;
        case BEFORE_EXT_NAME:
          if (isTokenOctet(octet)) state = EXT_NAME;
          else if (!isBlank(octet)) return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case EXT_NAME:
          if (isTokenOctet(octet)) break;
          if (octet === CR) state = SIZE_LF;
          else if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (octet === EQUALS) state = BEFORE_EXT_VALUE;
          else if (isBlank(octet)) state = AFTER_EXT_NAME;
          else return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case AFTER_EXT_NAME:
          if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (octet === EQUALS) state = BEFORE_EXT_VALUE;
          else if (!isBlank(octet)) return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case BEFORE_EXT_VALUE:
          if (octet === DQUOTE) state = EXT_QUOTED;
          else if (isTokenOctet(octet)) state = EXT_TOKEN;
          else if (!isBlank(octet)) return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case EXT_TOKEN:
          if (isTokenOctet(octet)) break;
          if (octet === CR) state = SIZE_LF;
          else if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (isBlank(octet)) state = BEFORE_NEXT_EXT;
          else return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case EXT_QUOTED:
          if (octet === DQUOTE) state = AFTER_EXT_QUOTED;
          else if (octet === BACKSLASH) state = EXT_QUOTED_PAIR;
          else if ((OCTET_CLASS[octet]! & QDTEXT) === 0) return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case EXT_QUOTED_PAIR:
          if ((OCTET_CLASS[octet]! & FIELD_CONTENT) === 0)
            return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          state = EXT_QUOTED;
          break;
        case AFTER_EXT_QUOTED:
          if (octet === CR) state = SIZE_LF;
          else if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (isBlank(octet)) state = BEFORE_NEXT_EXT;
          else return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case BEFORE_NEXT_EXT:
          if (octet === SEMICOLON) state = BEFORE_EXT_NAME;
          else if (!isBlank(octet)) return this.#reject(REJECTIONS.ChunkExtensionSyntax);
          break;
        case SIZE_LF:
          if (octet !== LF) return this.#reject(REJECTIONS.BareCR);
          if (this.#size === 0) {
            this.at = at;
            this.#state = TRAILERS;
            this.#trailerStart = at;
            this.#trailerScanner.begin(at);
            return this.#decodeTrailers(octets, end);
          }
          this.#contentOctets += this.#size;
          if (this.#limits.content > 0 && this.#contentOctets > this.#limits.content) {
            return this.#reject(REJECTIONS.ContentTooLarge);
          }
          state = DATA;
          break;
        case DATA_CR:
          if (octet !== CR) return this.#reject(REJECTIONS.ChunkDataSyntax);
          state = DATA_LF;
          break;
        default:
          if (octet !== LF) return this.#reject(REJECTIONS.ChunkDataSyntax);
          this.#digits = 0;
          this.#size = 0;
          this.#extensionOctets = 0;
          state = SIZE;
      }
    }
    this.at = at;
    this.#state = state;
    return NEED_OCTETS;
  }

  #decodeTrailers(octets: Uint8Array, end: number): number {
    const sectionEnd = this.#trailerScanner.scan(octets, end);
    if (sectionEnd === REJECTED) return this.#reject(this.#trailerScanner.rejection);
    if (sectionEnd === NEED_OCTETS) return NEED_OCTETS;
    this.at = sectionEnd;
    if (sectionEnd - this.#trailerStart > 2) {
      const text = this.#latin1(octets, this.#trailerStart, sectionEnd);
      const unfolded = this.#trailerScanner.hasFolds ? unfold(text) : text;
      this.trailers = new FieldSection(unfolded).filter(mayBeTrailer);
    }
    return CONTENT_END;
  }

  #reject(rejection: Rejection): number {
    this.rejection = rejection;
    return REJECTED;
  }
}
