import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UntilCloseDecoder } from '../../../src/http1/content/until-close-decoder.ts';
import { DEFAULT_RESPONSE_LIMITS } from '../../../src/http1/limits.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { decodeChunks } from '../incremental.ts';
import { limitedResponses } from '../incremental-responses.ts';

test('RFC 9112 §6.3: whatever comes before the connection ends is content, and it never ends by itself', () => {
  eachSplit('HTTP/1.1 200 OK\r\n\r\n0\r\n\r\n\0\xff', (chunks, { trailing }) => {
    const { outcome, content, rest } = decodeChunks(new UntilCloseDecoder(DEFAULT_RESPONSE_LIMITS), chunks);
    assert.equal(outcome, NEED_OCTETS);
    assert.equal(content, `HTTP/1.1 200 OK\r\n\r\n0\r\n\r\n\0\xff`);
    assert.equal(rest.length, trailing.length);
  });
});

test('RFC 9112 §6.3: content that goes on beyond its limit is refused, what is within was given out', () => {
  for (const [limit, expected] of [
    [5, NEED_OCTETS],
    [4, REJECTED],
  ] as const) {
    eachSplit('hello', (chunks) => {
      const decoder = new UntilCloseDecoder(limitedResponses({ content: limit }));
      const { outcome, content } = decodeChunks(decoder, chunks);
      assert.deepEqual([outcome, content], [expected, 'hello'.slice(0, limit)]);
    });
  }
});
