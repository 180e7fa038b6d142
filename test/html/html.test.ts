import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexadecimal, visibleText } from '../../src/demo/visible-text.ts';
import { html } from '../../src/html/html.ts';

describe('html', () => {
  it('escapes what is put in, wherever it is put', () => {
    const evil = `<script>"&'`;
    assert.equal(html`<b title="${evil}">${evil}</b>`.text.split('&lt;script&gt;&quot;&amp;&#39;').length, 3);
  });

  it('leaves alone what is HTML already', () => {
    assert.equal(
      html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}</ul>`.text,
      '<ul><li>1</li><li>&lt;</li></ul>',
    );
  });
});

describe('visibleText', () => {
  it('shows white space, controls and octets beyond ASCII', () => {
    const text = visibleText('a \t\r\n\x00\x7f\xe9').text.replace(/<[^>]*>/g, '');
    assert.equal(text, 'a␣␉␍␊\\x00\\x7F\\xE9');
  });

  it('escapes the rest', () => {
    assert.equal(visibleText('<b>&').text, '&lt;b&gt;&amp;');
  });
});

describe('hexadecimal', () => {
  it('shows the first octets', () => {
    assert.equal(hexadecimal('\r\n'), '0D 0A');
    assert.equal(hexadecimal('123456789'), '31 32 33 34 35 36 37 38 …');
  });
});
