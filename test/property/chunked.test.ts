import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChunkedDecoder } from '../../src/http1/content/chunked-decoder.ts';
import { ContentEncoder } from '../../src/http1/content/content-encoder.ts';
import { FixedLengthDecoder } from '../../src/http1/content/fixed-length-decoder.ts';
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { latin1 } from '../../src/octets/octet-table.ts';
import { CONTENT_END } from '../../src/octets/results.ts';
import { decodeChunks, textOf } from '../http1/incremental.ts';
import { anyOctets, cuts, fieldValue, piecesOf, RUNS, token } from './arbitraries.ts';

const content = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }).map(textOf), { maxLength: 5 });
// None of them is the name of a field that is dropped.
const trailers = fc.array(
  fc.tuple(
    token.map((name) => `x-${name}`),
    fieldValue,
  ),
  { maxLength: 3 },
);

test('property: content that is encoded in chunks and decoded from any pieces is the same content', () => {
  const holds = fc.property(content, trailers, anyOctets, cuts, (data, fields, behind, where) => {
    const encoder = new ContentEncoder({ kind: 'chunked' });
    const chunks = data.map((piece) => encoder.before(piece.length) + piece + encoder.after).join('');
    const last = encoder.end(fields.map(([name, value]) => `${name}: ${value}\r\n`).join(''));
    const decoder = new ChunkedDecoder(DEFAULT_LIMITS, latin1);
    assert.deepEqual(decodeChunks(decoder, piecesOf(chunks + last + behind, where)), {
      outcome: CONTENT_END,
      content: data.join(''),
      trailers: fields.map(([name, value]) => `${name.toLowerCase()}: ${value}`),
      rest: behind,
    });
  });
  fc.assert(holds, RUNS);
});

test('property: content of a declared length is the same content, from any pieces', () => {
  const holds = fc.property(anyOctets, anyOctets, cuts, (data, behind, where) => {
    const decoder = new FixedLengthDecoder(data.length);
    const decoded = decodeChunks(decoder, piecesOf(data + behind, where));
    assert.deepEqual(decoded, { outcome: CONTENT_END, content: data, trailers: [], rest: behind });
  });
  fc.assert(holds, RUNS);
});
