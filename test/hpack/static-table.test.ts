import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIRST_DYNAMIC_INDEX, STATIC_TABLE } from '../../src/hpack/static-table.ts';

test('RFC 7541 §A: the static table has 61 entries, each at its index', () => {
  assert.equal(STATIC_TABLE.length, 61);
  assert.equal(FIRST_DYNAMIC_INDEX, 62);
  const rows: [index: number, name: string, value: string][] = [
    [1, ':authority', ''],
    [2, ':method', 'GET'],
    [7, ':scheme', 'https'],
    [8, ':status', '200'],
    [14, ':status', '500'],
    [16, 'accept-encoding', 'gzip, deflate'],
    [28, 'content-length', ''],
    [33, 'date', ''],
    [48, 'proxy-authenticate', ''],
    [61, 'www-authenticate', ''],
  ];
  for (const [index, name, value] of rows) {
    const field = STATIC_TABLE[index - 1]!;
    assert.deepEqual([field.name, field.value], [name, value]);
  }
});

test('RFC 7541 §4.1: the size of an entry is that of its name and value, and 32', () => {
  assert.equal(STATIC_TABLE[1]!.size, 7 + 3 + 32);
  assert.equal(STATIC_TABLE[1]!.nameLength, 7);
  assert.equal(STATIC_TABLE[1]!.valueLength, 3);
});
