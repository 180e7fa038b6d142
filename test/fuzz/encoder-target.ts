/** The encoders: chunked content decodes to the original, and a field line is always one line of latin1. */
import { ChunkedDecoder } from '../../src/http1/content/chunked-decoder.ts';
import { ContentEncoder } from '../../src/http1/content/content-encoder.ts';
import { CHUNKED } from '../../src/http1/content/framing.ts';
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { nativeLatin1 } from '../../src/io/latin1.ts';
import { CONTENT, CONTENT_END } from '../../src/octets/results.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { Broken } from './broken.ts';
import type { Random } from './random.ts';
import { octetsOf } from './scratch.ts';

const IDENTITY = 'content that is encoded and decoded is the same content';
const ONE_LINE = 'a response field is one line of octets, or it throws';

export function examineEncoders(input: Buffer, random: Random): void {
  checkContent(input, random);
  checkFields(input, random);
}

function checkContent(content: Buffer, random: Random): void {
  const encoder = new ContentEncoder(CHUNKED);
  const text = content.toString('latin1');
  let encodedText = '';
  for (let at = 0; at < content.length; ) {
    const end = Math.min(content.length, at + 1 + random.below(40));
    encodedText += `${encoder.before(end - at)}${text.slice(at, end)}${encoder.after}`;
    at = end;
  }
  encodedText += encoder.end(random.oneIn(2) ? '' : 'X: y\r\n');
  const encoded = octetsOf(encodedText);
  const decoder = new ChunkedDecoder({ ...DEFAULT_LIMITS, content: content.length }, nativeLatin1);
  let decoded = '';
  // The end of the input moves, so the decoder has to stop and continue at any octet.
  for (
    let end = random.below(encoded.length + 1);
    ;
    end = Math.min(encoded.length, end + 1 + random.below(60))
  ) {
    let result = decoder.decode(encoded, end);
    for (; result === CONTENT; result = decoder.decode(encoded, end))
      decoded += encoded.toString('latin1', decoder.dataStart, decoder.dataEnd);
    if (result === CONTENT_END) break;
    if (result < -1 || end === encoded.length) throw new Broken(IDENTITY, `ended with ${result}`);
  }
  if (decoder.at !== encoded.length)
    throw new Broken(IDENTITY, `stopped at ${decoder.at} of ${encoded.length}`);
  if (decoded !== text) throw new Broken(IDENTITY, 'other octets came back');
}

function checkFields(input: Buffer, random: Random): void {
  const fields = new FieldLines();
  const text = input.toString('latin1');
  const cut = random.below(Math.min(text.length, 24));
  const name = random.oneIn(3) ? text.slice(0, cut) : random.pick(NAMES);
  let value = text.slice(cut, cut + random.below(60));
  // A truncating write would send the low octets of these code units: U+010D U+010A is CR LF.
  if (random.oneIn(4)) value = `${value}${String.fromCharCode(0x100 + random.below(0xff00))}`;
  const before = fields.lines;
  try {
    fields.add(name, value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (fields.lines !== before)
      throw new Broken(ONE_LINE, `it threw, and added ${JSON.stringify(fields.lines)}`);
    return;
  }
  if (fields.lines !== '' && !FIELD_LINE.test(fields.lines))
    throw new Broken(
      ONE_LINE,
      `${JSON.stringify(name)}, ${JSON.stringify(value)}: ${JSON.stringify(fields.lines)}`,
    );
}

const FIELD_LINE = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*\r\n$/;
const NAMES = ['X-Y', 'Content-Type', 'Content-Length', 'Connection', 'Date', 'Upgrade', 'Transfer-Encoding'];
