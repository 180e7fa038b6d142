import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HpackDecoder, HpackEncoder, OctetWriter, PLAIN_RUNTIME } from '../../src/hpack/index.ts';
import * as types from '../../src/http2/frame/frame-types.ts';
import type { HeaderBlock } from '../../src/inspector/messages.ts';
import { BlockFollower } from '../../src/inspector/recorder/block-follower.ts';
import { tableSizeOf } from '../../src/inspector/recorder/followed-table.ts';
import type { Frame } from '../../src/inspector/recorder/frame-reader.ts';
import { blocksIn, headerBlock } from '../../src/inspector/wording/header-blocks.ts';

type Fields = readonly (readonly [name: string, value: string, isSensitive?: boolean])[];

function blockOf(encoder: HpackEncoder, fields: Fields): Uint8Array {
  const out = new OctetWriter(PLAIN_RUNTIME);
  encoder.begin(out);
  for (const [name, value, isSensitive] of fields) encoder.field(out, name, value, isSensitive);
  return out.octets.slice(0, out.length);
}

function frameOf(type: number, flags: number, payload: Uint8Array): Frame {
  const octets = new Uint8Array([0, 0, payload.length, type, flags, 0, 0, 0, 1, ...payload]);
  return { direction: 'received', at: 0, type, stream: 1, octets, offset: 0, omitted: 0, endsRequest: false };
}

const headers = (block: Uint8Array): Frame => frameOf(types.HEADERS, types.END_HEADERS, block);

/** Follows the frames, and shows the block of the last. */
function shownAfter(
  follower: BlockFollower,
  frames: readonly Frame[],
  secrets = false,
): HeaderBlock | undefined {
  for (const frame of frames) frame.table = follower.onFrame(frame);
  const block = [...blocksIn(frames).values()].at(-1);
  return block && headerBlock(block, secrets);
}

const linesOf = ({ fields }: HeaderBlock): string[] =>
  fields.map(
    ({ name, value, form, decoded, octets }) => `${name}=${value} | ${form} | ${decoded} → ${octets}`,
  );

describe('a header block in the inspector', () => {
  const FIELDS: Fields = [
    [':method', 'GET'],
    ['x-id', 'abcabcabc'],
    ['cookie', 'opensesame'],
    ['authorization', 'opensesame', true],
  ];

  it('RFC 7541 §6: says how each field was written, and that the next block refers to the table', () => {
    const [encoder, follower] = [new HpackEncoder(), new BlockFollower()];
    // The encoder adds what it has sent before.
    shownAfter(follower, [headers(blockOf(encoder, FIELDS))], true);
    const first = shownAfter(follower, [headers(blockOf(encoder, FIELDS))], true)!;
    const second = shownAfter(follower, [headers(blockOf(encoder, FIELDS))], true)!;
    assert.equal(linesOf(first)[0], ':method=GET | Indexed: static 2 | 10 → 1');
    assert.match(linesOf(second).join('\n'), /^x-id=abcabcabc \| Indexed: dynamic 6\d \| 13 → 1$/m);
    assert.match(
      linesOf(second).join('\n'),
      /^authorization=opensesame \| Literal, never indexed; name from static 23, value in Huffman code/m,
    );
    assert.equal(first.fields[3]!.source, 'RFC 7541 §6.2.3');
    assert.deepEqual(second.table[0]!.index, 62);
    assert.equal(
      second.octets,
      second.fields.reduce((sum, { octets }) => sum + octets, 0),
    );
    assert.ok(second.octets < second.decoded);
  });

  it('hides secrets in the fields and in the table', () => {
    const [encoder, follower] = [new HpackEncoder(), new BlockFollower()];
    const block = Uint8Array.from([0x60, 10, ...Buffer.from('opensesame'), ...blockOf(encoder, FIELDS)]);
    const hidden = shownAfter(follower, [headers(block)])!;
    assert.equal(hidden.table.find(({ name }) => name === 'cookie')!.value, '[hidden]');
    assert.ok(!JSON.stringify(hidden).includes('opensesame'));
  });

  it('RFC 9113 §6.10: is put together from its frames, without padding and priority', () => {
    const block = blockOf(new HpackEncoder(), FIELDS);
    const flags = types.PADDED | types.HAS_PRIORITY;
    const begin = frameOf(
      types.HEADERS,
      flags,
      Uint8Array.from([2, 0, 0, 0, 0, 9, ...block.subarray(0, 3), 0, 0]),
    );
    const rest = frameOf(types.CONTINUATION, types.END_HEADERS, block.subarray(3));
    const shown = shownAfter(new BlockFollower(), [begin, rest], true)!;
    assert.deepEqual(
      shown.fields.map(({ name, value }) => [name, value]),
      FIELDS.map(([name, value]) => [name, value]),
    );
    assert.equal(shown.octets, block.length);
  });

  it('RFC 7541 §4: has the table that the decoder has, through evictions and changes of the size', () => {
    const [encoder, decoder, follower] = [new HpackEncoder(), new HpackDecoder(), new BlockFollower()];
    for (let i = 0; i < 300; i++) {
      if (i % 40 === 39) encoder.setLimit(i % 80 === 39 ? 200 : 4_096);
      const fields: Fields = [
        ['x-often', `v${i % 7}`],
        [`x-${i % 50}`, 'y'.repeat(i % 90)],
        ['x-large', String(i % 3).repeat(120)],
      ];
      const block = blockOf(encoder, fields);
      const shown = shownAfter(follower, [headers(block)], true)!;
      assert.ok(decoder.decode(block));
      const written = shown.fields.filter(({ name }) => name !== '');
      assert.deepEqual(
        written.map(({ name, value }) => [name, value]),
        decoder.fields.map(({ name, value }) => [name, value]),
      );
      assert.equal(shown.size, decoder.tableSize, `block ${i}`);
    }
  });

  it('keeps one table for all blocks that do not change it', () => {
    const [encoder, follower] = [new HpackEncoder(), new BlockFollower()];
    const tables = [1, 2, 3, 4].map(() => follower.onFrame(headers(blockOf(encoder, FIELDS)))!);
    assert.equal(tables[2], tables[3]);
    assert.ok(tableSizeOf(tables[3]!) <= 4_096);
  });

  it('is not shown after one that is malformed, or that was not kept as a whole', () => {
    const wrong = headers(Uint8Array.from([0x80]));
    const late = headers(Uint8Array.from([0x82, 0x3f]));
    const cut = { ...headers(Uint8Array.from([0x82])), omitted: 1 };
    for (const frame of [late, cut]) {
      const follower = new BlockFollower();
      assert.equal(shownAfter(follower, [frame]), undefined);
      assert.equal(shownAfter(follower, [headers(Uint8Array.from([0x82]))]), undefined);
    }
    assert.equal(shownAfter(new BlockFollower(), [wrong]), undefined);
  });
});
