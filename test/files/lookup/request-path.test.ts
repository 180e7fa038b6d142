import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pathOf, queryOf } from '../../../src/files/lookup/request-path.ts';

describe('pathOf and queryOf', () => {
  const urls = [
    'http://a/',
    'http://a',
    'http://a?b=/c',
    'http://127.0.0.1:4221/a/b%20c.txt?d=e/f',
    'http://[::1]:80/a',
    'https://a:8443//b//?',
    'http://a/b#c?d',
    'http://a/b?c#d',
    'http://a/b?c?d#e#f',
    'http://a/http://b/c?d=http://e/f#g',
    'http://a/@b:c',
    'http://a/*',
  ];
  for (const text of urls) {
    it(`find in ${text} what the URL Standard finds`, () => {
      const { url } = new Request(text);
      const parsed = new URL(text);
      assert.equal(pathOf(url), parsed.pathname);
      assert.equal(queryOf(url).replace(/^\?$/, ''), parsed.search);
    });
  }
});
