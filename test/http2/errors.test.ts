import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HPACK_ERRORS } from '../../src/hpack/errors.ts';
import { COMPRESSION_ERROR, NO_ERROR } from '../../src/http2/error-codes.ts';
import { compressionError, HTTP2_ERRORS } from '../../src/http2/errors.ts';

test('each error is listed under its own reason, cites a section and is a sentence that a GOAWAY can carry', () => {
  for (const [reason, error] of Object.entries(HTTP2_ERRORS)) {
    assert.equal(error.reason, reason);
    assert.match(error.section, /^RFC (7540|8441|9110|9113|9218) §\d/);
    assert.match(error.sentence, /^[A-Z:][\x20-\x7e]*\.$/);
    assert.notEqual(error.code, NO_ERROR);
    assert.ok(Object.isFrozen(error));
  }
});

test('RFC 9113 §4.3: whatever is wrong with a field block is a connection error COMPRESSION_ERROR', () => {
  for (const cause of Object.values(HPACK_ERRORS)) {
    const { code, scope, reason } = compressionError(cause);
    assert.deepEqual([code, scope, reason], [COMPRESSION_ERROR, 'connection', cause.reason]);
  }
});
