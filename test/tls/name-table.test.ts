import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameTable, readNamePattern } from '../../src/tls/name-table.ts';

test('RFC 9525 §6.3: an asterisk is one whole label, and an exact name counts more', () => {
  const names = new NameTable<string>();
  for (const pattern of ['example.com', '*.example.com', 'www.example.com', 'other.net'])
    names.set(pattern, pattern);
  const found: Record<string, string | undefined> = {
    'example.com': 'example.com',
    'a.example.com': '*.example.com',
    'www.example.com': 'www.example.com',
    'a.b.example.com': undefined,
    '.example.com': undefined,
    'xexample.com': undefined,
    'www.other.net': undefined,
    com: undefined,
    '': undefined,
    __proto__: undefined,
  };
  for (const [name, pattern] of Object.entries(found)) assert.equal(names.get(name), pattern, name);
});

test('names and patterns are read in lower case and ASCII; addresses and other patterns are none', () => {
  const read: Record<string, string | undefined> = {
    'Example.COM': 'example.com',
    '*.Example.com': '*.example.com',
    'bücher.example': 'xn--bcher-kva.example',
    localhost: 'localhost',
    'a_b.example': 'a_b.example',
    '': undefined,
    '*': undefined,
    '*.': undefined,
    'w*.example.com': undefined,
    'a.*.example.com': undefined,
    '127.0.0.1': undefined,
    '127.1': undefined,
    '[::1]': undefined,
    'a b': undefined,
    '-a.example': undefined,
    'example.com.': undefined,
    'example.com/': undefined,
  };
  for (const [text, pattern] of Object.entries(read)) assert.equal(readNamePattern(text), pattern, text);
  assert.equal(readNamePattern(`${'a.'.repeat(126)}a`)?.length, 253);
  assert.equal(readNamePattern(`${'a.'.repeat(127)}a`), undefined);
});
