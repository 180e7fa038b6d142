import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExpect } from '../../src/semantics/expect.ts';

test('RFC 9110 §10.1.1: 100-continue is one expectation, in any case, also when it is listed twice', () => {
  for (const value of [
    '100-continue',
    '100-Continue',
    ' 100-CONTINUE\t',
    '100-continue, 100-continue',
    '100-continue,100-Continue ,\t100-CONTINUE',
  ]) {
    assert.equal(parseExpect(value), 'continue', value);
  }
});

test('RFC 9110 §5.6.1.2: empty members of Expect are ignored', () => {
  for (const value of [',100-continue', '100-continue,', ', ,100-continue,\t,'])
    assert.equal(parseExpect(value), 'continue', value);
  for (const value of ['', ',', ' \t', ', ,']) assert.equal(parseExpect(value), 'none', value);
});

test('RFC 9110 §10.1.1: any other member makes the expectation unknown', () => {
  for (const value of [
    '200-ok',
    '100',
    '100-continu',
    '100-continue2',
    '100-continue, a',
    'a,100-continue',
    '100-continue 100-continue',
    '100-continue;a=b',
    '100-continue=a',
    '"100-continue"',
    'x="100-continue"',
    'x="a, 100-continue"',
    'x=",100-continue,"',
    '100-continue\xa0',
    '\xa0',
    'x',
  ]) {
    assert.equal(parseExpect(value), 'unknown', value);
  }
});
