import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { test } from 'node:test';
import { reasonPhrase } from '../../src/semantics/status-codes.ts';

/** Phrases that the runtime's own table, the second opinion here, has from older registries or has made up. */
const REGISTERED: Record<number, string> = {
  102: 'Processing',
  302: 'Found',
  413: 'Content Too Large',
  418: "I'm a teapot",
  422: 'Unprocessable Content',
  // Not registered, and obsolete: no phrase.
  509: '',
  510: '',
};

test('RFC 9110 §15: each registered status code has the phrase of the registry', () => {
  for (const [code, phrase] of Object.entries(STATUS_CODES)) {
    const status = Number(code);
    assert.equal(reasonPhrase(status), REGISTERED[status] ?? phrase, code);
  }
});

test('RFC 9110 §15: a status code that is not registered has no phrase', () => {
  for (let status = 0; status < 1_000; status++) {
    const isKnown = STATUS_CODES[status] !== undefined && REGISTERED[status] !== '';
    assert.equal(reasonPhrase(status) !== '', isKnown, `${status}`);
  }
});
