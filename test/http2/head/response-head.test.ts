import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { Http2Error } from '../../../src/http2/errors.ts';
import { type Http2ResponseHead, readResponseHead } from '../../../src/http2/head/response-head.ts';
import { block, type Fields } from '../frames.ts';

function read(fields: Fields, endsStream = false): Http2ResponseHead | string {
  const decoder = new HpackDecoder();
  decoder.decode(block(fields));
  const head = readResponseHead(decoder.fields, endsStream);
  return head instanceof Http2Error ? head.reason : head;
}

test('RFC 9113 §8.3.2: a response has a status, and its fields', () => {
  const head = read([
    [':status', '206'],
    ['content-length', '5'],
    ['x', 'y'],
  ]) as Http2ResponseHead;
  assert.deepEqual(
    [head.status, head.contentLength, head.hasContent, head.isInterim, head.fields.get('x')],
    [206, 5, true, false, 'y'],
  );
  assert.equal(head.text, ':status: 206\r\ncontent-length: 5\r\nx: y\r\n\r\n');
  assert.equal((read([[':status', '204']], true) as Http2ResponseHead).hasContent, false);
  assert.equal((read([[':status', '103']]) as Http2ResponseHead).isInterim, true);
});

const MALFORMED: readonly { title: string; fields: Fields; reason: string; endsStream?: boolean }[] = [
  {
    title: 'RFC 9113 §8.3.2: a response without :status is malformed',
    fields: [['x', 'y']],
    reason: 'PseudoFieldMissing',
  },
  {
    title: 'RFC 9113 §8.3.2: a :status that is no status code is malformed',
    fields: [[':status', '2xx']],
    reason: 'StatusSyntax',
  },
  {
    title: 'RFC 9113 §8.3.2: two :status are malformed',
    fields: [
      [':status', '200'],
      [':status', '200'],
    ],
    reason: 'PseudoFieldRepeated',
  },
  {
    title: 'RFC 9113 §8.3: a :status behind a regular field is malformed',
    fields: [
      ['x', 'y'],
      [':status', '200'],
    ],
    reason: 'PseudoFieldLate',
  },
  {
    title: 'RFC 9113 §8.3: a pseudo-field of a request in a response is malformed',
    fields: [
      [':status', '200'],
      [':path', '/'],
    ],
    reason: 'PseudoFieldUnknown',
  },
  { title: 'RFC 9113 §8.6: 101 is malformed', fields: [[':status', '101']], reason: 'StatusSwitching' },
  {
    title: 'RFC 9113 §8.1: an interim response that ends the stream is malformed',
    fields: [[':status', '103']],
    reason: 'InterimWithEnd',
    endsStream: true,
  },
  {
    title: 'RFC 9113 §8.2.2: a field about the connection in a response is malformed',
    fields: [
      [':status', '200'],
      ['connection', 'close'],
    ],
    reason: 'ConnectionField',
  },
  {
    title: 'RFC 9113 §8.2.1: a field name in upper case in a response is malformed',
    fields: [
      [':status', '200'],
      ['X', 'y'],
    ],
    reason: 'FieldNameSyntax',
  },
  {
    title: 'RFC 9110 §8.6: two Content-Length in a response are malformed',
    fields: [
      [':status', '200'],
      ['content-length', '1'],
      ['content-length', '1'],
    ],
    reason: 'ContentLengthSyntax',
  },
];

for (const { title, fields, reason, endsStream } of MALFORMED)
  test(title, () => assert.equal(read(fields, endsStream), reason));
