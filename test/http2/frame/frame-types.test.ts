import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PREFACE } from '../../../src/http2/frame/frame-types.ts';
import { hexOf } from '../../hpack/hex.ts';

test('RFC 9113 §3.4: the preface has these 24 octets', () => {
  assert.equal(hexOf(PREFACE), '505249202a20485454502f322e300d0a0d0a534d0d0a0d0a');
});
