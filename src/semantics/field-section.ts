/**
 * The fields of a header or trailer section (RFC 9110 §5).
 *
 * A section is decoded when the application first reads a field. Most handlers read none, and creating a string for each
 * name and value takes longer than the whole scan.
 */
import { withoutOWS } from './field-syntax.ts';

/**
 * A field section whose text has been scanned. The decoder relies on that scan: the text holds only complete lines, each a
 * token, a colon and a value without CR. So a search for the colon and the CRLF finds what the scanner found.
 */
export class FieldSection {
  readonly #text: string;
  readonly #start: number;
  #names: string[] | undefined;
  #values: string[] = [];

  /** @param text holds field lines from `start` on, and the empty line behind them. */
  constructor(text: string, start = 0) {
    this.#text = text;
    this.#start = start;
  }

  /** A section that has been decoded already. @param names in lower case, one for each of `values`. */
  static of(names: string[], values: string[]): FieldSection {
    const section = new FieldSection('\r\n');
    section.#names = names;
    section.#values = values;
    return section;
  }

  /** The names in lower case and in the order received. A repeated name is repeated here too. */
  get names(): readonly string[] {
    return this.#names ?? this.#decode();
  }

  /** The values that belong to `names`, without the white space around them (RFC 9112 §5.1). */
  get values(): readonly string[] {
    if (this.#names === undefined) this.#decode();
    return this.#values;
  }

  /**
   * The value of a field, or `null`. Several lines are joined by comma and space (RFC 9110 §5.3), those of Cookie by semicolon
   * and space (RFC 6265 §4.2.1, RFC 9113 §8.2.3).
   *
   * @param name lower-case.
   */
  get(name: string): string | null {
    const names = this.names;
    let value: string | null = null;
    for (let i = 0; i < names.length; i++) {
      if (names[i] !== name) continue;
      const separator = name === 'cookie' ? '; ' : ', ';
      value = value === null ? this.#values[i]! : value + separator + this.#values[i]!;
    }
    return value;
  }

  /** The values of all lines with this name, in the order received. @param name lower-case. */
  lines(name: string): string[] {
    const { names, values } = this;
    return values.filter((_, i) => names[i] === name);
  }

  /** The same section with only the fields for whose name `keeps` returns true. */
  filter(keeps: (name: string) => boolean): FieldSection {
    const { names, values } = this;
    const kept = (_: string, i: number): boolean => keeps(names[i]!);
    return FieldSection.of(names.filter(kept), values.filter(kept));
  }

  #decode(): string[] {
    const text = this.#text;
    const names: string[] = [];
    const values: string[] = [];
    for (let at = this.#start; text.charCodeAt(at) !== 0x0d; ) {
      const colon = text.indexOf(':', at);
      const lineEnd = text.indexOf('\r\n', colon);
      names.push(text.slice(at, colon).toLowerCase());
      values.push(withoutOWS(text, colon + 1, lineEnd));
      at = lineEnd + 2;
    }
    this.#names = names;
    this.#values = values;
    return names;
  }
}

export const NO_FIELDS = new FieldSection('\r\n');
