import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  entityTag,
  type FileState,
  isDistinct,
  isSettled,
  lastModified,
  ownDate,
} from '../../../src/files/resource/validators.ts';
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

  test('a time is settled when the tick of its file system is over: 50 ms, or 2 s where there are whole seconds', () => {
    assert.equal(isSettled(state(NOW - 50)), false);
    assert.equal(isSettled(state(NOW - 51)), true);
    const second = Math.floor(NOW / 1000) * 1000;
    assert.equal(isSettled(state(second, 0, 5, second + 2000)), false);
    assert.equal(isSettled(state(second, 0, 5, second + 2001)), true);
    assert.equal(isSettled(state(NOW + 60_000)), false, 'a clock that is ahead says nothing about ticks');
  });

  test('a file with the time of another is not distinct while it could be copied over in the same tick', () => {
    const copied = { ...state(784_111_777_000), changed: BigInt(NOW - 50) * 1_000_000n + 1n };
    assert.equal(isSettled(copied), true);
    assert.equal(isDistinct(copied), false);
    assert.equal(isDistinct({ ...copied, seen: NOW + 1 }), true);
  });

  test('RFC 9110 §8.8.2.1: Last-Modified is never later than now', () => {
    assert.equal(lastModified(state(NOW - 501)), Math.floor(NOW / 1000) - 1);
    assert.equal(lastModified(state(NOW + 86_400_000)), Math.floor(NOW / 1000));
    assert.equal(lastModified(state(784_111_777_999)), 784_111_777);
    assert.equal(lastModified(state(-1000, 0)), -1);
    // As early as some file systems have it, and long before what JavaScript calls a date.
    const first = serializeHttpDate(lastModified({ ...state(0), modified: -(10n ** 26n) }) * 1000);
    assert.equal(first, 'Mon, 01 Jan 0001 00:00:00 GMT');
  });

  test('RFC 9110 §8.8.2.1: a Last-Modified that is near comes with a Date of its own, not earlier', () => {
    assert.equal(ownDate(state(NOW - 2001)), undefined);
    for (const near of [NOW - 2000, NOW, NOW + 86_400_000]) {
      const date = Date.parse(ownDate(state(near))!);
      assert.ok(lastModified(state(near)) * 1000 <= date, String(near));
      assert.equal(date, Math.floor(NOW / 1000) * 1000);
    }
  });
});
