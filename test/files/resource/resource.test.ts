import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileState } from '../../../src/files/resource/file-state.ts';
import { FileResource } from '../../../src/files/resource/resource.ts';

const NOW = Date.UTC(2026, 10, 23, 6, 0, 0, 500);
const DESCRIPTION = {
  servedPath: '/a',
  isImmutable: false,
  contentType: 'text/plain',
  cacheControl: undefined,
  contentDisposition: undefined,
  vary: undefined,
  hasCodings: false,
};

const nanoseconds = (milliseconds: number): bigint => BigInt(milliseconds) * 1_000_000n + 1n;

function isLasting(modified: number, changed: number): boolean {
  const times = { modified: nanoseconds(modified), changed: nanoseconds(changed), seen: NOW };
  const state: FileState = { file: '1:1', version: '1', size: 5, ...times };
  return new FileResource('/a', { path: '/a', kind: 'file', state }, DESCRIPTION, [], []).isLasting;
}

test('what is held of a file lasts once neither of its times could stay the same through a change', () => {
  assert.equal(isLasting(NOW - 10_000, NOW - 10_000), true);
  assert.equal(isLasting(NOW - 10_000, NOW - 51), true);
  // Copied with the time of what was there before, and perhaps once more within the same tick.
  assert.equal(isLasting(NOW - 10_000, NOW - 50), false);
  // RFC 9110 §8.8.2.1: as long as it comes with a Date of its own.
  assert.equal(isLasting(NOW - 1501, NOW - 1501), true);
  assert.equal(isLasting(NOW - 1500, NOW - 1500), false);
});

test('what is held of a file weighs more with each form of it', () => {
  const state: FileState = { file: '1:1', version: '1', size: 5, modified: 1n, changed: 1n, seen: NOW };
  const place = { path: '/a', kind: 'file', state } as const;
  const one = new FileResource('/a', place, DESCRIPTION, [], []).ownOctets;
  const sibling = (coding: string) => ({ coding, place });
  assert.equal(one, 3072);
  assert.equal(
    new FileResource('/a', place, DESCRIPTION, [sibling('br'), sibling('gzip')], []).ownOctets,
    one + 2 * 2048,
  );
});
