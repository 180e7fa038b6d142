/** HPACK as a connection meets it. Each rule by itself, and the examples of RFC 7541 §C, are in `test/hpack`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackEncoder } from '../../../src/hpack/encoder.ts';
import { OctetWriter } from '../../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../../src/octets/runtime.ts';
import { hex } from '../../hpack/hex.ts';
import { fieldLines, type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import { added, block, type Fields, get, headers, join, request, settings } from '../../http2/frames.ts';
import { fails, gives } from '../http2-requirement.ts';

const silent: Respond = () => {};
const START = block(request());
/** A request, and then this in its block. */
const withBlock = (octets: string | Uint8Array) =>
  headers(1, join(START, typeof octets === 'string' ? hex(octets) : octets));

for (const [title, octets, reason] of [
  [
    'RFC 7541 §2.3.3: an index beyond both tables is a connection error COMPRESSION_ERROR',
    'be',
    'IndexTooLarge',
  ],
  ['RFC 7541 §6.1: index 0 is a connection error COMPRESSION_ERROR', '80', 'IndexZero'],
  [
    'RFC 7541 §5.1: an index that overflows is a connection error COMPRESSION_ERROR',
    'ffffffffffffffffff7f',
    'IntegerTooLarge',
  ],
  [
    'RFC 7541 §5.1: a length that overflows is a connection error COMPRESSION_ERROR',
    '007fffffffffffffffff7f',
    'IntegerTooLarge',
  ],
  [
    'RFC 7541 §5.2: a string that is longer than the block is a connection error COMPRESSION_ERROR',
    '00056162',
    'StringTooLong',
  ],
  [
    'RFC 7541 §5.2: padding of more than seven bits is a connection error COMPRESSION_ERROR',
    '00016182 1fff',
    'HuffmanCode',
  ],
  [
    'RFC 7541 §5.2: padding that is not of ones is a connection error COMPRESSION_ERROR',
    '00016181 18',
    'HuffmanCode',
  ],
  [
    'RFC 7541 §5.2: EOS in a string is a connection error COMPRESSION_ERROR',
    '00016184 ffffffff',
    'HuffmanCode',
  ],
  [
    'RFC 7541 §4.2: a size of the table behind a field is a connection error COMPRESSION_ERROR',
    '20',
    'SizeUpdateLate',
  ],
  [
    'RFC 7541 §3.2: a block that ends within a field is a connection error COMPRESSION_ERROR',
    '000161',
    'BlockIncomplete',
  ],
] as const)
  fails(title, withBlock(octets), reason, 'COMPRESSION_ERROR');

fails(
  'RFC 7541 §6.3: a size of the table above the limit is a connection error COMPRESSION_ERROR',
  headers(1, join(hex('3fe21f'), START)),
  'SizeUpdateTooLarge',
  'COMPRESSION_ERROR',
);

gives(
  'RFC 7541 §6.3: a size of the table up to the limit is taken',
  headers(1, join(hex('203fe11f'), START)),
  {
    answers: ['request 1 GET /'],
  },
);

gives(
  'RFC 7541 §2.2: fields that were added are known in the blocks that follow, on any stream',
  [
    headers(
      1,
      join(START.slice(0, 0), ...request('GET', '/known').map(([name, value]) => added(name, value))),
    ),
    headers(3, hex('c1c0bfbe')),
    headers(5, hex('c1c0bfbe')),
  ],
  { answers: ['request 1 GET /known', 'request 3 GET /known', 'request 5 GET /known'] },
);

gives(
  'RFC 7541 §4.4: fields that were evicted are known no more',
  [
    headers(1, join(START, added('a', 'x'.repeat(3_000)))),
    headers(3, join(START, added('b', 'x'.repeat(3_000)))),
    headers(5, join(START, hex('bf'))),
  ],
  { answers: ['request 1 GET /', 'request 3 GET /', 'failed IndexTooLarge'] },
);

