import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNavigation, wantsHtml } from '../../../src/files/lookup/navigation.ts';

const CHROMIUM = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('isNavigation', () => {
  const rows: [boolean, string, Record<string, string>][] = [
    [true, 'a browser that says so', { 'Sec-Fetch-Mode': 'navigate', Accept: CHROMIUM }],
    [false, 'a script that a page asks for', { 'Sec-Fetch-Mode': 'no-cors', Accept: '*/*' }],
    [false, 'a module', { 'Sec-Fetch-Mode': 'cors', Accept: '*/*' }],
    [false, 'a fetch() for HTML', { 'Sec-Fetch-Mode': 'cors', Accept: 'text/html' }],
    [true, 'a browser over plain http on a network', { Accept: CHROMIUM }],
    [false, 'an image', { Accept: 'image/avif,image/webp,*/*;q=0.8' }],
    [false, 'curl', { Accept: '*/*' }],
    [false, 'nothing said', {}],
    [false, 'HTML refused', { Accept: 'text/html;q=0, */*' }],
    [false, 'another type', { Accept: 'text/html5' }],
  ];
  for (const [expected, what, fields] of rows) {
    it(`${expected ? 'is' : 'is not'}: ${what}`, () => {
      assert.equal(isNavigation(new Headers(fields)), expected);
    });
  }
});

describe('wantsHtml', () => {
  it('RFC 9110 §12.5.1: is so without Accept, with text/html, text/* and */*, unless refused', () => {
    const wants = (accept?: string) => wantsHtml(new Headers(accept === undefined ? {} : { Accept: accept }));
    for (const accept of [undefined, 'text/html', 'text/*', '*/*', 'image/png, */*;q=0.1']) {
      assert.equal(wants(accept), true, accept);
    }
    for (const accept of ['application/json', 'image/*', 'text/html;q=0, */*', '*/*;q=0', '']) {
      assert.equal(wants(accept), false, accept);
    }
  });
});
