/**
 * Fields that were sent before, for all encoders of a thread: their literals, and whether they may be added to a dynamic table.
 *
 * A field is added to a table when it is sent for the second time on any connection. A field that is sent once would only evict
 * others.
 */
import { OctetWriter } from '../octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../octets/runtime.ts';
import { FIELD_OVERHEAD } from './header-field.ts';
import { huffmanLength, NO_OCTETS_OF_TEXT, writeHuffman } from './huffman-encoder.ts';
import { writeInteger } from './integer.ts';
import { STATIC_TABLE } from './static-table.ts';

/** Whether a field goes into the dynamic table. */
export const ADD = 0;
/** Not added, because the value differs nearly each time. */
export const DO_NOT_ADD = 1;
/** Never added, and no intermediary may add it: the value is a secret (RFC 7541 §7.1.3). */
export const NEVER_ADD = 2;

const VARYING = [
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'last-modified',
  'location',
  'range',
];
const SECRET = ['authorization', 'proxy-authorization', 'set-cookie'];
/** Shorter cookies are secrets: with the sizes of blocks, an attacker could guess them (RFC 7541 §7.1.3). */
const LEAST_ADDED_COOKIE = 20;

const RULES: ReadonlyMap<string, number> = new Map([
  ...VARYING.map((name) => [name, DO_NOT_ADD] as const),
  ...SECRET.map((name) => [name, NEVER_ADD] as const),
]);

const MOST_NAMES = 512;
const MOST_VALUES = 32;
/** Longer values are not remembered. */
const MOST_VALUE = 256;

/** A field that is remembered. It is the key by which encoders find their entries. */
export class KnownField {
  readonly name: KnownName;
  /** The size of its entry (RFC 7541 §4.1). */
  readonly size: number;
  /** The value as a string literal. */
  readonly literal: Uint8Array;

  constructor(name: KnownName, value: string) {
    this.name = name;
    this.size = name.text.length + value.length + FIELD_OVERHEAD;
    this.literal = stringLiteral(value);
  }
}

export class KnownName {
  readonly text: string;
  /** The index of the first static entry with this name, or 0. */
  readonly staticIndex: number;
  /** Static entries with this name, by value. */
  readonly staticValues: ReadonlyMap<string, number> | undefined;
  /** The name as a string literal. */
  readonly literal: Uint8Array;
  readonly #rule: number;
  readonly #values = new Map<string, KnownField>();

  constructor(text: string) {
    this.text = text;
    this.staticValues = STATIC_VALUES.get(text);
    this.staticIndex = STATIC_NAMES.get(text) ?? 0;
    this.literal = stringLiteral(text);
    this.#rule = RULES.get(text) ?? ADD;
  }

  /** ADD, DO_NOT_ADD or NEVER_ADD. */
  ruleFor(value: string): number {
    return this.text === 'cookie' && value.length < LEAST_ADDED_COOKIE ? NEVER_ADD : this.#rule;
  }

  /** The field with this value if it has been sent before, or `undefined`. */
  known(value: string): KnownField | undefined {
    return this.#values.get(value);
  }

  /** Remembers the field unless it is too long. If there are too many values, the oldest is dropped. */
  learn(value: string): KnownField {
    const field = new KnownField(this, value);
    if (value.length > MOST_VALUE) return field;
    if (this.#values.size >= MOST_VALUES) this.#values.delete(this.#values.keys().next().value!);
    this.#values.set(value, field);
    return field;
  }
}

const STATIC_NAMES = new Map<string, number>();
const STATIC_VALUES = new Map<string, Map<string, number>>();

for (const [place, { name, value }] of STATIC_TABLE.entries()) {
  if (!STATIC_NAMES.has(name)) STATIC_NAMES.set(name, place + 1);
  if (value === '') continue;
  const values = STATIC_VALUES.get(name) ?? new Map<string, number>();
  STATIC_VALUES.set(name, values.set(value, place + 1));
}

const names = new Map<string, KnownName>();

export function knownName(text: string): KnownName {
  let name = names.get(text);
  if (name === undefined) {
    name = new KnownName(text);
    if (names.size < MOST_NAMES) names.set(text, name);
  }
  return name;
}

/** A string literal (RFC 7541 §5.2), Huffman-coded where that is shorter. @throws {TypeError} if it can't be sent. */
export function writeString(out: OctetWriter, text: string): void {
  const length = huffmanLength(text);
  if (length === NO_OCTETS_OF_TEXT) throw new TypeError('A field has a character above U+00FF');
  if (length < text.length) {
    writeInteger(out, 0x80, 0x7f, length);
    writeHuffman(out, text, length);
  } else {
    writeInteger(out, 0, 0x7f, text.length);
    out.text(text);
  }
}

function stringLiteral(text: string): Uint8Array {
  const out = new OctetWriter(PLAIN_RUNTIME);
  writeString(out, text);
  return out.octets.slice(0, out.length);
}
