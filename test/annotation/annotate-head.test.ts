import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { annotateHead, partText } from '../../src/annotation/annotate-head.ts';
import { RUNS } from '../property/arbitraries.ts';

function outline(head: string): [string, ...string[]][] {
  return annotateHead(head).map((line) => [
    line.kind,
    ...line.parts.map((part) => `${part.offset}+${part.length} ${part.kind} ${JSON.stringify(part.text)}`),
  ]);
}

describe('annotateHead', () => {
  it('names every part of a request (RFC 9112 §3, §5)', () => {
    assert.deepEqual(outline('GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n'), [
      [
        'request-line',
        '0+3 method "GET"',
        '3+1 space " "',
        '4+4 request-target "/a?b"',
        '8+1 space " "',
        '9+8 http-version "HTTP/1.1"',
        '17+2 crlf "\\r\\n"',
      ],
      [
        'field-line',
        '19+4 field-name "Host"',
        '23+1 colon ":"',
        '24+1 whitespace " "',
        '25+1 field-value "x"',
        '26+2 crlf "\\r\\n"',
      ],
      ['empty-line', '28+2 crlf "\\r\\n"'],
    ]);
  });

  it('keeps the white space on either side of a value apart from it (RFC 9110 §5.6.3)', () => {
    assert.deepEqual(outline('GET / HTTP/1.1\r\nA: \t b c\t \r\n\r\n')[1], [
      'field-line',
      '16+1 field-name "A"',
      '17+1 colon ":"',
      '18+3 whitespace " \\t "',
      '21+3 field-value "b c"',
      '24+2 whitespace "\\t "',
      '26+2 crlf "\\r\\n"',
    ]);
  });

  it('trims nothing but SP and HTAB', () => {
    const line = annotateHead('GET / HTTP/1.1\r\nA:\xa0b\r\n\r\n')[1]!;
    assert.equal(partText(line, 'field-value'), '\xa0b');
  });

  it('takes empty values, and colons in values', () => {
    assert.equal(partText(annotateHead('GET / HTTP/1.1\r\nA:\r\n\r\n')[1]!, 'field-value'), '');
    assert.equal(partText(annotateHead('GET / HTTP/1.1\r\nA:b:c\r\n\r\n')[1]!, 'field-value'), 'b:c');
  });

  it('takes empty lines before the request-line (RFC 9112 §2.2)', () => {
    const kinds = annotateHead('\r\nGET / HTTP/1.1\r\n\r\n').map((line) => line.kind);
    assert.deepEqual(kinds, ['empty-line', 'request-line', 'empty-line']);
  });

  it('RFC 9112 §4: splits a status-line, whose reason may have spaces or be missing', () => {
    const parts = (line: string) =>
      annotateHead(`${line}\r\n\r\n`, 'status-line')[0]!.parts.map(({ kind, text }) => `${kind}=${text}`);
    assert.deepEqual(parts('HTTP/1.1 404 Not Found').slice(0, 5), [
      'http-version=HTTP/1.1',
      'space= ',
      'status-code=404',
      'space= ',
      'reason-phrase=Not Found',
    ]);
    assert.deepEqual(parts('HTTP/1.1 200 ').slice(2), ['status-code=200', 'space= ', 'crlf=\r\n']);
  });

  it('puts every octet of anything at all into exactly one part', () => {
    const character = fc.oneof(
      fc.constantFrom('\r\n', '\r', '\n', ' ', '\t', ':', 'a'),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    );
    const heads = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(heads, fc.constantFrom('request-line', 'status-line'), (head, startLine) => {
        let offset = 0;
        let text = '';
        for (const line of annotateHead(head, startLine)) {
          assert.equal(line.offset, offset);
          for (const part of line.parts) {
            assert.equal(part.offset, offset);
            assert.equal(part.length, part.text.length);
            assert.ok(part.length > 0);
            offset += part.length;
            text += part.text;
          }
          assert.equal(line.offset + line.length, offset);
        }
        assert.equal(text, head);
      }),
      RUNS,
    );
  });
});
