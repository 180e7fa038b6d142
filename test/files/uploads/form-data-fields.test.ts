import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formBoundary, parseParameters } from '../../../src/files/uploads/form-data-fields.ts';

const read = (text: string) => {
  const parsed = parseParameters(text);
  return parsed && [parsed.value, Object.fromEntries(parsed.parameters)];
};

describe('parseParameters', () => {
  test('RFC 9110 §5.6.6: names are case-insensitive, values are tokens or quoted strings', () => {
    assert.deepEqual(read('Form-Data'), ['form-data', {}]);
    assert.deepEqual(read('a ; B=c\t;d="e; f=\\"g\\"" ;'), ['a', { b: 'c', d: 'e; f="g"' }]);
    assert.deepEqual(read('a;;;b=""'), ['a', { b: '' }]);
  });

  test('what is not well-formed has no parameters at all', () => {
    const malformed = ['b', '=c', 'b=', 'b =c', 'b="c', 'b=c d', 'b="c"d', 'b=c; B=d', 'b=ä'];
    for (const text of malformed) assert.equal(read(`a; ${text}`), undefined, text);
  });
});

describe('formBoundary', () => {
  test('RFC 7578 §4.1: is the parameter of multipart/form-data', () => {
    const webkit = '----WebKitFormBoundaryX1';
    assert.equal(formBoundary(`multipart/form-data; boundary=${webkit}`), webkit);
    assert.equal(formBoundary('Multipart/Form-Data;charset=utf-8;Boundary="a b:c"'), 'a b:c');
    for (const value of ['multipart/form-data', 'multipart/mixed; boundary=a', 'text/plain', '']) {
      assert.equal(formBoundary(value), undefined, value);
    }
  });

  test('RFC 2046 §5.1.1: has 1 to 70 characters of those allowed, and no blank at its end', () => {
    const boundary = (text: string) => formBoundary(`multipart/form-data; boundary="${text}"`);
    assert.equal(boundary('x'.repeat(70)), 'x'.repeat(70));
    assert.equal(boundary('x'.repeat(71)), undefined);
    assert.equal(boundary("'()+_,-./:=?"), "'()+_,-./:=?");
    for (const text of ['', 'a ', 'a\tb', 'a"', 'ä', 'a\\\\b', '<']) {
      assert.equal(boundary(text), undefined, text);
    }
  });
});
