import assert from 'node:assert/strict';
import { test } from 'node:test';
import { representationsIn } from '../../src/hpack/representations.ts';
import { hex } from './hex.ts';

/** The examples of RFC 7541 §C.2 to §C.4. */
const EXAMPLES: Readonly<Record<string, readonly [block: string, shown: string]>> = {
  'a literal field with indexing (§C.2.1)': [
    '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
    'added 0 custom-key=custom-header 0-26',
  ],
  'a literal field without indexing (§C.2.2)': [
    '040c2f73616d706c652f70617468',
    'not added 4 =/sample/path 0-14',
  ],
  'a field that is never indexed (§C.2.3)': [
    '100870617373776f726406736563726574',
    'never indexed 0 password=secret 0-17',
  ],
  'indexed fields, and a name by its index (§C.3.1)': [
    '828684410f7777772e6578616d706c652e636f6d',
    'indexed 2 = 0-1, indexed 6 = 1-2, indexed 4 = 2-3, added 1 =www.example.com 3-20',
  ],
  'Huffman-coded strings (§C.4.3)': [
    '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    'indexed 2 = 0-1, indexed 7 = 1-2, indexed 5 = 2-3, indexed 63 = 3-4, added 0 custom-key*=custom-value* 4-24',
  ],
  'a size update (§6.3), whose integer has more than one octet (§5.1)': [
    '3fe11f82',
    'size update 4096 = 0-3, indexed 2 = 3-4',
  ],
};

const shown = (block: string, changesOnly = false): string | undefined =>
  representationsIn(hex(block), changesOnly)
    ?.map(({ kind, index, name, value, start, end }) => {
      const [one, other] = [name, value].map((part) => part && `${part.text}${part.isHuffman ? '*' : ''}`);
      return `${kind} ${index} ${one ?? ''}=${other ?? ''} ${start}-${end}`;
    })
    .join(', ');

for (const [name, [block, expected]] of Object.entries(EXAMPLES)) {
  test(`RFC 7541 §6: representationsIn shows ${name}`, () => assert.equal(shown(block), expected));

  test(`RFC 7541 §3.2: a block with ${name} that is cut anywhere else than behind a field is malformed`, () => {
    const ends = representationsIn(hex(block))!.map(({ end }) => end);
    for (let end = 1; end < block.length / 2; end++)
      assert.equal(
        representationsIn(hex(block.slice(0, end * 2))) !== undefined,
        ends.includes(end),
        `${end}`,
      );
  });
}

test('RFC 7541 §2.3.3: on request only what changes the table is shown', () => {
  const block = '3fe11f82040c2f73616d706c652f70617468828684410f7777772e6578616d706c652e636f6d';
  assert.equal(shown(block, true), 'size update 4096 = 0-3, added 1 =www.example.com 21-38');
});

test('RFC 7541 §5.2: a string with a wrong Huffman coding is malformed', () => {
  assert.equal(representationsIn(hex('4081ff81ff')), undefined);
});
