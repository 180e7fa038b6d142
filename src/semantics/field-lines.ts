/**
 * The fields of a response on their way to the wire: checked, and told apart from those that are this hop's own business.
 *
 * What is written here ends up in front of a client, so this is where response splitting is stopped: a name that is not a
 * token or a value with CR, LF, NUL, another control or a code unit above 255 throws, and nothing of the head is sent.
 */
import { CLOSE, parseConnectionOptions } from './connection-options.ts';
import { parseContentLength } from './content-length.ts';
import { isFieldValue, isToken, withoutOWS } from './field-syntax.ts';

/** What the encoder itself has to know about a field, by name. */
const ORDINARY = 0;
const CONTENT_LENGTH = 1;
const CONNECTION = 2;
const DATE = 3;
const CONTENT_TYPE = 4;
const UPGRADE = 5;
/** About a hop that is not ours: kept from a response that was fetched elsewhere and is passed on (RFC 9110 §7.6.1). */
const ANOTHER_HOPS = 6;

const KIND_OF_NAME: ReadonlyMap<string, number> = new Map([
  ['content-length', CONTENT_LENGTH],
  ['connection', CONNECTION],
  ['date', DATE],
  ['content-type', CONTENT_TYPE],
  ['upgrade', UPGRADE],
  ['transfer-encoding', ANOTHER_HOPS],
  ['keep-alive', ANOTHER_HOPS],
  ['proxy-connection', ANOTHER_HOPS],
  ['te', ANOTHER_HOPS],
]);

/** A name that has been checked, as it was spelled, and the line it was last sent in. */
interface KnownName {
  readonly kind: number;
  value: string;
  line: string;
}

/** An application uses few names, again and again, and most of them with the value they had before. */
const knownNames = new Map<string, KnownName>();
const MAX_KNOWN_NAMES = 1024;
const MAX_KNOWN_VALUE = 256;

export class FieldLines {
  /** The field lines, each with its CRLF. */
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
      if (!isFieldValue(value))
        throw new TypeError(`The value of the field ${name} can't be sent (RFC 9110 §5.5)`);
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

  /** The line is written with the framing, not here: the two must never disagree. */
  #setContentLength(value: string): void {
    const length = parseContentLength(withoutOWS(value));
    if (length < 0 || (this.contentLength >= 0 && this.contentLength !== length)) {
      throw new TypeError('Content-Length is not one decimal number (RFC 9110 §8.6)');
    }
    this.contentLength = length;
  }
}

function learnName(name: string): KnownName {
  if (!isToken(name)) throw new TypeError('A field name is not a token (RFC 9110 §5.1)');
  const known = { kind: KIND_OF_NAME.get(name.toLowerCase()) ?? ORDINARY, value: '', line: '' };
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.set(name, known);
  return known;
}
