/** A header field: a name and a value (RFC 7541 §1.3). It is also an entry of a table. */

/** The overhead in the size of each entry (RFC 7541 §4.1). */
export const FIELD_OVERHEAD = 32;

export class HeaderField {
  name = '';
  value = '';
  /** Octets of the name. */
  readonly nameLength: number;
  /** The octets of the name and the value, plus 32 (RFC 7541 §4.1). */
  readonly size: number;
  /** The field was sent as never indexed, and must be forwarded as such (RFC 7541 §6.2.3). */
  readonly isSensitive: boolean;
  /** The flags NOT_IN_NAME and NOT_IN_VALUE of `octet-kinds`, for the octets of the name and of the value. */
  readonly kinds: number;
  /** The result of HTTP/2's checks of this field; 0 before them. So an entry of a table is checked once. */
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
