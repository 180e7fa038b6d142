import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { HPACK_ERRORS, type HpackErrorReason } from '../../src/hpack/errors.ts';
import { NOT_IN_NAME, NOT_IN_VALUE } from '../../src/hpack/octet-kinds.ts';
import { hex } from './hex.ts';

/** `name: value` lines; or why there are none. */
function decoded(
  decoder: HpackDecoder,
  block: Uint8Array | string,
  mostListSize?: number,
): string[] | string {
  const octets = typeof block === 'string' ? hex(block) : block;
  if (!decoder.decode(octets, 0, octets.length, mostListSize)) return decoder.error.reason;
  return decoder.fields.map(({ name, value }) => `${name}: ${value}`);
}

/** A literal of short strings that are not Huffman-coded. */
function literal(firstOctet: string, ...strings: string[]): string {
  const written = strings.map((text) => {
    const length =
      text.length < 127
        ? [text.length]
        : [0x7f, ((text.length - 127) % 128) | 0x80, (text.length - 127) >> 7];
    return Buffer.from(length).toString('hex') + Buffer.from(text, 'latin1').toString('hex');
  });
  return firstOctet + written.join('');
}

interface Example {
  readonly title: string;
  readonly tableSize?: number;
  readonly steps: readonly {
    readonly block: string;
    readonly fields: string[];
    readonly tableSize: number;
  }[];
}

const FIRST_REQUEST = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const SECOND_REQUEST = [...FIRST_REQUEST, 'cache-control: no-cache'];
const THIRD_REQUEST = [
  ':method: GET',
  ':scheme: https',
  ':path: /index.html',
  ':authority: www.example.com',
  'custom-key: custom-value',
];
const PRIVATE = 'cache-control: private';
const DATE = 'date: Mon, 21 Oct 2013 20:13:21 GMT';
const LOCATION = 'location: https://www.example.com';
const FIRST_RESPONSE = [':status: 302', PRIVATE, DATE, LOCATION];
const SECOND_RESPONSE = [':status: 307', PRIVATE, DATE, LOCATION];
const THIRD_RESPONSE = [
  ':status: 200',
  PRIVATE,
  'date: Mon, 21 Oct 2013 20:13:22 GMT',
  LOCATION,
  'content-encoding: gzip',
  'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
];

const EXAMPLES: readonly Example[] = [
  {
    title: 'RFC 7541 §C.2.1: a literal field with indexing',
    steps: [
      {
        block: '400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572',
        fields: ['custom-key: custom-header'],
        tableSize: 55,
      },
    ],
  },
  {
    title: 'RFC 7541 §C.2.2: a literal field without indexing',
    steps: [{ block: '040c 2f73 616d 706c 652f 7061 7468', fields: [':path: /sample/path'], tableSize: 0 }],
  },
  {
    title: 'RFC 7541 §C.2.3: a literal field that is never indexed',
    steps: [
      { block: '1008 7061 7373 776f 7264 0673 6563 7265 74', fields: ['password: secret'], tableSize: 0 },
    ],
  },
  {
    title: 'RFC 7541 §C.2.4: an indexed field',
    steps: [{ block: '82', fields: [':method: GET'], tableSize: 0 }],
  },
  {
    title: 'RFC 7541 §C.3: requests without Huffman coding',
    steps: [
      { block: '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d', fields: FIRST_REQUEST, tableSize: 57 },
      { block: '8286 84be 5808 6e6f 2d63 6163 6865', fields: SECOND_REQUEST, tableSize: 110 },
      {
        block: '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
        fields: THIRD_REQUEST,
        tableSize: 164,
      },
    ],
  },
  {
    title: 'RFC 7541 §C.4: requests with Huffman coding',
    steps: [
      { block: '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff', fields: FIRST_REQUEST, tableSize: 57 },
      { block: '8286 84be 5886 a8eb 1064 9cbf', fields: SECOND_REQUEST, tableSize: 110 },
      {
        block: '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
        fields: THIRD_REQUEST,
        tableSize: 164,
      },
    ],
  },
  {
    title: 'RFC 7541 §C.5: responses without Huffman coding, with a table of 256 octets',
    tableSize: 256,
    steps: [
      {
        block: `4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133
          2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d`,
        fields: FIRST_RESPONSE,
        tableSize: 222,
      },
      { block: '4803 3330 37c1 c0bf', fields: SECOND_RESPONSE, tableSize: 222 },
      {
        block: `88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04
          677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d
          6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31`,
        fields: THIRD_RESPONSE,
        tableSize: 215,
      },
    ],
  },
  {
    title: 'RFC 7541 §C.6: responses with Huffman coding, with a table of 256 octets',
    tableSize: 256,
    steps: [
      {
        block: `4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d
          29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3`,
        fields: FIRST_RESPONSE,
        tableSize: 222,
      },
      { block: '4883 640e ffc1 c0bf', fields: SECOND_RESPONSE, tableSize: 222 },
      {
        block: `88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d
          d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07`,
        fields: THIRD_RESPONSE,
        tableSize: 215,
      },
    ],
  },
];

