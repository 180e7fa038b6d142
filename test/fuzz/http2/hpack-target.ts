/** Decodes header blocks, and checks everything that must hold for any octets. A message is a list of blocks, each with its length. */
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { HpackEncoder } from '../../../src/hpack/encoder.ts';
import { NOT_IN_NAME, NOT_IN_VALUE, OCTET_KIND } from '../../../src/hpack/octet-kinds.ts';
import { nativeRuntime } from '../../../src/io/native-runtime.ts';
import { OctetWriter } from '../../../src/octets/octet-writer.ts';
import { Broken, type Failure, failureOf } from '../broken.ts';
import type { FuzzTarget } from '../core-campaign.ts';
import { mix } from '../observation.ts';
import type { Random } from '../random.ts';
import { StrictHpack } from './strict-hpack.ts';

export class HpackTarget implements FuzzTarget {
  signature = 0;
  outcome = '';
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  examine(input: Buffer): void {
    const decoder = new HpackDecoder(4096, nativeRuntime);
    const limited = new HpackDecoder(4096, nativeRuntime);
    const strict = new StrictHpack();
    const encoder = new HpackEncoder(this.#random.oneIn(4) ? 200 : 4096);
    const again = new HpackDecoder(4096, nativeRuntime);
    this.signature = 0;
    this.outcome = 'decoded';
    for (const block of blocksOf(input)) {
      const isDecoded = decoder.decode(block);
      const expected = strict.decode(block);
      this.signature = mix(this.signature, isDecoded ? decoder.fields.length : -1);
      if (isDecoded !== (expected !== undefined))
        throw new Broken(
          'a second decoder agrees',
          isDecoded ? 'only it refuses' : `it does not see ${decoder.error.reason}`,
        );
      // With a limit that is too small for the fields, the table becomes the same.
      const most = this.#random.below(200);
      if (limited.decode(block, 0, block.length, most) !== isDecoded)
        throw new Broken('a limit refuses no block', `${most}`);
      if (expected === undefined) {
        this.outcome = decoder.error.reason;
        this.signature = mix(this.signature, this.outcome.length);
        return;
      }
      checkFields(decoder, expected);
      checkLimited(limited, decoder, most);
      if (decoder.tableSize > 4096 || limited.tableSize !== decoder.tableSize)
        throw new Broken('the table is bounded, and the same for any limit', `${decoder.tableSize}`);
      encodeAgain(encoder, again, expected);
    }
  }

  examineClosely(input: Buffer): number {
    for (let times = 0; times < 4; times++) this.examine(input);
    return this.signature;
  }

  failure(input: Buffer): Failure | undefined {
    return failureOf(() => this.examineClosely(input));
  }
}

function* blocksOf(input: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < input.length; ) {
    const end = Math.min(input.length, at + 1 + input[at]!);
    yield input.subarray(at + 1, end);
    at = end;
  }
}

type Fields = readonly (readonly [name: string, value: string])[];

function checkFields(decoder: HpackDecoder, expected: Fields): void {
  if (decoder.fields.length !== expected.length)
    throw new Broken('a second decoder agrees', 'another number of fields');
  let size = 0;
  for (const [i, [name, value]] of expected.entries()) {
    const field = decoder.fields[i]!;
    if (field.name !== name || field.value !== value)
      throw new Broken('a second decoder agrees', `${field.name}: ${field.value} and ${name}: ${value}`);
    size += name.length + value.length + 32;
    const kinds = (kindsOf(name) & NOT_IN_NAME) | (kindsOf(value) & NOT_IN_VALUE);
    // Names of the static table are never looked at.
    if (!name.startsWith(':') && field.kinds !== kinds)
      throw new Broken('kinds of octets are noted', `${name}: ${value}`);
  }
  if (decoder.listSize !== size)
    throw new Broken('the list has its size', `${decoder.listSize}, not ${size}`);
}

function checkLimited(limited: HpackDecoder, decoder: HpackDecoder, most: number): void {
  if (limited.listSize !== decoder.listSize)
    throw new Broken('a limit changes no size', `${limited.listSize}`);
  const size = limited.fields.reduce((sum, field) => sum + field.size, 0);
  if (size > most) throw new Broken('fields beyond the limit are left out', `${size} of ${most}`);
  for (const [i, field] of limited.fields.entries())
    if (field.name !== decoder.fields[i]!.name || field.value !== decoder.fields[i]!.value)
      throw new Broken('fields within the limit are the same', field.name);
}

function kindsOf(text: string): number {
  let kinds = 0;
  for (let i = 0; i < text.length; i++) kinds |= OCTET_KIND[text.charCodeAt(i)]!;
  return kinds;
}

function encodeAgain(encoder: HpackEncoder, decoder: HpackDecoder, fields: Fields): void {
  const out = new OctetWriter(nativeRuntime);
  encoder.begin(out);
  for (const [name, value] of fields) encoder.field(out, name, value);
  if (!decoder.decode(out.octets, 0, out.length))
    throw new Broken('what was encoded is decoded', decoder.error.reason);
  for (const [i, [name, value]] of fields.entries())
    if (decoder.fields[i]!.name !== name || decoder.fields[i]!.value !== value)
      throw new Broken('what was encoded is decoded', `${name}: ${value}`);
}
