import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { HpackEncoder } from '../../src/hpack/encoder.ts';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { hexOf } from './hex.ts';

type Fields = readonly (readonly [name: string, value: string])[];

function encoded(encoder: HpackEncoder, fields: Fields): Uint8Array {
  const out = new OctetWriter(PLAIN_RUNTIME);
  encoder.begin(out);
  for (const [name, value] of fields) encoder.field(out, name, value);
  return out.octets.slice(0, out.length);
}

/** An encoder and the decoder at the other end: what is sent has to come out. */
class Pair {
  readonly encoder: HpackEncoder;
  readonly decoder: HpackDecoder;

  constructor(tableSize?: number) {
    this.encoder = new HpackEncoder(tableSize);
    this.decoder = new HpackDecoder();
  }

  /** @returns the block. */
  send(fields: Fields): Uint8Array {
    const block = encoded(this.encoder, fields);
    assert.ok(this.decoder.decode(block), this.decoder.error.reason);
    const received = this.decoder.fields.map(({ name, value }) => [name, value]);
    assert.deepEqual(received, fields);
    return block;
  }
}

let unique = 0;
/** A name that no test has used: what is known is known in the whole process. */
const newName = () => `x-new-${unique++}`;

test('RFC 7541 §6.1: what the static table has is one octet', () => {
  const pair = new Pair();
  assert.equal(
    hexOf(
      pair.send([
        [':status', '200'],
        [':method', 'GET'],
        ['accept-encoding', 'gzip, deflate'],
      ]),
    ),
    '888290',
  );
});

test('a field is added when it is sent for the second time, and an index from then on', () => {
  const pair = new Pair();
  const fields: Fields = [['content-type', `text/x-${newName()}`]];
  const first = pair.send(fields);
  assert.equal(first[0], 0x0f);
  assert.equal(pair.encoder.tableVersion, 0);
  const second = pair.send(fields);
  assert.equal(second[0], 0x40 | 31);
  assert.equal(pair.encoder.tableVersion, 1);
  assert.equal(hexOf(pair.send(fields)), 'be');
  // On the next connection it has been sent before.
  assert.equal(new Pair().send(fields)[0], 0x40 | 31);
});

test('a name that no table has is added with its first value, so that it is an index with the next', () => {
  const pair = new Pair();
  const name = newName();
  assert.equal(pair.send([[name, 'one']])[0], 0x40);
  assert.deepEqual([...pair.send([[name, 'two']]).subarray(0, 2)], [0x0f, 62 - 15]);
  assert.equal(pair.encoder.tableVersion, 1);
  assert.equal(hexOf(pair.send([[name, 'one']])), 'be');
});

test('RFC 7541 §7.1.3: a secret is written as never indexed, each time', () => {
  const pair = new Pair();
  for (let times = 0; times < 3; times++) {
    for (const [name, value] of [
      ['set-cookie', 'sid=1'],
      ['authorization', 'Basic YTpi'],
      ['cookie', 'sid=1'],
    ] as const) {
      pair.send([[name, value]]);
      assert.equal(pair.decoder.fields[0]!.isSensitive, true, name);
    }
    const out = new OctetWriter(PLAIN_RUNTIME);
    pair.encoder.field(out, 'x-csrf-token', 'abc', true);
    assert.equal(out.octets[0], 0x10);
    assert.ok(pair.decoder.decode(out.octets, 0, out.length));
  }
  assert.equal(pair.encoder.tableVersion, 0);
});

test('a field whose value is another one each time is not added', () => {
  const pair = new Pair();
  for (let times = 0; times < 3; times++) {
    pair.send([
      ['content-length', '1234'],
      ['etag', '"abc"'],
      [':path', '/somewhere'],
    ]);
  }
  assert.equal(pair.encoder.tableVersion, 0);
});

test('a field of half the table is added, one octet more is not', () => {
  const name = newName();
  const most = 2048 - 32 - name.length;
  const pair = new Pair();
  pair.send([[name, 'v'.repeat(most + 1)]]);
  assert.equal(pair.encoder.tableVersion, 0);
  pair.send([[name, 'v'.repeat(most)]]);
  assert.equal(pair.encoder.tableVersion, 1);
});

test('RFC 7541 §4.2: a lower limit of the decoder is announced at the start of the next block', () => {
  const pair = new Pair();
  pair.encoder.setLimit(100);
  pair.decoder.setLimit(100);
  assert.equal(pair.encoder.owesSizeUpdate, true);
  assert.equal(hexOf(pair.send([[':status', '200']])), '3f4588');
  assert.equal(pair.encoder.owesSizeUpdate, false);
  assert.equal(hexOf(pair.send([[':status', '200']])), '88');
});

test('RFC 7541 §4.2: of several limits between two blocks the smallest is announced, then the last one', () => {
  const pair = new Pair();
  const fields: Fields = [[newName(), 'value']];
  pair.send(fields);
  for (const limit of [0, 100, 4096]) pair.encoder.setLimit(limit);
  assert.equal(hexOf(pair.send([[':status', '200']])), '203fe11f88');
  assert.equal(pair.decoder.tableSize, 0);
  pair.send(fields);
});

test('RFC 7541 §4.2: a limit above what the encoder wants changes nothing', () => {
  const pair = new Pair();
  pair.encoder.setLimit(1_000_000);
  assert.equal(pair.encoder.owesSizeUpdate, false);
});

test('RFC 7541 §4.2: an encoder that wants less says so in its first block', () => {
  assert.equal(hexOf(new Pair(0).send([[':status', '200']])), '2088');
  assert.equal(hexOf(new Pair(64).send([[':status', '200']])), '3f2188');
});

test('with a table of no octets nothing is added, and all arrives', () => {
  const pair = new Pair(0);
  const { tableVersion } = pair.encoder;
  for (let times = 0; times < 3; times++)
    pair.send([
      ['x-none', 'value'],
      ['content-type', 'text/plain'],
    ]);
  assert.equal(pair.encoder.tableVersion, tableVersion);
});

test('RFC 7541 §4.4: what is evicted is sent anew, and all arrives, whatever comes in between', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1;
    return seed % below;
  };
  for (const size of [100, 300, 4096]) {
    const pair = new Pair(size);
    for (let block = 0; block < 400; block++) {
      const fields = Array.from({ length: random(8) }, () => {
        const name = ['content-type', 'x-a', 'x-b', 'date', 'set-cookie', 'vary', 'x-long-name'][random(7)]!;
        return [name, `value-${random(12)}`.repeat(1 + random(4))] as const;
      });
      pair.send(fields);
      if (random(50) === 0) {
        const limit = [0, 64, 200, 4096][random(4)]!;
        pair.encoder.setLimit(limit);
        pair.decoder.setLimit(limit);
      }
    }
  }
});

test('a character above U+00FF throws', () => {
  const out = new OctetWriter(PLAIN_RUNTIME);
  for (const name of ['content-type', 'content-length', 'set-cookie'])
    assert.throws(() => new HpackEncoder().field(out, name, '\u010d'), TypeError);
});
