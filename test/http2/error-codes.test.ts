import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as codes from '../../src/http2/error-codes.ts';

test('RFC 9113 §7: each code has its name, and an unknown one its number', () => {
  const { errorCodeName, ...named } = codes;
  assert.equal(Object.keys(named).length, 14);
  for (const [name, code] of Object.entries(named)) assert.equal(errorCodeName(code), name);
  assert.equal(errorCodeName(0x0e), '0xe');
});
