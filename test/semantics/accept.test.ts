import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { acceptWeight } from '../../src/semantics/accept.ts';

const HTML = 'text/html';
const JSON_TYPE = 'application/json';

describe('acceptWeight', () => {
  test('RFC 9110 §12.5.1: without the field, any media type is acceptable', () => {
    assert.equal(acceptWeight(null, HTML), 1000);
  });

  test('RFC 9110 §12.5.1: what no range matches is not acceptable', () => {
    assert.equal(acceptWeight('application/json', HTML), 0);
    assert.equal(acceptWeight('text/*', JSON_TYPE), 0);
    assert.equal(acceptWeight('', HTML), 0);
  });

  test('RFC 9110 §12.5.1: the most specific range decides, wherever it stands', () => {
    for (const value of [
      'text/html;q=0.4, text/*;q=0.3, */*;q=0.5',
      '*/*;q=0.5,text/*;q=0.3,text/html;q=0.4',
    ]) {
      assert.equal(acceptWeight(value, HTML), 400);
      assert.equal(acceptWeight(value, 'text/plain'), 300);
      assert.equal(acceptWeight(value, JSON_TYPE), 500);
    }
  });

  test('RFC 9110 §12.4.2: the weight has three decimals at most, and 0 refuses', () => {
    assert.equal(acceptWeight('text/html;q=0', HTML), 0);
    assert.equal(acceptWeight('*/*, text/html;q=0.000', HTML), 0);
    assert.equal(acceptWeight('text/html ; Q=0.125', HTML), 125);
    assert.equal(acceptWeight('text/html;q=1.000', HTML), 1000);
    for (const weight of ['1.001', '0.1234', '2', '-1', '', '.5', '"1"']) {
      assert.equal(acceptWeight(`text/html;q=${weight}`, HTML), 0, weight);
    }
  });

  test('RFC 9110 §8.3.1: types are compared without regard to case', () => {
    assert.equal(acceptWeight('Text/HTML', HTML), 1000);
  });

  test('RFC 9110 §12.5.1: a range with parameters asks for something else', () => {
    assert.equal(acceptWeight('text/html;level=1', HTML), 0);
    assert.equal(acceptWeight('text/html;level=1;q=0.9, text/html;q=0.2', HTML), 200);
    assert.equal(acceptWeight('text/html;q=0.5;v=b3', HTML), 500);
  });

  test('RFC 9110 §5.6.4: separators in a quoted string separate nothing', () => {
    assert.equal(acceptWeight('text/plain;a="x, text/html;q=1, \\", text/html"', HTML), 0);
    assert.equal(acceptWeight('text/plain;a=";,", text/html', HTML), 1000);
  });

  test('of a range that is named twice the lower weight counts', () => {
    assert.equal(acceptWeight('text/html;q=0.2, text/html', HTML), 200);
    assert.equal(acceptWeight('text/html, text/html;q=0', HTML), 0);
  });

  test('members that are no media ranges are ignored', () => {
    for (const junk of ['', ',', ';', 'text', '/', 'text/', '/html', 'te xt/html', '*/html', 'text/html/x']) {
      assert.equal(acceptWeight(`${junk}, application/json;q=0.1`, JSON_TYPE), 100, junk);
      assert.equal(acceptWeight(junk, HTML), 0, junk);
    }
  });

  test('what browsers send prefers HTML', () => {
    const chromium =
      'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
    assert.equal(acceptWeight(chromium, HTML), 1000);
    assert.equal(acceptWeight(chromium, JSON_TYPE), 800);
  });
});
