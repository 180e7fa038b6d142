import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamicTable } from '../../src/hpack/dynamic-table.ts';

interface Entry {
  readonly name: string;
  readonly size: number;
}

const entry = (name: string, size = 40): Entry => ({ name, size });

function namesIn(table: DynamicTable<Entry>): string {
  let names = '';
  for (let place = 0; place < table.length; place++) names += table.at(place)!.name;
  assert.equal(table.at(table.length), undefined);
  return names;
}

test('RFC 7541 §2.3.2: the newest entry comes first, the oldest is evicted first', () => {
  const table = new DynamicTable<Entry>(120);
  for (const name of 'abcde') table.add(entry(name));
  assert.equal(namesIn(table), 'edc');
  assert.deepEqual([table.size, table.length, table.added], [120, 3, 5]);
});

test('RFC 7541 §4.4: an entry as large as the table takes its place, one octet more only empties it', () => {
  const table = new DynamicTable<Entry>(100);
  table.add(entry('a'));
  table.add(entry('b', 100));
  assert.deepEqual([namesIn(table), table.size], ['b', 100]);
  table.add(entry('c', 101));
  assert.deepEqual([namesIn(table), table.size], ['', 0]);
  table.add(entry('d'));
  assert.equal(namesIn(table), 'd');
});

test('RFC 7541 §4.3: a lower size evicts at once, down to zero', () => {
  const table = new DynamicTable<Entry>(200);
  for (const name of 'abcde') table.add(entry(name));
  table.maxSize = 120;
  assert.equal(namesIn(table), 'edc');
  table.maxSize = 119;
  assert.equal(namesIn(table), 'ed');
  table.maxSize = 0;
  assert.deepEqual([namesIn(table), table.maxSize], ['', 0]);
  table.add(entry('f'));
  assert.equal(namesIn(table), '');
  table.maxSize = 80;
  table.add(entry('g'));
  assert.equal(namesIn(table), 'g');
});

test('RFC 7541 §4.2: a table holds as many entries as its size allows, however often it was used before', () => {
  const table = new DynamicTable<Entry>(33 * 124);
  for (let i = 0; i < 1_000; i++) table.add(entry(String(i), 33));
  assert.equal(table.length, 124);
  for (let place = 0; place < 124; place++) assert.equal(table.at(place)!.name, String(999 - place));
  table.maxSize = 33 * 300;
  for (let i = 1_000; i < 1_200; i++) table.add(entry(String(i), 33));
  assert.equal(table.length, 300);
  for (let place = 0; place < 300; place++) assert.equal(table.at(place)!.name, String(1_199 - place));
});

test('the listener receives each evicted entry, in their order', () => {
  let evicted = '';
  const table: DynamicTable<Entry> = new DynamicTable<Entry>(120, {
    onEvicted: ({ name }) => {
      evicted += `${name}${table.added - table.length} `;
    },
  });
  for (const name of 'abcde') table.add(entry(name));
  table.maxSize = 0;
  assert.equal(evicted, 'a1 b2 c3 d4 e5 ');
});
