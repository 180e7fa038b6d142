import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FixedLengthDecoder } from '../../../src/http1/content/fixed-length-decoder.ts';
import { CONTENT_END, NEED_OCTETS } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { decodeChunks, textOf } from '../incremental.ts';

const CONTENT = 'a\r\n0\r\n\r\nGET \0\xff';

test('RFC 9112 §6.2: so many octets are the content, whatever they are, and not one more', () => {
  for (const length of [0, 1, 2, CONTENT.length - 1, CONTENT.length]) {
    eachSplit(
      CONTENT,
      (chunks, { trailing }) => {
        const { outcome, content, trailers, rest } = decodeChunks(new FixedLengthDecoder(length), chunks);
        assert.equal(outcome, CONTENT_END);
        assert.equal(content, CONTENT.slice(0, length));
        assert.equal(rest, CONTENT.slice(length) + textOf(trailing));
        assert.deepEqual(trailers, []);
      },
      'GET / HTTP/1.1\r\n',
    );
  }
});

test('RFC 9112 §8: content that is shorter than its length is not complete', () => {
  eachSplit(CONTENT, (chunks) => {
    const decoder = new FixedLengthDecoder(CONTENT.length + 2);
    const { outcome, content } = decodeChunks(decoder, chunks);
    assert.equal(outcome, NEED_OCTETS);
    assert.equal(content, CONTENT);
    assert.equal(decoder.remaining, 2);
  });
});

test('RFC 9110 §8.6: a length of 2^53-1 is counted down to the octet', () => {
  eachSplit('abc', (chunks) => {
    const decoder = new FixedLengthDecoder(Number.MAX_SAFE_INTEGER);
    assert.equal(decodeChunks(decoder, chunks).outcome, NEED_OCTETS);
    assert.equal(decoder.remaining, 9007199254740988);
  });
});
