import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestFields } from '../../../src/http1/head/request-fields.ts';
import { withoutStacks } from '../../support/without-stacks.ts';
import { FIELD_OCTET, TCHAR } from '../grammar.ts';

function fieldsOf(...lines: readonly (readonly [string, string])[]): RequestFields {
  const fields = new RequestFields();
  for (const [name, value] of lines) fields.add(name, value);
  return fields;
}

test('RFC 9112 §5: field lines are sent in the order, the case and the number given', () => {
  assert.equal(fieldsOf(['X', 'y'], ['accept', '*/*'], ['X', '']).lines, 'X: y\r\naccept: */*\r\nX: \r\n');
});

test('RFC 9110 §5.5: of all code units, those that a field can hold can be sent, others throw and nothing is added', () =>
  withoutStacks(() => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      const fields = new RequestFields();
      const isAllowed = code < 256 && FIELD_OCTET.test(character);
      if (isAllowed) fields.add('X', `a${character}`);
      else assert.throws(() => fields.add('X', `a${character}`), TypeError);
      assert.equal(fields.lines, isAllowed ? `X: a${character}\r\n` : '');
      const isToken = code < 256 && TCHAR.test(character);
      if (!isToken) assert.throws(() => fields.add(`X${character}`, 'v'), TypeError);
    }
  }));

test('RFC 9112 §11.1: a request is not split by what its fields hold', () => {
  for (const value of ['a\r\nX: y', 'a\n', 'a\r', 'a\0', 'a\u010d\u010aGET /admin'])
    for (const name of ['X', 'Host', 'Expect', 'Content-Length', 'Upgrade', 'Cookie'])
      assert.throws(() => fieldsOf([name, value]), TypeError, `${name}: ${JSON.stringify(value)}`);
  assert.throws(() => fieldsOf(['X\r\nY', 'v']), TypeError);
});

test('RFC 9110 §7.2: Host is kept apart, one that is valid and no second', () => {
  const fields = fieldsOf(['HOST', 'a:8080'], ['X', 'y']);
  assert.deepEqual([fields.host, fields.lines], ['a:8080', 'X: y\r\n']);
  assert.throws(() => fields.add('host', 'a:8080'), TypeError);
  for (const host of ['', 'a b', 'u@a', 'a/b', 'a,b', 'a:99999', ' a'])
    assert.throws(() => fieldsOf(['Host', host]), TypeError, host);
});

test('RFC 9110 §10.1.1: 100-continue is the only expectation that can be sent', () => {
  for (const value of [' 100-Continue', '100-continue, 100-continue'])
    assert.equal(fieldsOf(['Expect', value]).expectsContinue, true);
  assert.equal(fieldsOf().expectsContinue, false);
  for (const value of ['', '200-ok', '100-continue, x'])
    assert.throws(() => fieldsOf(['expect', value]), TypeError);
});

test('RFC 9110 §10.1.4: trailers can be asked for, codings not', () => {
  assert.equal(fieldsOf(['TE', 'gzip, Trailers']).acceptsTrailers, true);
  const fields = fieldsOf(['te', 'gzip']);
  assert.deepEqual([fields.acceptsTrailers, fields.lines], [false, '']);
});

test('RFC 9110 §7.6.1: fields about the hop are heard or dropped, and framing is not for the caller', () => {
  const fields = fieldsOf(
    ['Connection', 'X, Close'],
    ['Keep-Alive', 'timeout=5'],
    ['Transfer-Encoding', 'gzip'],
  );
  assert.deepEqual([fields.closes, fields.lines, fields.hasUpgrade], [true, '', false]);
  assert.equal(fieldsOf(['upgrade', 'x']).hasUpgrade, true);
  assert.equal(fieldsOf(['content-length', '7']).contentLength, 7);
  assert.equal(fieldsOf().contentLength, -1);
  assert.throws(() => fieldsOf(['Content-Length', '7'], ['Content-Length', '8']), TypeError);
});
