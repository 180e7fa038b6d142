import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldProblem, headerRules } from '../../../src/site/rules/header-rules.ts';
import { ask } from '../ask.ts';

/** What the rule makes of an answer. */
async function ruled(headers: Record<string, string | null>, response: Response): Promise<Headers> {
  return (
    await ask(
      headerRules([{ source: '/**', headers }], () => response),
      '/a',
    )
  ).headers;
}

/** An answer about a file: those have an entity tag. */
const answer = (status: number, headers: Record<string, string> = {}) =>
  new Response(status === 304 ? null : 'x', { status, headers: { ETag: '"x"', ...headers } });

describe('header rules', () => {
  it('set fields, replace fields and take them away', async () => {
    const given = answer(200, { 'X-Content-Type-Options': 'nosniff', 'Content-Type': 'text/plain' });
    const headers = await ruled(
      { 'X-Frame-Options': 'DENY', 'x-content-type-options': null, 'content-type': 'text/css' },
      given,
    );
    assert.equal(headers.get('x-frame-options'), 'DENY');
    assert.equal(headers.get('x-content-type-options'), null);
    assert.equal(headers.get('content-type'), 'text/css');
  });

  it('count all that match, the later ones last', async () => {
    const handler = headerRules(
      [
        { source: '/**', headers: { A: '1', B: '1' } },
        { source: '/x/*', headers: { A: '2' } },
        { source: '/y/*', headers: { B: '3' } },
      ],
      () => answer(200),
    );
    const { headers } = await ask(handler, '/x/a');
    assert.equal(headers.get('a'), '2');
    assert.equal(headers.get('b'), '1');
  });

  it('look at the decoded path', async () => {
    const handler = headerRules([{ source: '/é', headers: { A: '1' } }], () => answer(200));
    assert.equal((await ask(handler, '/%C3%A9')).headers.get('a'), '1');
    assert.equal((await ask(handler, '/%ff')).headers.get('a'), null);
  });

  it('RFC 9110 §15.4.5: say how long to keep it in a 304 too, but nothing about content it has not', async () => {
    const rule = { 'Cache-Control': 'max-age=60', 'Content-Type': 'text/css', 'X-A': '1' };
    const headers = await ruled(rule, answer(304));
    assert.equal(headers.get('cache-control'), 'max-age=60');
    assert.equal(headers.get('content-type'), null);
    assert.equal(headers.get('x-a'), '1');
  });

  for (const status of [302, 403, 404, 416, 500]) {
    it(`say nothing about the file in a ${status}: a missing one is not immutable`, async () => {
      const rule = {
        'Cache-Control': 'immutable',
        'Content-Disposition': 'attachment',
        'X-Frame-Options': 'DENY',
      };
      const headers = await ruled(rule, answer(status));
      assert.equal(headers.get('cache-control'), null);
      assert.equal(headers.get('content-disposition'), null);
      assert.equal(headers.get('x-frame-options'), 'DENY');
    });
  }

  it('leave the page of a folder what it is: it is no file, and needs the fields that it has', async () => {
    const own = {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache',
      'Content-Security-Policy': "default-src 'none'",
      'Referrer-Policy': 'same-origin',
    };
    const page = new Response('x', { headers: own });
    const headers = await ruled(
      {
        'Content-Type': 'text/plain',
        'Cache-Control': 'max-age=31536000, immutable',
        'Content-Disposition': 'attachment',
        'Content-Security-Policy': "default-src 'self'",
        'Referrer-Policy': 'no-referrer',
        'X-Frame-Options': 'DENY',
      },
      page,
    );
    assert.equal(headers.get('content-disposition'), null);
    assert.equal(headers.get('x-frame-options'), 'DENY');
    for (const [name, value] of Object.entries(own)) assert.equal(headers.get(name), value);
  });

  it('replace what an earlier rule has set, also where pages of ours keep theirs', async () => {
    const handler = headerRules(
      [
        { source: '/**', headers: { 'Content-Security-Policy': 'sandbox' } },
        { source: '/a', headers: { 'Content-Security-Policy': "default-src 'self'" } },
      ],
      () => answer(200),
    );
    assert.equal((await ask(handler, '/a')).headers.get('content-security-policy'), "default-src 'self'");
    assert.equal((await ask(handler, '/b')).headers.get('content-security-policy'), 'sandbox');
  });

  it('RFC 9110 §14.6: leave the type of multipart/byteranges', async () => {
    const type = 'multipart/byteranges; boundary=x';
    assert.equal(
      (await ruled({ 'Content-Type': 'a/b' }, answer(206, { 'Content-Type': type }))).get('content-type'),
      type,
    );
    assert.equal((await ruled({ 'Content-Type': 'a/b' }, answer(206))).get('content-type'), 'a/b');
  });

  it('RFC 9110 §8.4: say that a file is coded, unless it has been coded on the way', async () => {
    assert.equal((await ruled({ 'Content-Encoding': 'gzip' }, answer(200))).get('content-encoding'), 'gzip');
    const coded = answer(200, { 'Content-Encoding': 'br' });
    assert.equal((await ruled({ 'Content-Encoding': 'gzip' }, coded)).get('content-encoding'), 'br');
    assert.equal((await ruled({ 'Content-Encoding': null }, coded)).get('content-encoding'), 'br');
  });

  it('RFC 9110 §12.5.5: add to Vary, and never take from it', async () => {
    const vary = { Vary: 'Accept-Encoding' };
    assert.equal(
      (await ruled({ Vary: 'accept-encoding, Cookie' }, answer(200, vary))).get('vary'),
      'Accept-Encoding, Cookie',
    );
    assert.equal((await ruled({ Vary: null }, answer(200, vary))).get('vary'), 'Accept-Encoding');
  });

  for (const name of [
    'Connection',
    'Content-Length',
    'Keep-Alive',
    'Proxy-Connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Date',
    'ETag',
    'Last-Modified',
    'Accept-Ranges',
    'Content-Range',
    'Location',
    'WWW-Authenticate',
    'Allow',
  ]) {
    it(`refuse ${name}, whatever the case`, () => {
      for (const spelled of [name, name.toLowerCase(), name.toUpperCase()]) {
        assert.match(fieldProblem(spelled, 'x') ?? '', new RegExp(`^${spelled} `));
        assert.ok(fieldProblem(spelled, null));
        assert.throws(
          () => headerRules([{ source: '/**', headers: { [spelled]: 'x' } }], () => answer(200)),
          TypeError,
        );
      }
    });
  }

  it('RFC 9110 §5.1, §5.5: refuse what is no name and no value', () => {
    for (const name of ['', 'a b', 'a:', 'é', 'a\r\nb'])
      assert.match(fieldProblem(name, 'x') ?? '', /expected a header name/);
    for (const value of ['a\r\nb', 'a\nb', '\0', '\x7f', '\u010a']) {
      assert.match(fieldProblem('X-A', value) ?? '', /a header value cannot contain/);
    }
    assert.equal(fieldProblem('X-A', 'a\té'), undefined);
  });

  it('cost nothing where there are none', () => {
    const next = () => answer(200);
    assert.equal(headerRules([], next), next);
  });
});
