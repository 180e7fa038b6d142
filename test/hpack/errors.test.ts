import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HPACK_ERRORS } from '../../src/hpack/errors.ts';

test('each reason is listed under its own name, cites a section and is a sentence', () => {
  for (const [reason, error] of Object.entries(HPACK_ERRORS)) {
    assert.equal(error.reason, reason);
    assert.match(error.section, /^RFC (7541|9113) §\d/);
    assert.match(error.sentence, /^[A-Z].*\.$/);
    assert.ok(Object.isFrozen(error));
  }
});
