import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FolderEntry } from '../../../src/files/listing/folder-entries.ts';
import {
  comparison,
  type ListingOrder,
  listingQuery,
  orderByColumn,
  parseListingQuery,
} from '../../../src/files/listing/listing-order.ts';

const parse = (query: string) => parseListingQuery(new URLSearchParams(query));
const file = (name: string, size = 0, modified = 0): FolderEntry => ({
  name,
  isFolder: false,
  details: { size, modified },
});
const folder = (name: string, modified = 0): FolderEntry => ({
  name,
  isFolder: true,
  details: { size: 4096, modified },
});
const sorted = (entries: FolderEntry[], order: ListingOrder) =>
  entries.toSorted(comparison(order)).map(({ name }) => name);

describe('parseListingQuery', () => {
  test('has names from A, the largest first, the newest first', () => {
    assert.deepEqual(parse(''), { order: { sort: 'name', descending: false }, page: 1 });
    assert.deepEqual(parse('sort=size').order, { sort: 'size', descending: true });
    assert.deepEqual(parse('sort=date').order, { sort: 'date', descending: true });
    assert.deepEqual(parse('sort=date&order=asc').order, { sort: 'date', descending: false });
    assert.deepEqual(parse('order=desc').order, { sort: 'name', descending: true });
  });

  test('takes what makes no sense as absent', () => {
    for (const query of ['sort=', 'sort=constructor', 'sort=__proto__', 'order=up', 'page=0', 'page=-1']) {
      assert.deepEqual(parse(query), parse(''), query);
    }
    for (const page of ['1e9', '1.5', '01', ' 2', '99999999999', 'x']) {
      assert.equal(parse(new URLSearchParams({ page }).toString()).page, 1, page);
    }
    assert.equal(parse('page=999999999').page, 999_999_999);
  });

  test('reads what listingQuery writes', () => {
    for (const sort of ['name', 'size', 'date'] as const) {
      for (const descending of [false, true]) {
        for (const page of [1, 2, 1000]) {
          const order = { sort, descending };
          assert.deepEqual(parse(listingQuery(order, page)), { order, page });
        }
      }
    }
  });
});

describe('orderByColumn', () => {
  test('turns the column round that is sorted by, and begins another with its own order', () => {
    const byName: ListingOrder = { sort: 'name', descending: false };
    assert.deepEqual(orderByColumn(byName, 'name'), { sort: 'name', descending: true });
    assert.deepEqual(orderByColumn(byName, 'size'), { sort: 'size', descending: true });
    assert.deepEqual(orderByColumn({ sort: 'size', descending: true }, 'size'), {
      sort: 'size',
      descending: false,
    });
  });
});

describe('comparison', () => {
  test('sorts names as people do', () => {
    const names = ['b', 'file10', 'A', 'file2', 'ä', 'a', 'B', 'file1', '2', '10', 'ż', 'z'];
    assert.deepEqual(
      sorted(
        names.map((name) => file(name)),
        { sort: 'name', descending: false },
      ),
      ['2', '10', 'a', 'A', 'ä', 'b', 'B', 'file1', 'file2', 'file10', 'z', 'ż'],
    );
  });

  test('puts folders first in every order', () => {
    const entries = [file('a', 1, 3), folder('z', 2), file('b', 9, 1), folder('y', 5)];
    assert.deepEqual(sorted(entries, { sort: 'name', descending: false }), ['y', 'z', 'a', 'b']);
    assert.deepEqual(sorted(entries, { sort: 'name', descending: true }), ['z', 'y', 'b', 'a']);
    assert.deepEqual(sorted(entries, { sort: 'size', descending: true }), ['y', 'z', 'b', 'a']);
    assert.deepEqual(sorted(entries, { sort: 'size', descending: false }), ['y', 'z', 'a', 'b']);
    assert.deepEqual(sorted(entries, { sort: 'date', descending: true }), ['y', 'z', 'a', 'b']);
    assert.deepEqual(sorted(entries, { sort: 'date', descending: false }), ['z', 'y', 'b', 'a']);
  });

  test('orders equals by name, and spellings of one name always alike', () => {
    assert.deepEqual(sorted([file('b'), file('a')], { sort: 'size', descending: true }), ['a', 'b']);
    const spellings = ['\u00e9', 'e\u0301'];
    for (const order of [spellings, spellings.toReversed()]) {
      assert.deepEqual(
        sorted(
          order.map((name) => file(name)),
          { sort: 'name', descending: false },
        ),
        ['e\u0301', '\u00e9'],
      );
    }
  });
});
