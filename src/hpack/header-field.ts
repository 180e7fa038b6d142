/** A header field: a name and a value, as a table holds it (RFC 7541 §1.3). */

/** What each entry of a table costs beside its octets (RFC 7541 §4.1). */
export const FIELD_OVERHEAD = 32;

export class HeaderField {
  name = '';
  value = '';
  /** Octets of the name. */
  readonly nameLength: number;
  /** RFC 7541 §4.1: octets of name and value, and 32. */
  readonly size: number;
  /** It came as never-indexed, and has to be passed on so (RFC 7541 §6.2.3). */
  readonly isSensitive: boolean;
  /** What is wrong with its octets: NOT_IN_NAME and NOT_IN_VALUE of `octet-kinds`. */
  readonly kinds: number;
  /** For HTTP/2: what it found out about this field. Zero is nothing yet. An entry of a table is looked at once. */
  mark = 0;

  constructor(nameLength: number, valueLength: number, isSensitive: boolean, kinds: number) {
    this.nameLength = nameLength;
    this.size = nameLength + valueLength + FIELD_OVERHEAD;
    this.isSensitive = isSensitive;
    this.kinds = kinds;
  }

  /** Octets of the value. */
  get valueLength(): number {
    return this.size - this.nameLength - FIELD_OVERHEAD;
  }

  static of(name: string, value: string): HeaderField {
    const field = new HeaderField(name.length, value.length, false, 0);
    field.name = name;
    field.value = value;
    return field;
  }
}
