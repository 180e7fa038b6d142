/** The closed list of reasons why a header block can't be decoded. Each is a COMPRESSION_ERROR (RFC 9113 §4.3). */

export class HpackError {
  readonly reason: string;
  readonly section: string;
  readonly sentence: string;

  constructor(reason: string, section: string, sentence: string) {
    this.reason = reason;
    this.section = section;
    this.sentence = sentence;
    Object.freeze(this);
  }
}

export const HPACK_ERRORS = Object.freeze({
  BlockIncomplete: new HpackError(
    'BlockIncomplete',
    'RFC 7541 §3.2',
    'The header block ends inside a field.',
  ),
  IntegerTooLarge: new HpackError('IntegerTooLarge', 'RFC 7541 §5.1', 'An integer is too large.'),
  StringTooLong: new HpackError(
    'StringTooLong',
    'RFC 7541 §5.2',
    'A string is longer than the rest of the header block.',
  ),
  HuffmanCode: new HpackError('HuffmanCode', 'RFC 7541 §5.2', 'The Huffman coding of a string is invalid.'),
  IndexZero: new HpackError('IndexZero', 'RFC 7541 §6.1', 'An indexed field has the index 0.'),
  IndexTooLarge: new HpackError('IndexTooLarge', 'RFC 7541 §2.3.3', 'An index is beyond both tables.'),
  SizeUpdateTooLarge: new HpackError(
    'SizeUpdateTooLarge',
    'RFC 7541 §6.3',
    'The size of the dynamic table is above its limit.',
  ),
  SizeUpdateLate: new HpackError(
    'SizeUpdateLate',
    'RFC 7541 §4.2',
    'The size of the dynamic table changes after a field.',
  ),
  SizeUpdateMissing: new HpackError(
    'SizeUpdateMissing',
    'RFC 9113 §4.3.1',
    'A header block must begin with a size update after the limit was lowered.',
  ),
});

export type HpackErrorReason = keyof typeof HPACK_ERRORS;
