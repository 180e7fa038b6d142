/**
 * The fields of a message that is being sent: each is checked, and fields about the hop are set apart.
 *
 * Response splitting and request splitting are stopped here. A name that is not a token throws, and so does a value with
 * CR, LF, NUL, another control or a code unit above 255. Then nothing of the head is sent.
 */
import { CLOSE, parseConnectionOptions } from './connection/connection-options.ts';
import { endToEnd, HOP_BY_HOP } from './connection/hop-by-hop.ts';
import { parseContentLength } from './content-length.ts';
import { FieldSection, NO_FIELDS } from './field-section.ts';
import { isFieldValue, isToken, withoutOWS } from './field-syntax.ts';

/** What an encoder has to know about a field, by its name. */
const ORDINARY = 0;
const CONTENT_LENGTH = 1;
const CONNECTION = 2;
const DATE = 3;
const CONTENT_TYPE = 4;
const UPGRADE = 5;
/** About the hop on which a forwarded message was received: dropped (RFC 9110 §7.6.1). */
const DROPPED = 6;

const KIND_OF_NAME: ReadonlyMap<string, number> = new Map([
  ...[...HOP_BY_HOP].map((name): [string, number] => [name, DROPPED]),
  ['content-length', CONTENT_LENGTH],
  ['connection', CONNECTION],
  ['date', DATE],
  ['content-type', CONTENT_TYPE],
  ['upgrade', UPGRADE],
]);

/** A name that has been checked, as the application spelled it, with the line in which it was sent last. */
interface KnownName {
  readonly kind: number;
  value: string;
  line: string;
}

/** An application uses few names, again and again, and most of them with the same value as before. */
const knownNames = new Map<string, KnownName>();
const MAX_KNOWN_NAMES = 1024;
const MAX_KNOWN_VALUE = 256;

export class FieldLines {
  /** The field lines as HTTP/1 sends them, each with its CRLF. */
  lines = '';
  /** The Content-Length that was given, or -1. */
  contentLength = -1;
  /** `Connection: close` was given. */
  closes = false;
  hasDate = false;
  contentType = '';
  hasUpgrade = false;

  /**
   * Adds a field line.
   *
   * @throws {TypeError} if the name is not a token (RFC 9110 §5.1), the value can't be sent (RFC 9110 §5.5), or it is a
   *   Content-Length that is not one number (RFC 9110 §8.6).
   */
  add(name: string, value: string): void {
    const known = knownNames.get(name) ?? learnName(name);
    let { line } = known;
    if (value !== known.value || line === '') {
      if (!isFieldValue(value)) {
        throw new TypeError(
          `The value of the field ${name}: expected no control character and no code unit above 255 (RFC 9110 §5.5)`,
        );
      }
      line = `${name}: ${value}\r\n`;
      if (value.length <= MAX_KNOWN_VALUE) {
        known.value = value;
        known.line = line;
      }
    }
    switch (known.kind) {
      case ORDINARY:
        break;
      case CONTENT_LENGTH:
        this.#setContentLength(value);
        return;
      case CONNECTION:
        if ((parseConnectionOptions(withoutOWS(value)) & CLOSE) !== 0) this.closes = true;
        return;
      case DATE:
        this.hasDate = true;
        break;
      case CONTENT_TYPE:
        this.contentType = value;
        break;
      case UPGRADE:
        this.hasUpgrade = true;
        break;
      default:
        return;
    }
    this.lines += line;
  }

  /**
   * The fields of `lines` as names in lower case and values, without `Upgrade`: the fields of an HTTP/2 message (RFC 9113
   * §8.2.1, §8.2.2). They are parsed when first asked for. The result is kept by the text of `lines`, so equal fields of
   * later messages return the same object.
   */
  get section(): FieldSection {
    return sectionOf(this.lines);
  }

  /** The encoder writes this line together with the framing, so the two can't contradict each other. */
  #setContentLength(value: string): void {
    const length = parseContentLength(withoutOWS(value));
    if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) {
      throw new TypeError('Content-Length: expected one decimal number (RFC 9110 §8.6)');
    }
    this.contentLength = length;
  }
}

function learnName(name: string): KnownName {
  if (!isToken(name)) throw new TypeError('A field name: expected a token (RFC 9110 §5.1)');
  const known = { kind: KIND_OF_NAME.get(name.toLowerCase()) ?? ORDINARY, value: '', line: '' };
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(name, known);
  return known;
}

/** Sections by the length of their text: comparing two texts takes less time than hashing one. */
const KNOWN_SECTIONS = Array.from({ length: 64 }, () => ({ lines: '', section: NO_FIELDS }));
const MAX_KNOWN_SECTION = 4_096;

function sectionOf(lines: string): FieldSection {
  const known = KNOWN_SECTIONS[lines.length & (KNOWN_SECTIONS.length - 1)]!;
  if (known.lines === lines) return known.section;
  const section = new FieldSection(`${lines}\r\n`).filter(endToEnd(null));
  if (lines.length <= MAX_KNOWN_SECTION) {
    known.lines = lines;
    known.section = section;
  }
  return section;
}
