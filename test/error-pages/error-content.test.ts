import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { errorContent, errorForm } from '../../src/error-pages/error-content.ts';
import { ERROR_POLICY, ERROR_STYLE } from '../../src/error-pages/error-page.ts';
import { errorWords } from '../../src/error-pages/error-words.ts';

const CHROMIUM =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7';
const SAFARI = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('RFC 9110 §12.5.1: the form of an error', () => {
  const forms: readonly (readonly [accept: string | null, form: string])[] = [
    [CHROMIUM, 'page'],
    [SAFARI, 'page'],
    ['text/html', 'page'],
    ['text/html, application/json', 'page'],
    [null, 'text'],
    ['*/*', 'text'],
    ['', 'text'],
    ['text/*', 'text'],
    ['text/plain', 'text'],
    ['text/html, text/plain', 'text'],
    ['text/html;q=0.5, */*', 'text'],
    ['image/avif,image/webp,*/*;q=0.8', 'text'],
    ['application/json', 'json'],
    ['application/problem+json', 'json'],
    ['application/json, text/html;q=0.9', 'json'],
    ['application/json, */*;q=0.5', 'json'],
    ['application/json, text/plain, */*', 'text'],
    ['image/png', 'text'],
    ['text/html;q=0', 'text'],
    ['nonsense', 'text'],
  ];
  for (const [accept, form] of forms) {
    it(`is ${form} for ${accept}`, () => assert.equal(errorForm(accept), form));
  }
});

describe('the content of an error', () => {
  it('is a page that its policy allows, and nothing else', () => {
    const hash = createHash('sha256').update(ERROR_STYLE).digest('base64');
    assert.ok(ERROR_POLICY.includes(`style-src 'sha256-${hash}'`), `the hash is sha256-${hash}`);
    const { content, fields } = errorContent(SAFARI, 404);
    assert.deepEqual(/<style>([\s\S]*)<\/style>/.exec(content)![1], ERROR_STYLE);
    assert.doesNotMatch(content, /<script|src=|style=|url\(|@import|https?:/);
    assert.equal(new Map(fields).get('Content-Security-Policy'), ERROR_POLICY);
    assert.ok(content.length < 3500, `${content.length} bytes`);
  });

  it('is ASCII for every status, so that its length is known', () => {
    for (let status = 400; status < 600; status++) {
      for (const accept of [null, SAFARI, 'application/json']) {
        const { content } = errorContent(accept, status);
        assert.match(content, /^[\n\x20-\x7e]*$/, `${status}`);
      }
      const { heading, advice } = errorWords(status);
      assert.match(errorContent(SAFARI, status).content, new RegExp(`<h1>${heading}</h1>`));
      assert.ok(advice.endsWith('.'), advice);
    }
  });

  it('escapes what it is given, and the next page without details has none of it', () => {
    const given = {
      detail: '<script>alert("1")</script>',
      advice: ["it's & <b>"],
      command: '--allow-host <name>',
      link: { to: '/"><x', text: '<i>' },
    };
    const { content } = errorContent(SAFARI, 404, given);
    assert.doesNotMatch(content, /<script|<b>a|<name>|<x|<i>/);
    assert.match(content, /&lt;script&gt;alert\(&quot;1&quot;\)/);
    assert.match(content, /<a href="\/&quot;&gt;&lt;x">&lt;i&gt;<\/a>/);
    assert.doesNotMatch(errorContent(SAFARI, 404).content, /script|allow-host/);
  });

  it('is problem details (RFC 9457 §3)', () => {
    const { content, fields } = errorContent('application/json', 413, { detail: 'At most 10 bytes.' });
    assert.deepEqual(JSON.parse(content), {
      type: 'about:blank',
      title: 'Content Too Large',
      status: 413,
      detail: 'At most 10 bytes.',
    });
    assert.equal(new Map(fields).get('Content-Type'), 'application/problem+json');
  });

  it('is a line of text, and what to do where that was said', () => {
    assert.equal(errorContent(null, 404).content, 'Not Found\n');
    const given = { detail: 'Not this one.', advice: ['Do that:'], command: 'that' };
    assert.equal(errorContent(null, 421, given).content, 'Not this one.\nDo that:\n\n    that\n');
  });
});
