import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODE, CODE_LENGTH, EOS } from '../../src/hpack/huffman-code.ts';
import { HUFFMAN_FAILED, HuffmanDecoder } from '../../src/hpack/huffman-decoder.ts';
import { NOT_IN_NAME, NOT_IN_VALUE, OCTET_KIND } from '../../src/hpack/octet-kinds.ts';
import { latin1 } from '../support/each-split.ts';
import { hex } from './hex.ts';

const decoder = new HuffmanDecoder();

/** The text, or `undefined` if it is not Huffman-coded as it should be. */
function decoded(octets: Uint8Array): string | undefined {
  const target = new Uint8Array(octets.length * 2 + 1).fill(0x21);
  const end = decoder.decode(octets, 0, octets.length, target, 1);
  if (end === HUFFMAN_FAILED) return undefined;
  assert.equal(target[0], 0x21);
  return Buffer.from(target.subarray(1, end)).toString('latin1');
}

/** The codes of these symbols, one bit a character. */
function bitsOf(symbols: Iterable<number>): string {
  let bits = '';
  for (const symbol of symbols) bits += CODE[symbol]!.toString(2).padStart(CODE_LENGTH[symbol]!, '0');
  return bits;
}

function octetsOf(bits: string, padding = '1'): Uint8Array {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, padding);
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (octet) => Number.parseInt(octet, 2));
}

test('RFC 7541 §B: codes are those of the table', () => {
  const rows = {
    0: '1ff8',
    10: '3ffffffc',
    32: '14',
    48: '0',
    58: '5c',
    97: '3',
    127: 'ffffffc',
    249: 'ffffffe',
  };
  for (const [symbol, code] of Object.entries(rows)) assert.equal(CODE[Number(symbol)]!.toString(16), code);
  assert.equal(CODE[EOS]!.toString(16), '3fffffff');
  // A complete code: no bits are left that mean nothing.
  assert.equal(
    CODE_LENGTH.reduce((sum, length) => sum + 2 ** -length, 0),
    1,
  );
});

test('RFC 7541 §C.4.1: a Huffman-coded string is decoded', () => {
  assert.equal(decoded(hex('f1e3 c2e5 f23a 6ba0 ab90 f4ff')), 'www.example.com');
});

test('RFC 7541 §5.2: each pair of octets is decoded, whatever the first one leaves over', () => {
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const octets = octetsOf(bitsOf([first, second]));
      const target = new Uint8Array(4);
      assert.equal(decoder.decode(octets, 0, octets.length, target, 0), 2);
      assert.deepEqual([target[0], target[1]], [first, second]);
      assert.equal(decoder.kinds, OCTET_KIND[first]! | OCTET_KIND[second]!, `${first}, ${second}`);
    }
  }
});

test('RFC 7541 §5.2: no octets are the empty string', () => {
  assert.equal(decoded(new Uint8Array(0)), '');
});

test('RFC 7541 §5.2: padding of seven bits is accepted, of eight or more it is an error', () => {
  // `&` has eight bits, so that seven more are a whole padding; `0` has five.
  assert.equal(decoded(octetsOf(bitsOf(latin1('&')))), '&');
  assert.equal(decoded(octetsOf(`${bitsOf(latin1('&'))}${'1'.repeat(8)}`)), undefined);
  assert.equal(decoded(octetsOf(`${bitsOf(latin1('X'))}`)), 'X');
  for (let bits = 0; bits < 8; bits++) {
    // Symbols of 5 and 8 bits leave any number over.
    const text = '0'.repeat(5 + (bits % 8));
    assert.equal(decoded(octetsOf(bitsOf(latin1(text)))), text);
  }
  assert.equal(decoded(hex('ff')), undefined);
});

test('RFC 7541 §5.2: padding that is not the beginning of EOS is an error', () => {
  assert.equal(decoded(octetsOf(bitsOf(latin1('0')), '0')), undefined);
  assert.equal(decoded(octetsOf(`${bitsOf(latin1('0'))}110`)), undefined);
  assert.equal(decoded(octetsOf(`${bitsOf(latin1('0'))}111`)), '0');
});

test('RFC 7541 §5.2: a string that contains EOS is an error, at any place', () => {
  const eos = bitsOf([EOS]);
  for (const text of ['', '0', 'a', 'ab', '&', 'abcdefg']) {
    assert.equal(decoded(octetsOf(bitsOf(latin1(text)) + eos)), undefined, text);
    assert.equal(decoded(octetsOf(bitsOf(latin1(text)) + eos + bitsOf(latin1('a')))), undefined, text);
  }
});

test('RFC 9113 §8.2.1: the kinds of the octets in a string are those of all its octets', () => {
  const kindsOf = (text: string): number => {
    decoded(octetsOf(bitsOf(latin1(text))));
    return decoder.kinds;
  };
  assert.equal(kindsOf('content-type'), 0);
  assert.equal(kindsOf('Content-Type'), NOT_IN_NAME);
  assert.equal(kindsOf('a b'), NOT_IN_NAME);
  assert.equal(kindsOf('aaaa\nbbbb'), NOT_IN_NAME | NOT_IN_VALUE);
  assert.equal(kindsOf(''), 0);
});
