import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { latin1 } from '../support/each-split.ts';

const writtenBy = (out: OctetWriter) => Buffer.from(out.octets.subarray(0, out.length)).toString('latin1');

test('octets, numbers, pieces and text stand one behind the other', () => {
  const out = new OctetWriter(PLAIN_RUNTIME);
  out.octet(0x41);
  out.uint16(0x4243);
  out.uint32(0x4445_4647);
  out.piece(latin1('hijk'), 1, 3);
  out.piece(latin1('HIJK'));
  out.text('\u00ff!');
  assert.equal(writtenBy(out), 'ABCDEFGijHIJK\u00ff!');
});

test('numbers keep their highest bits', () => {
  const out = new OctetWriter(PLAIN_RUNTIME);
  out.uint32(0xffff_fffe);
  out.uint16(0xfffd);
  assert.deepEqual([...out.octets.subarray(0, 6)], [255, 255, 255, 254, 255, 253]);
});

test('pieces and texts of every length are copied whole, and only them', () => {
  for (let length = 0; length < 100; length++) {
    const text = 'abcdefghij'.repeat(10).slice(0, length);
    const out = new OctetWriter(PLAIN_RUNTIME);
    out.text(text);
    out.piece(latin1(`<${text}>`), 1, 1 + length);
    out.piece(latin1(text));
    assert.equal(writtenBy(out), text + text + text);
  }
});

test('a writer grows, and keeps what was written', () => {
  const out = new OctetWriter(PLAIN_RUNTIME);
  let expected = '';
  for (let i = 0; i < 5_000; i++) {
    out.text(`${i},`);
    expected += `${i},`;
  }
  assert.equal(writtenBy(out), expected);
});

test('a writer begins in the octets that it is given', () => {
  const octets = new Uint8Array(4);
  const out = new OctetWriter(PLAIN_RUNTIME, octets);
  out.text('abcd');
  assert.equal(out.octets, octets);
  out.text('e');
  assert.equal(writtenBy(out), 'abcde');
});