for (const { title, tableSize, steps } of EXAMPLES) {
  test(title, () => {
    const decoder = new HpackDecoder(tableSize);
    for (const step of steps) {
      assert.deepEqual(decoded(decoder, step.block), step.fields);
      assert.equal(decoder.tableSize, step.tableSize);
    }
  });
}

test('RFC 7541 §6.2.3: a field that is never indexed is marked, others are not', () => {
  const decoder = new HpackDecoder();
  decoder.decode(
    hex(`1008 7061 7373 776f 7264 0673 6563 7265 74${literal('00', 'a', 'b')}${literal('40', 'a', 'b')}82`),
  );
  assert.deepEqual(
    decoder.fields.map(({ isSensitive }) => isSensitive),
    [true, false, false, false],
  );
});

interface Failing {
  readonly title: string;
  readonly block: string;
  readonly reason: HpackErrorReason;
}

const LONG = `${'80'.repeat(9)}01`;

const FAILING: readonly Failing[] = [
  { title: 'RFC 7541 §6.1: index 0 is an error', block: '80', reason: 'IndexZero' },
  {
    title: 'RFC 7541 §2.3.3: index 62 is an error while the dynamic table is empty',
    block: 'be',
    reason: 'IndexTooLarge',
  },
  {
    title: 'RFC 7541 §2.3.3: a name beyond both tables is an error',
    block: `7e${literal('', 'a')}`,
    reason: 'IndexTooLarge',
  },
  { title: 'RFC 7541 §2.3.3: index 2^31-1 is an error', block: 'ff80ffffff07', reason: 'IndexTooLarge' },
  {
    title: 'RFC 7541 §5.1: an index that overflows is an error',
    block: `ff${LONG}`,
    reason: 'IntegerTooLarge',
  },
  {
    title: 'RFC 7541 §5.1: a length that overflows is an error',
    block: `407f${LONG}`,
    reason: 'IntegerTooLarge',
  },
  {
    title: 'RFC 7541 §5.1: a size that overflows is an error',
    block: `3f${LONG}`,
    reason: 'IntegerTooLarge',
  },
  {
    title: 'RFC 7541 §5.1: an index without its last octet is an error',
    block: 'ff',
    reason: 'BlockIncomplete',
  },
  { title: 'RFC 7541 §5.2: a literal without a name is an error', block: '40', reason: 'BlockIncomplete' },
  {
    title: 'RFC 7541 §5.2: a literal without a value is an error',
    block: '400161',
    reason: 'BlockIncomplete',
  },
  {
    title: 'RFC 7541 §5.2: a string that is longer than the rest of the block is an error',
    block: '40016103 6262',
    reason: 'StringTooLong',
  },
  {
    title: 'RFC 7541 §5.2: a string of 2^31-1 octets is an error',
    block: '407f80ffffff07',
    reason: 'StringTooLong',
  },
  {
    title: 'RFC 7541 §5.2: wrong padding in a name is an error',
    block: '408118 0161',
    reason: 'HuffmanCode',
  },
  {
    title: 'RFC 7541 §5.2: wrong padding in a value is an error',
    block: '40016181 18',
    reason: 'HuffmanCode',
  },
  { title: 'RFC 7541 §5.2: EOS in a value is an error', block: '40016184 ffff ffff', reason: 'HuffmanCode' },
  {
    title: 'RFC 7541 §6.3: a size of 4097 is an error where 4096 are allowed',
    block: '3fe21f',
    reason: 'SizeUpdateTooLarge',
  },
  { title: 'RFC 7541 §4.2: a size behind a field is an error', block: '8220', reason: 'SizeUpdateLate' },
];

