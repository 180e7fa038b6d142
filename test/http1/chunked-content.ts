/** What the tests of the chunked coding share: content in every split, with a request behind it. */
import assert from 'node:assert/strict';
import { ChunkedDecoder } from '../../src/http1/chunked-decoder.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../../src/http1/limits.ts';
import { latin1 } from '../../src/http1/octets.ts';
import { REJECTIONS, type RejectionReason } from '../../src/http1/rejections.ts';
import { CONTENT_END, REJECTED } from '../../src/http1/results.ts';
import { eachSplit } from '../support/each-split.ts';
import { decodeChunks, textOf } from './incremental.ts';

/** The last chunk, an empty trailer section and the empty line. */
export const LAST = '0\r\n\r\n';
const NEXT_REQUEST = 'GET / HTTP/1.1\r\n';

/** The content, or the status of the refusal. */
export function assertDecoded(
  raw: string,
  expected: string | number,
  limits: MessageLimits = DEFAULT_LIMITS,
  trailers: string[] = [],
): void {
  eachSplit(
    raw,
    (chunks, { trailing }) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      const decoded = decodeChunks(decoder, chunks);
      if (typeof expected === 'number') {
        assert.equal(decoded.outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
        return assert.equal(decoder.rejection.status, expected, JSON.stringify(raw));
      }
      assert.equal(decoded.outcome, CONTENT_END, `${decoder.rejection.reason}: ${JSON.stringify(raw)}`);
      assert.equal(decoded.content, expected);
      assert.deepEqual(decoded.trailers, trailers);
      assert.equal(decoded.rest, textOf(trailing), 'what follows is left alone');
    },
    NEXT_REQUEST,
  );
}

export function assertRefused(
  raw: string,
  reason: RejectionReason,
  limits: MessageLimits = DEFAULT_LIMITS,
): void {
  eachSplit(
    raw,
    (chunks) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      assert.equal(decodeChunks(decoder, chunks).outcome, REJECTED, `accepted: ${JSON.stringify(raw)}`);
      const { rejection } = decoder;
      assert.equal(rejection, REJECTIONS[reason], `${rejection.reason}: ${JSON.stringify(raw)}`);
    },
    NEXT_REQUEST,
  );
}
