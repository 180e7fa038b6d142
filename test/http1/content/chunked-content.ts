/** What the tests of the chunked coding share: content in every split, with a request behind it. */
import assert from 'node:assert/strict';
import { ChunkedDecoder } from '../../../src/http1/content/chunked-decoder.ts';
import { DEFAULT_LIMITS, type MessageLimits } from '../../../src/http1/limits.ts';
import { REJECTIONS, type RejectionReason } from '../../../src/http1/rejections.ts';
import { latin1 } from '../../../src/octets/octet-table.ts';
import { CONTENT_END, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit } from '../../support/each-split.ts';
import { decodeChunks, textOf } from '../incremental.ts';

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
  const shown = JSON.stringify(raw);
  eachSplit(
    raw,
    (chunks, { trailing }) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      const decoded = decodeChunks(decoder, chunks);
      if (typeof expected === 'number') {
        if (decoded.outcome !== REJECTED) assert.fail(`accepted: ${shown}`);
        return assert.equal(decoder.rejection.status, expected, shown);
      }
      if (decoded.outcome !== CONTENT_END) assert.fail(`${decoder.rejection.reason}: ${shown}`);
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
  const shown = JSON.stringify(raw);
  eachSplit(
    raw,
    (chunks) => {
      const decoder = new ChunkedDecoder(limits, latin1);
      if (decodeChunks(decoder, chunks).outcome !== REJECTED) assert.fail(`accepted: ${shown}`);
      const { rejection } = decoder;
      if (rejection !== REJECTIONS[reason]) assert.fail(`${rejection.reason}: ${shown}`);
    },
    NEXT_REQUEST,
  );
}
