import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TerminalText } from '../../../src/cli/get/terminal-text.ts';

function shown(...pieces: (string | number[])[]): string {
  const text = new TerminalText();
  return pieces.map((piece) => text.add(Buffer.from(piece as string))).join('') + text.end();
}

test('serval get: control characters of content are escaped on a terminal, line breaks and tabs are not', () => {
  assert.equal(shown('a\tb\nc\r\nd'), 'a\tb\nc\r\nd');
  assert.equal(shown('\x1b]0;title\x07\x1b[31mred\x1b[0m'), '\\x1b]0;title\\x07\\x1b[31mred\\x1b[0m');
  assert.equal(shown('right\rwrong', '\r'), 'right\\x0dwrong\\x0d');
  // C1 controls, and characters that reverse the direction of text.
  assert.equal(shown('a\u009b31mb\u202ec'), 'a\\x9b31mb\\u{202e}c');
  assert.equal(shown('ü € 😀'), 'ü € 😀');
  assert.equal(shown([0xff, 0x61]), '\ufffda');
});

test('serval get: characters and line breaks may be cut between two pieces', () => {
  const octets = [...Buffer.from('a\r\nü\x1b[2J\r')];
  assert.equal(shown(...octets.map((octet) => [octet])), 'a\r\nü\\x1b[2J\\x0d');
});
