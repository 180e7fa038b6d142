import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadCache } from '../../../src/http2/head/head-cache.ts';
import type { Http2RequestHead } from '../../../src/http2/head/request-head.ts';
import { latin1 } from '../../support/each-split.ts';

const head = (path: string) => ({ path }) as Http2RequestHead;
const OCTETS = latin1('##abcdef##');

test('a head is found by the octets of its block, wherever they are', () => {
  const cache = new HeadCache();
  assert.equal(cache.find(OCTETS, 2, 8, 0, true), undefined);
  const kept = head('/');
  cache.keep(kept, OCTETS, 2, 8, 0, true);
  assert.equal(cache.find(OCTETS, 2, 8, 0, true), kept);
  assert.equal(cache.find(latin1('abcdef'), 0, 6, 0, true), kept);
});

test('a head is not found for other octets, another table, or a request that goes on', () => {
  const cache = new HeadCache();
  cache.keep(head('/'), OCTETS, 2, 8, 5, true);
  assert.equal(cache.find(OCTETS, 2, 8, 6, true), undefined);
  assert.equal(cache.find(OCTETS, 2, 8, 5, false), undefined);
  assert.equal(cache.find(OCTETS, 2, 7, 5, true), undefined);
  for (let at = 0; at < 6; at++) {
    const other = latin1('abcdef');
    other[at]! ^= 8;
    assert.equal(cache.find(other, 0, 6, 5, true), undefined, `octet ${at}`);
  }
});

test('a block of 64 octets is kept, a longer one is not', () => {
  const cache = new HeadCache();
  const octets = new Uint8Array(65).fill(0x82);
  cache.keep(head('/'), octets, 0, 64, 0, true);
  assert.ok(cache.find(octets, 0, 64, 0, true));
  cache.keep(head('/'), octets, 0, 65, 0, true);
  assert.equal(cache.find(octets, 0, 65, 0, true), undefined);
});

test('blocks that share a place push each other out, and are never taken for each other', () => {
  const cache = new HeadCache();
  for (let i = 0; i < 256; i++) {
    const octets = Uint8Array.of(i, 255 - i);
    cache.keep(head(`/${i}`), octets, 0, 2, 0, true);
    assert.equal(cache.find(octets, 0, 2, 0, true)!.path, `/${i}`);
    const before = cache.find(Uint8Array.of(i - 1, 256 - i), 0, 2, 0, true);
    assert.ok(before === undefined || before.path === `/${i - 1}`);
  }
});

test('an empty block is none', () => {
  const cache = new HeadCache();
  cache.keep(head('/'), OCTETS, 3, 3, 0, true);
  assert.equal(cache.find(OCTETS, 4, 5, 0, true), undefined);
});
