import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asCurl } from '../../src/inspector/wording/as-curl.ts';
import { contentLines } from '../../src/inspector/wording/content-lines.ts';
import { headLines } from '../../src/inspector/wording/head-lines.ts';
import { hidesValue, withoutSecrets } from '../../src/inspector/wording/redaction.ts';

describe('what the inspector hides', () => {
  const names = 'Authorization Proxy-Authorization Cookie Set-Cookie X-Api-Key X-CSRF-Token'.split(' ');
  it('is the value of fields with secrets', () => {
    for (const name of names) assert.ok(hidesValue(name, 'x'), name);
    for (const name of ['Host', 'Accept', ':authority', 'WWW-Authenticate'])
      assert.ok(!hidesValue(name, 'x'), name);
  });

  it('is the value of parameters of a query that sound secret, wherever a URL is', () => {
    assert.equal(withoutSecrets('/a?b=1&token=xyz&c=2'), '/a?b=1&token=[hidden]&c=2');
    assert.equal(withoutSecrets('/a?pass%77ord=xyz'), '/a?pass%77ord=[hidden]');
    assert.equal(withoutSecrets('/a?b=1#c'), '/a?b=1#c');
    assert.ok(hidesValue('Referer', 'http://a/?session=1'));
    assert.ok(!hidesValue('Referer', 'http://a/?page=1'));
  });

  const HEADS = {
    'as sent': 'GET /a?token=opensesame HTTP/1.1\r\nCookie: id=opensesame\r\nHost: b\r\n\r\n',
    'with a folded line': 'GET / HTTP/1.1\r\nAuthorization: Basic\r\n opensesame\r\n\r\n',
    'with folded lines that look like fields':
      'GET / HTTP/1.1\r\nCookie: a=1;\r\n x: opensesame\r\n\topensesame: y\r\n\r\n',
    'with lines that end with LF': 'GET / HTTP/1.1\nCookie: opensesame\n\n',
    'with a space before the colon': 'GET / HTTP/1.1\r\nAuthorization : opensesame\r\n\r\n',
    'of a referrer': 'GET / HTTP/1.1\r\nReferer: http://a/?access_token=opensesame\r\n\r\n',
  };
  for (const [name, head] of Object.entries(HEADS)) {
    it(`leaves no secret in a head ${name}`, () => {
      const hidden = headLines(head, 'request', false);
      assert.ok(!JSON.stringify(hidden).includes('opensesame'), JSON.stringify(hidden));
      const shown = headLines(head, 'request', true);
      const text = shown.flatMap(({ parts }) => parts.map((part) => part.text)).join('');
      assert.equal(text, head);
      const lengths = (lines: typeof hidden) =>
        lines.flatMap(({ parts }) => parts.map(({ length }) => length));
      assert.deepEqual(lengths(hidden), lengths(shown));
    });
  }

  it('is content, but not the sizes of its chunks', () => {
    const octets = '5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n';
    const lines = contentLines(octets, true, false);
    assert.ok(!JSON.stringify(lines).includes('hello'));
    assert.deepEqual(
      lines.map(({ title, parts }) => [title, ...parts.map(({ text, length }) => text || length)]),
      [
        ['Chunk', '5', ';a=b', '\r\n', 5, '\r\n'],
        ['Last chunk', '0', '\r\n'],
        ['X-Sum', 'X-Sum', ':', ' ', '1', '\r\n'],
        ['Empty line', '\r\n'],
      ],
    );
    const shown = contentLines(octets, true, true).flatMap(({ parts }) => parts.map(({ text }) => text));
    assert.equal(shown.join(''), octets);
  });

  it('is hidden in the command for curl, which a shell takes as it is', () => {
    const command = asCurl({
      ...{ method: 'PUT', url: "http://a/b'c?d=$(e)", hasContent: true, content: undefined, isHttp2: false },
      fields: [
        ['Host', 'a'],
        ['X-A', 'it\u001bs'],
      ],
    });
    assert.equal(command, `curl -X PUT 'http://a/b'\\''c?d=$(e)' -H 'X-A: it?s' --data-binary '@content'`);
  });
});
