import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FileState } from '../../../src/files/resource/file-state.ts';
import { entityTag, lastModified, ownDate } from '../../../src/files/resource/validators.ts';
import { isEntityTag } from '../../../src/semantics/entity-tag.ts';
import { serializeHttpDate } from '../../../src/semantics/http-date.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 0, 0, 500);

/** @param modified milliseconds of Unix time; @param fraction nanoseconds more. */
const state = (modified: number, fraction = 1, size = 5, seen = NOW): FileState => ({
  file: '1:2',
  version: '',
  size,
  modified: BigInt(modified) * 1_000_000n + BigInt(fraction),
  changed: BigInt(modified) * 1_000_000n + BigInt(fraction),
  seen,
});

describe('validators', () => {
  test('RFC 9110 §8.8.1: a tag is strong, and another for each size, time and coding', () => {
    const tags = [
      entityTag(state(0)),
      entityTag(state(0, 2)),
      entityTag(state(1)),
      entityTag(state(0, 1, 6)),
      entityTag(state(0), '.br'),
      entityTag(state(0), '-br'),
      entityTag(state(-1)),
    ];
    for (const tag of tags) {
      assert.ok(isEntityTag(tag), tag);
      assert.ok(tag.startsWith('"'), tag);
    }
    assert.equal(new Set(tags).size, tags.length);
    assert.equal(entityTag(state(0)), entityTag(state(0)));
  });

  test('RFC 9110 §8.8.1: while the next change might have the same time, a tag is weak and matches none that follows', () => {
    const first = entityTag(state(NOW - 10));
    assert.ok(first.startsWith('W/"') && isEntityTag(first), first);
    const later = entityTag(state(NOW - 10, 1, 5, NOW + 1));
    assert.notEqual(later, first);
    const settled = entityTag(state(NOW - 10, 1, 5, NOW + 1000));
    assert.ok(settled.startsWith('"'));
    assert.notEqual(`W/${settled}`, first);
  });

  test('RFC 9110 §8.8.1: contents with one size and one time of modification have different tags', () => {
    const set = (changed: number) => ({
      ...state(784_111_777_000, 0),
      changed: BigInt(changed) * 1_000_000n + 1n,
    });
    const [first, second] = [set(NOW - 20_000), set(NOW - 10_000)].map((each) => entityTag(each));
    assert.notEqual(first, second);
    assert.ok(first!.startsWith('"') && isEntityTag(first!), first);
    assert.ok(entityTag(set(NOW - 10)).startsWith('W/"'), 'it could be written once more in this tick');
  });

  test('a tag that is made of the content is strong, whatever the times are', () => {
    const hash = 'X1JkbdYtYP-d1VbtgFTNVQ';
    assert.equal(entityTag({ ...state(NOW), hash }), `"${hash}"`);
    assert.equal(entityTag({ ...state(0), hash }, '.br'), `"${hash}.br"`);
  });

  test('RFC 9110 §8.8.2.1: Last-Modified is never later than now', () => {
    assert.equal(lastModified(state(NOW - 501)), Math.floor(NOW / 1000) - 1);
    assert.equal(lastModified(state(NOW + 86_400_000)), Math.floor(NOW / 1000));
    assert.equal(lastModified(state(784_111_777_999)), 784_111_777);
    assert.equal(lastModified(state(-1000, 0)), -1);
    const changed = BigInt(NOW - 5000) * 1_000_000n;
    for (const [why, other] of [
      ['npm', { modified: 499_162_500_000_000_000n }],
      ['Nix', { modified: 1_000_000_000n }],
      ['in the future', { modified: BigInt(NOW + 86_400_000) * 1_000_000n }],
      ['after the last change', { modified: changed + 1n }],
      ['of an earlier state', { modified: 784_111_777_000_000_000n, isDateTaken: true }],
    ] as const) {
      assert.equal(lastModified({ ...state(0), changed, ...other }), Math.floor((NOW - 5000) / 1000), why);
    }
    // As early as some file systems have it, and long before what JavaScript calls a date.
    const first = serializeHttpDate(lastModified({ ...state(0), changed: -(10n ** 26n) }) * 1000);
    assert.equal(first, 'Mon, 01 Jan 0001 00:00:00 GMT');
  });

  test('RFC 9110 §8.8.2.1: a Last-Modified that is near comes with a Date of its own, not earlier', () => {
    assert.equal(ownDate(state(NOW - 1501)), undefined);
    for (const near of [NOW - 1500, NOW, NOW + 86_400_000]) {
      const date = Date.parse(ownDate(state(near))!);
      assert.ok(lastModified(state(near)) * 1000 <= date, String(near));
      assert.equal(date, Math.floor(NOW / 1000) * 1000);
    }
  });
});
