/** Errors that an application can see: their shape. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  codeOf,
  invalidState,
  isProtocolError,
  notSupported,
  protocolError,
} from '../../src/fetch/errors.ts';
import { assertProtocolError } from '../server/with-server.ts';

describe('errors', () => {
  test('protocolError: a TypeError with a code of its own, and a cause where there is one', () => {
    const cause = new Error('cause');
    const error = protocolError('ERR_HTTP_TIMEOUT', 'too late', cause);
    assertProtocolError(error, 'ERR_HTTP_TIMEOUT');
    assert.equal(error.message, 'too late');
    assert.equal(error.cause, cause);
    assert.equal('cause' in protocolError('ERR_HTTP_TIMEOUT', 'too late'), false);
  });

  test('invalidState and notSupported: DOMExceptions of the draft’s names', () => {
    for (const [error, name] of [
      [invalidState('x'), 'InvalidStateError'],
      [notSupported('x'), 'NotSupportedError'],
    ] as const) {
      assert.ok(error instanceof DOMException);
      assert.equal(error.name, name);
    }
  });

  test('isProtocolError: those of the draft, and no others', () => {
    assert.equal(isProtocolError(protocolError('ERR_HTTP_TIMEOUT', 'too late')), true);
    const other = Object.assign(new TypeError('x'), { code: 'ERR_INVALID_ARG_TYPE' });
    const noError = { code: 'ERR_HTTP_TIMEOUT' };
    for (const thrown of [undefined, null, 'x', {}, noError, new TypeError('x'), other, invalidState('x')])
      assert.equal(isProtocolError(thrown), false);
  });

  test('codeOf: the code of whatever was thrown, if it has one', () => {
    assert.equal(codeOf(protocolError('ERR_HTTP_TIMEOUT', '')), 'ERR_HTTP_TIMEOUT');
    for (const thrown of [undefined, null, 'x', 1, {}, new Error('x')])
      assert.equal(codeOf(thrown), undefined);
  });
});
