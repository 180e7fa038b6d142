import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChunkedDecoder } from '../../../src/http1/content/chunked-decoder.ts';
import {
  CHUNK_DATA_END,
  LAST_CHUNK,
  serializeChunkSize,
  serializeLastChunk,
} from '../../../src/http1/content/chunked-encoder.ts';
import { DEFAULT_LIMITS } from '../../../src/http1/limits.ts';
import { latin1 } from '../../../src/octets/octet-table.ts';
import { CONTENT_END } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { decodeChunks } from '../incremental.ts';

test('RFC 9112 §7.1: chunk-size is the number of octets in hexadecimal digits, without a prefix or leading zeros', () => {
  for (const [octets, digits] of [
    [1, '1'],
    [9, '9'],
    [10, 'a'],
    [15, 'f'],
    [16, '10'],
    [255, 'ff'],
    [65_536, '10000'],
    [2 ** 32, '100000000'],
    [Number.MAX_SAFE_INTEGER, '1fffffffffffff'],
  ] as const) {
    assert.equal(serializeChunkSize(octets), `${digits}\r\n`);
  }
});

test('RFC 9112 §7.1: the last chunk has the size 0, a trailer section and an empty line', () => {
  assert.equal(LAST_CHUNK, '0\r\n\r\n');
  assert.equal(serializeLastChunk(''), LAST_CHUNK);
  assert.equal(serializeLastChunk('X: y\r\n'), '0\r\nX: y\r\n\r\n');
});

test('RFC 9112 §7.1: what is encoded here is decoded to the same content', () => {
  for (const size of [1, 2, 9, 10, 15, 16, 17, 255, 256]) {
    const data = '\r\n0'.repeat(size).slice(0, size);
    const chunk = serializeChunkSize(size) + data + CHUNK_DATA_END;
    eachSplit(chunk + chunk + serializeLastChunk('X: y\r\n'), (chunks) => {
      const decoded = decodeChunks(new ChunkedDecoder(DEFAULT_LIMITS, latin1), chunks);
      assert.deepEqual(decoded, { outcome: CONTENT_END, content: data + data, trailers: ['x: y'], rest: '' });
    });
  }
});