for (const { title, block, reason } of FAILING) {
  test(title, () => {
    assert.equal(decoded(new HpackDecoder(), block), reason);
    // Behind fields that are in order, too.
    if (!block.startsWith('3f')) assert.equal(decoded(new HpackDecoder(), `82${block}`), reason);
  });
}

test('RFC 7541 §6.3: a size of 4096 is allowed where 4096 are', () => {
  assert.deepEqual(decoded(new HpackDecoder(), '3fe11f82'), [':method: GET']);
});

test('RFC 7541 §4.2: two sizes in a row are allowed, and the lower one has evicted', () => {
  const decoder = new HpackDecoder();
  decoded(decoder, literal('40', 'a', 'b'));
  assert.deepEqual(decoded(decoder, '203fe11f'), []);
  assert.equal(decoder.tableSize, 0);
  assert.equal(decoded(decoder, 'be'), 'IndexTooLarge');
});

test('RFC 9113 §4.3.1: after a lower limit, a block that does not begin with a size is an error', () => {
  const decoder = new HpackDecoder();
  decoder.setLimit(100);
  assert.equal(decoded(decoder, '82'), 'SizeUpdateMissing');
  const obedient = new HpackDecoder();
  obedient.setLimit(100);
  assert.deepEqual(decoded(obedient, '3f4582'), [':method: GET']);
  assert.deepEqual(decoded(obedient, '82'), [':method: GET']);
  assert.equal(decoded(obedient, '3f46'), 'SizeUpdateTooLarge');
});

test('RFC 7541 §4.2: after a higher limit, no size is needed, and a larger one is allowed', () => {
  const decoder = new HpackDecoder();
  decoder.setLimit(8192);
  assert.deepEqual(decoded(decoder, '82'), [':method: GET']);
  assert.deepEqual(decoded(decoder, '3fe13f82'), [':method: GET']);
});

test('RFC 7541 §4.4: a field larger than the table empties it, and is a field all the same', () => {
  const decoder = new HpackDecoder(100);
  decoded(decoder, literal('40', 'a', 'b'));
  const value = 'v'.repeat(68);
  assert.deepEqual(decoded(decoder, literal('40', 'n', value)), [`n: ${value}`]);
  assert.equal(decoder.tableSize, 0);
});

test('RFC 7541 §4.4: a new entry may be named after one that it evicts', () => {
  const decoder = new HpackDecoder(100);
  decoded(decoder, literal('40', 'name', 'v'.repeat(40)));
  assert.deepEqual(decoded(decoder, literal('7e', 'w'.repeat(50))), [`name: ${'w'.repeat(50)}`]);
  assert.equal(decoder.tableSize, 4 + 50 + 32);
});

test('RFC 7541 §2.2: an entry can be used in the block that adds it', () => {
  const decoder = new HpackDecoder();
  const block = `${literal('40', 'name', 'one')}be${literal('7e', 'two')}bebf${literal('0f2f', 'three')}`;
  assert.deepEqual(decoded(decoder, block), [
    'name: one',
    'name: one',
    'name: two',
    'name: two',
    'name: one',
    'name: three',
  ]);
});

test('RFC 9113 §6.5.2: fields beyond the list size are left out, counted, and still change the table', () => {
  // Each field is 34 octets, as SETTINGS_MAX_HEADER_LIST_SIZE counts.
  const block =
    literal('40', 'a', '1') + literal('40', 'b', '2') + literal('00', 'c', '3') + literal('40', 'd', '4');
  for (const { most, fields } of [
    { most: 136, fields: ['a: 1', 'b: 2', 'c: 3', 'd: 4'] },
    { most: 135, fields: ['a: 1', 'b: 2', 'c: 3'] },
    { most: 67, fields: ['a: 1'] },
    { most: 0, fields: [] },
  ]) {
    const decoder = new HpackDecoder();
    assert.deepEqual(decoded(decoder, block, most), fields);
    assert.equal(decoder.listSize, 136);
    assert.deepEqual(decoded(decoder, 'bebfc0'), ['d: 4', 'b: 2', 'a: 1']);
  }
});

