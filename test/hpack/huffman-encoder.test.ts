import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HuffmanDecoder } from '../../src/hpack/huffman-decoder.ts';
import { huffmanLength, NO_OCTETS_OF_TEXT, writeHuffman } from '../../src/hpack/huffman-encoder.ts';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { hexOf } from './hex.ts';

function encoded(text: string): string {
  const out = new OctetWriter(PLAIN_RUNTIME);
  out.octet(0x21);
  writeHuffman(out, text, huffmanLength(text));
  assert.equal(out.length, 1 + huffmanLength(text));
  return hexOf(out.octets.subarray(1), out.length - 1);
}

const EXAMPLES = [
  { title: 'RFC 7541 §C.4.1: www.example.com', text: 'www.example.com', octets: 'f1e3c2e5f23a6ba0ab90f4ff' },
  { title: 'RFC 7541 §C.4.2: no-cache', text: 'no-cache', octets: 'a8eb10649cbf' },
  { title: 'RFC 7541 §C.4.3: custom-key', text: 'custom-key', octets: '25a849e95ba97d7f' },
  {
    title: 'RFC 7541 §C.6.1: a date',
    text: 'Mon, 21 Oct 2013 20:13:21 GMT',
    octets: 'd07abe941054d444a8200595040b8166e082a62d1bff',
  },
];

for (const { title, text, octets } of EXAMPLES) test(title, () => assert.equal(encoded(text), octets));

test('RFC 7541 §5.2: what was encoded is decoded again, each octet behind each other', () => {
  const decoder = new HuffmanDecoder();
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second += 3) {
      const text = String.fromCharCode(first, second, first, second);
      const octets = Buffer.from(encoded(text), 'hex');
      const target = Buffer.alloc(8);
      const end = decoder.decode(octets, 0, octets.length, target, 0);
      assert.equal(target.toString('latin1', 0, end), text);
    }
  }
});

test('text with a character above U+00FF has no octets', () => {
  assert.equal(huffmanLength('\u00ff'), 4);
  for (const text of ['\u0100', 'a\u010a', '\u{1f63a}']) assert.equal(huffmanLength(text), NO_OCTETS_OF_TEXT);
});
