import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeName, decodePath } from '../../../src/files/lookup/path-within-root.ts';

const MALFORMED = { refused: 'malformed' };
const HIDDEN = { refused: 'hidden' };

describe('decodeName', () => {
  it('decodes once', () => {
    assert.equal(decodeName('a%20b'), 'a b');
    assert.equal(decodeName('%C3%A9'), 'é');
    assert.equal(decodeName('%252e%252e'), '%2e%2e');
  });

  const malformed = {
    'a stray percent sign': '100%',
    'half an escape': '%4',
    'no hexadecimal': '%zz',
    'an encoded slash': 'a%2Fb',
    'an encoded backslash': 'a%5cb',
    'a backslash': 'a\\b',
    NUL: 'a%00b',
    'a line feed': 'a%0Ab',
    DEL: 'a%7f',
    'overlong UTF-8 for a slash': '%C0%AF',
    'overlong UTF-8 for a dot': '%C0%AE%C0%AE',
    'UTF-8 cut short': '%C3',
    'a surrogate in UTF-8': '%ED%A0%80',
  };
  for (const [what, segment] of Object.entries(malformed)) {
    it(`refuses ${what} as malformed`, () => assert.deepEqual(decodeName(segment), MALFORMED));
  }

  for (const segment of ['.', '..', '%2e%2e', '.%2E', '.env', '%2egit', '...', '']) {
    it(`hides "${segment}"`, () => assert.deepEqual(decodeName(segment), HIDDEN));
  }

  for (const segment of ['%E2%80%8C.git', '%EF%BB%BF%E2%80%8D.env']) {
    it(`hides "${segment}", which HFS+ takes for a dotfile`, () => {
      assert.deepEqual(decodeName(segment), HIDDEN);
      assert.equal(decodeName(segment, true), decodeURIComponent(segment));
    });
  }

  it('takes names that begin with what HFS+ ignores, if no dot follows', () => {
    assert.equal(decodeName('%E2%80%8Ea.txt'), '\u200ea.txt');
  });

  for (const segment of [
    ...['a.txt::$DATA', 'C:', 'a.txt.', 'a.txt%20', 'GIT~1', 'git~1', 'HTPASS~1', 'INDEX~12.HTM', 'A~1.b'],
    ...['con', 'NUL', 'nul.txt', 'Aux .txt', 'com1', 'LPT%C2%B2.log', 'CONIN$'],
  ]) {
    it(`refuses "${segment}" on Windows, where it is another name or a device`, () => {
      assert.deepEqual(decodeName(segment, true, true), MALFORMED);
      assert.equal(decodeName(segment, true, false), decodeURIComponent(segment));
    });
  }

  for (const segment of [
    'console.js',
    'a~1b.txt',
    'backup~.txt',
    'long-name~1.txt',
    'com.txt',
    'nulls',
    'b~x',
  ]) {
    it(`takes "${segment}" on Windows`, () => assert.equal(decodeName(segment, false, true), segment));
  }

  it('takes names of 255 octets and hides longer ones', () => {
    assert.equal(decodeName('a'.repeat(255)), 'a'.repeat(255));
    assert.deepEqual(decodeName('a'.repeat(256)), HIDDEN);
    assert.equal(decodeName(`${'%C3%A9'.repeat(127)}a`), `${'é'.repeat(127)}a`);
    assert.deepEqual(decodeName('%C3%A9'.repeat(128)), HIDDEN);
  });
});

describe('decodePath', () => {
  it('splits before it decodes', () => {
    assert.deepEqual(decodePath('/a/b%20c.html'), ['a', 'b c.html']);
    assert.deepEqual(decodePath('/a%2F..%2Fb'), MALFORMED);
  });

  it('ends the names of a folder with an empty one', () => {
    assert.deepEqual(decodePath('/'), ['']);
    assert.deepEqual(decodePath('/a/'), ['a', '']);
  });

  it('hides empty segments, so that //host is no path', () => {
    assert.deepEqual(decodePath('//evil.example'), HIDDEN);
    assert.deepEqual(decodePath('/a//b'), HIDDEN);
    assert.deepEqual(decodePath('//'), HIDDEN);
  });

  it('lets .well-known through, at the top only', () => {
    assert.deepEqual(decodePath('/.well-known/security.txt'), ['.well-known', 'security.txt']);
    assert.deepEqual(decodePath('/a/.well-known'), HIDDEN);
    assert.deepEqual(decodePath('/.well-known/.env'), HIDDEN);
    assert.deepEqual(decodePath('/%2ewell-known/x'), HIDDEN);
  });

  it('never yields a name that moves between folders', () => {
    for (const path of ['/../x', '/a/../../x', '/%2e%2e/x', '/a/..', '/..%2f', '/..%5c..']) {
      assert.ok(!Array.isArray(decodePath(path)), path);
    }
  });
});