test('an indexed bomb is counted in full and kept nowhere', () => {
  const decoder = new HpackDecoder();
  decoded(decoder, literal('40', 'bomb', 'b'.repeat(4_000)));
  const blocks = new Uint8Array(60_000).fill(0xbe);
  assert.equal(decoder.decode(blocks, 0, blocks.length, 16_384), true);
  assert.equal(decoder.listSize, 60_000 * 4_036);
  assert.equal(decoder.fields.length, 4);
});

test('RFC 9113 §8.2.1: what is wrong with the octets of a name or a value is noted with the field', () => {
  const decoder = new HpackDecoder();
  const blocks = [
    literal('40', 'ok', 'v\t\x80'),
    literal('00', 'Bad', 'v'),
    literal('00', 'bad', 'v\r'),
    literal('00', 'b d', '\0'),
    // Named after the second entry, which is in order, and after `Bad`.
    literal('40', 'Bad', 'v'),
    literal('7e', 'v'),
    literal('7f00', '\n'),
  ];
  assert.ok(decoder.decode(hex(blocks.join(''))));
  assert.deepEqual(
    decoder.fields.map(({ kinds }) => kinds),
    [
      0,
      NOT_IN_NAME,
      NOT_IN_VALUE,
      NOT_IN_NAME | NOT_IN_VALUE,
      NOT_IN_NAME,
      NOT_IN_NAME,
      NOT_IN_NAME | NOT_IN_VALUE,
    ],
  );
});

test('the version of the table changes with each entry and each size, and with nothing else', () => {
  const decoder = new HpackDecoder();
  const versions = ['82', literal('00', 'a', 'b'), literal('40', 'a', 'b'), 'be', '3fe11f', '82'].map(
    (block) => {
      decoded(decoder, block);
      return decoder.tableVersion;
    },
  );
  assert.deepEqual(versions, [0, 0, 1, 1, 2, 2]);
});

test('a block that is cut anywhere is an error or a shorter list, and nothing else', () => {
  const block = hex(EXAMPLES[7]!.steps[2]!.block.replace(/c[01]/g, '82'));
  for (let end = 0; end <= block.length; end++) {
    const result = decoded(new HpackDecoder(256), block.subarray(0, end));
    if (typeof result === 'string') assert.ok(result in HPACK_ERRORS, result);
  }
});

test('two decoders do not disturb each other', () => {
  const [one, other] = [new HpackDecoder(), new HpackDecoder()];
  decoded(one, literal('40', 'a', '1'));
  decoded(other, literal('40', 'b', '2'));
  assert.deepEqual(decoded(one, 'be'), ['a: 1']);
  assert.deepEqual(decoded(other, 'be'), ['b: 2']);
});

test('fields that many connections begin with are the same objects for all of them, and the right ones', () => {
  const block =
    literal('40', 'x-of-many', 'one') + literal('5a', 'two') + literal('00', 'x-of-many', 'three');
  const fields = Array.from({ length: 4 }, () => {
    const decoder = new HpackDecoder();
    assert.deepEqual(decoded(decoder, block), [
      'x-of-many: one',
      'content-encoding: two',
      'x-of-many: three',
    ]);
    const [first, second, third] = decoder.fields;
    assert.deepEqual(decoded(decoder, 'bebf'), ['content-encoding: two', 'x-of-many: one']);
    return [first, second, third];
  });
  assert.equal(fields[2]![0], fields[3]![0]);
  assert.equal(fields[2]![1], fields[3]![1]);
  assert.notEqual(fields[2]![2], fields[3]![2]);
});

test('a block that fails leaves no field without its strings behind', () => {
  const good = literal('40', 'x-before-failure', 'value');
  for (let times = 0; times < 4; times++) {
    assert.equal(decoded(new HpackDecoder(), `${good}80`), 'IndexZero');
    assert.deepEqual(decoded(new HpackDecoder(), good), ['x-before-failure: value']);
  }
});
