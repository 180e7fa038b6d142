import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { HpackEncoder } from '../../../src/hpack/encoder.ts';
import { ResponseBlocks } from '../../../src/http2/head/response-blocks.ts';
import { OctetWriter } from '../../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../../src/octets/runtime.ts';
import type { FieldLines } from '../../../src/semantics/field-lines.ts';
import { fieldLines } from '../conversation.ts';

/** One end that writes heads, and the other that reads them. */
function ends() {
  const encoder = new HpackEncoder();
  const heads = new ResponseBlocks(encoder);
  const decoder = new HpackDecoder();
  const written = (status: number, fields: FieldLines, length = -1, dateLine = ''): string[] => {
    const out = new OctetWriter(PLAIN_RUNTIME);
    heads.write(out, status, fields, length, dateLine);
    assert.ok(decoder.decode(out.octets, 0, out.length), decoder.error.reason);
    return decoder.fields.map(({ name, value }) => `${name}: ${value}`);
  };
  return { encoder, written, decoder };
}

const date = (second: number) => `Date: Tue, 15 Nov 1994 08:12:0${second} GMT\r\n`;

test('a head has the status first, then its fields, the date and the length', () => {
  const { written } = ends();
  assert.deepEqual(written(404, fieldLines(['X-A', 'b']), 5, date(1)), [
    ':status: 404',
    'x-a: b',
    'date: Tue, 15 Nov 1994 08:12:01 GMT',
    'content-length: 5',
  ]);
});

test('heads that repeat each other, or differ in anything, are read as they were written', () => {
  const { written } = ends();
  for (let round = 0; round < 300; round++) {
    const status = [200, 204, 404][round % 3]!;
    const value = `v${(round >> 2) % 5}`;
    const length = (round >> 3) % 4;
    const second = Math.floor(round / 60);
    assert.deepEqual(written(status, fieldLines(['X-Round', value]), length, date(second)), [
      `:status: ${status}`,
      `x-round: ${value}`,
      `date: ${date(second).slice(6, -2)}`,
      `content-length: ${length}`,
    ]);
  }
});

test('RFC 7541 §4.2: after another limit of the table a head that was kept is not written as it was', () => {
  const { written, encoder, decoder } = ends();
  const fields = () => fieldLines(['X-Kept', 'value']);
  for (let times = 0; times < 4; times++) written(200, fields());
  encoder.setLimit(0);
  decoder.setLimit(0);
  assert.deepEqual(written(200, fields()), [':status: 200', 'x-kept: value']);
  assert.equal(decoder.tableSize, 0);
});

test('RFC 7541 §4.3: a head that was kept is not written as it was when another one has announced the limit', () => {
  for (const limits of [[0], [0, 4_096], [70], [70, 4_096]]) {
    const { written, encoder, decoder } = ends();
    const fields = () => fieldLines(['X-Kept-Then', 'value']);
    for (let times = 0; times < 4; times++) written(200, fields());
    for (const limit of limits) encoder.setLimit(limit);
    decoder.setLimit(limits.at(-1)!);
    assert.deepEqual(written(404, fieldLines(['X-Another', 'value'])), [':status: 404', 'x-another: value']);
    for (let times = 0; times < 3; times++)
      assert.deepEqual(written(200, fields()), [':status: 200', 'x-kept-then: value'], String(limits));
  }
});

test('a response with a Date of its own keeps it', () => {
  const { written } = ends();
  assert.deepEqual(written(200, fieldLines(['Date', 'x']), -1, date(1)), [':status: 200', 'date: x']);
});