gives(
  'RFC 7541 §2.3.2: a block that was decoded before means something else when the table has changed',
  [
    headers(1, join(START, added('x', '1'))),
    headers(3, join(START, hex('be'))),
    headers(5, join(START, added('x', '2'))),
    headers(7, join(START, hex('be'))),
    headers(9, join(START, hex('bf'))),
  ],
  {
    answers: ['request 1 GET /', 'request 3 GET /', 'request 5 GET /', 'request 7 GET /', 'request 9 GET /'],
  },
);

test('RFC 7541 §2.3.2: and the fields are those of the table as it is', () => {
  const server = TestServer.opened(undefined, silent).receive(headers(1, join(START, added('x', '1'))));
  const x = (id: number) =>
    server
      .receive(headers(id, join(START, hex('be'))))
      .streams.get(id)!
      .head!.fields.get('x');
  assert.deepEqual([x(3), x(5)], ['1', '1']);
  server.receive(headers(7, join(START, added('x', '2'))));
  assert.deepEqual([x(9), x(11)], ['2', '2']);
  server.receive(headers(13, join(hex('203fe11f'), START, added('x', '3'))));
  assert.deepEqual([x(15), x(17)], ['3', '3']);
});

test('RFC 7541 §2.3: requests that a real encoder makes are understood, the first and those that repeat it', () => {
  const server = TestServer.opened(undefined, silent);
  const encoder = new HpackEncoder();
  for (let i = 0; i < 50; i++) {
    const fields: Fields = [
      ...request('GET', `/${i % 3}`),
      ['user-agent', 'Test/1.0'],
      ['cookie', `id=${i % 2}`.repeat(9)],
      ['x', ''],
    ];
    const out = new OctetWriter(PLAIN_RUNTIME);
    encoder.begin(out);
    for (const [name, value] of fields) encoder.field(out, name, value);
    server.receive(headers(2 * i + 1, out.octets.slice(0, out.length)));
    const head = server.streams.get(2 * i + 1)!.head!;
    assert.equal(head.path, `/${i % 3}`);
    assert.deepEqual(
      head.fields.values.slice(1),
      fields.slice(4).map(([, value]) => value),
    );
    server.connection.sendResponse(server.streams.get(2 * i + 1)!, responseStart({ contentLength: 0 }), null);
  }
});

test('RFC 7541 §6.2.3: Set-Cookie of a response is never indexed', () => {
  const server = TestServer.opened(undefined, silent);
  for (const id of [1, 3, 5]) {
    server.receive(get(id)).sent();
    const fields = fieldLines(['Set-Cookie', 'sid=0123456789']);
    server.connection.sendResponse(
      server.streams.get(id)!,
      responseStart({ fields, contentLength: 0 }),
      null,
    );
    const output = Buffer.from(server.connection.output()!);
    // :status 200, then a literal that is never indexed, with the name of entry 55.
    assert.deepEqual([...output.subarray(9, 12)], [0x88, 0x1f, 55 - 15]);
  }
});

test('RFC 7541 §4.2: a client that allows no table at all is sent none', () => {
  const server = TestServer.opened(undefined, silent).receive(settings([1, 0]));
  for (const id of [1, 3, 5]) {
    server.receive(get(id));
    server.connection.sendResponse(
      server.streams.get(id)!,
      responseStart({ fields: fieldLines(['X-Any', 'any']), contentLength: 0 }),
      null,
    );
  }
  assert.equal(server.sent().filter((line) => line.endsWith('x-any=any content-length=0')).length, 3);
});

test('RFC 7541 §4.3: a client that takes the table away gets no index of an entry that was in it', () => {
  const server = TestServer.opened(undefined, silent);
  const respond = (id: number, status: number): void => {
    server.receive(get(id));
    const fields = fieldLines(['X-Taken-Away', 'value']);
    server.connection.sendResponse(
      server.streams.get(id)!,
      responseStart({ status, fields, contentLength: 0 }),
      null,
    );
  };
  for (const id of [1, 3, 5]) respond(id, 200);
  server.receive(settings([1, 0]));
  respond(7, 404);
  respond(9, 200);
  assert.equal(server.sent().filter((line) => line.includes('x-taken-away=value')).length, 5);
});
