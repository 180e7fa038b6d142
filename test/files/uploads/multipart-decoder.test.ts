import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CONTENT,
  END,
  MULTIPART_LIMITS,
  MultipartDecoder,
  type MultipartFailure,
  type MultipartLimits,
  PART,
  PART_END,
} from '../../../src/files/uploads/multipart-decoder.ts';
import { NEED_OCTETS, REJECTED } from '../../../src/octets/results.ts';
import { eachSplit, latin1 } from '../../support/each-split.ts';

const BOUNDARY = 'a+b';

interface Decoded {
  parts: { name: string; fileName: string | undefined; content: string }[];
  outcome: 'need octets' | 'end' | MultipartFailure;
}

function decode(chunks: readonly Uint8Array[], limits?: MultipartLimits): Decoded {
  const decoder = new MultipartDecoder(BOUNDARY, limits);
  const parts: Decoded['parts'] = [];
  let isOpen = false;
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let result = decoder.next(); result !== NEED_OCTETS; result = decoder.next()) {
      if (result === REJECTED) return { parts, outcome: decoder.failure };
      if (result === END) break;
      if (result === PART) {
        assert.equal(isOpen, false, 'a part begins when the one before it is over');
        isOpen = true;
        parts.push({ ...decoder.part, content: '' });
      } else if (result === CONTENT) {
        assert.equal(isOpen, true);
        assert.ok(decoder.content.length > 0, 'content is never empty');
        parts.at(-1)!.content += Buffer.from(decoder.content).toString('latin1');
      } else {
        assert.equal(result, PART_END);
        isOpen = false;
      }
    }
  }
  const result = decoder.next();
  assert.equal(decoder.next(), result, 'nothing happens without octets');
  return { parts, outcome: result === END ? 'end' : 'need octets' };
}

function assertDecoded(body: string, parts: Decoded['parts'], trailing = '\r\nepilogue\r\n--a+b'): void {
  eachSplit(body, (chunks) => assert.deepEqual(decode(chunks), { parts, outcome: 'end' }), trailing);
}

function assertFailed(body: string): void {
  eachSplit(body, (chunks) => assert.equal(decode(chunks).outcome, 'malformed'));
}

const file = (fileName: string, content: string, name = 'file') => ({ name, fileName, content });
const part = (content: string, disposition = 'form-data; name="file"; filename="a"'): string =>
  `--a+b\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n`;
const form = (...parts: string[]): string => `${parts.join('')}--a+b--`;

describe('MultipartDecoder', () => {
  test('RFC 7578 §4.1: files and fields come one after the other, as they were sent', () => {
    assertDecoded(
      [
        '--a+b\r\nContent-Disposition: form-data; name="note"\r\n\r\nmeow\r\n',
        '--a+b\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION:form-data;filename=b.txt ; name=file\r\n\r\n1\r\n2\r\n',
        '--a+b--',
      ].join(''),
      [{ name: 'note', fileName: undefined, content: 'meow' }, file('b.txt', '1\r\n2')],
    );
  });

  test('RFC 2046 §5.1.1: content holds whatever is not the delimiter, to the octet', () => {
    const contents = [
      ...['', '\r', '\n', '\r\n', '\r\n\r\n', '-', '--', '--a+b', '--a+b--', '\r\n--a+', '\r\n--a+\r\n--a+'],
      ...['\r\n--A+B', '\r\r\n--a', '\n--a+b\r\n', '\r--a+b\r\n', '\0\xff\x80'],
    ];
    for (const content of contents) {
      // Content that begins with the delimiter but for its CRLF is none at all: the empty line's own CRLF is that.
      if (content.startsWith('--a+b')) continue;
      assertDecoded(form(part(content)), [file('a', content)]);
      assertDecoded(form(part(`x${content}`)), [file('a', `x${content}`)]);
    }
  });

  test('RFC 2046 §5.1.1: content may be missing altogether', () => {
    assertDecoded('--a+b\r\nContent-Disposition: form-data; name=x; filename=y\r\n\r\n--a+b--', [
      file('y', '', 'x'),
    ]);
  });

  test('RFC 2046 §5.1.1: what stands before the first delimiter and behind the last means nothing', () => {
    assertDecoded(`preamble\r\nmore of it --a+b\r\n${form(part('x'))}`, [file('a', 'x')]);
    assertDecoded(`\r\n${form(part('x'))}`, [file('a', 'x')]);
    assertDecoded('--a+b--', []);
  });

  test('a body that breaks off is never complete', () => {
    const body = form(part('content'), part('more'));
    for (let length = 0; length < body.length; length += 3) {
      eachSplit(body.slice(0, length), (chunks) => assert.equal(decode(chunks).outcome, 'need octets'));
    }
  });

  test('a delimiter is followed by CRLF or two dashes, and by nothing else', () => {
    for (const behind of ['\n', '\rx', ' \r\n', 'x', '-\r\n', '-x', '\t'])
      assertFailed(`--a+b${behind}\r\n\r\n`);
    assertFailed(`${part('x')}--a+bc\r\n`);
  });

  test('fields are held to the grammar of HTTP', () => {
    const fields = [
      'Content-Disposition : form-data; name="a"',
      'Content-Disposition: form-data;\r\n name="a"',
      'Content-Disposition: form-data; name="a"\nX: y',
      'Content-Disposition: form-data; name="a\0"',
      'no colon',
    ];
    for (const field of fields) assertFailed(`--a+b\r\n${field}\r\n\r\nx\r\n--a+b--`);
  });

  test('RFC 7578 §4.2: each part says that it is form-data, and what its name is', () => {
    for (const disposition of [
      'form-data',
      'attachment; name="a"',
      'form-data; filename="a"',
      'form-data; name="a',
      'form-data; name="a"; name="b"',
      'form-data; name="a"; filename="a"; filename="b"',
      'form-data; name="a" x',
      'form-data; name=',
      'form-data; name="a"; filename="\xff\xfe"',
    ]) {
      assertFailed(form(part('x', disposition)));
    }
    assertFailed('--a+b\r\n\r\nx\r\n--a+b--');
    const twice = 'form-data; name=a\r\nContent-Disposition: form-data; name=b';
    assertFailed(form(part('x', twice)));
  });

  test('RFC 7578 §4.2: filename* alone is not taken for a field', () => {
    assertFailed(form(part('x', 'form-data; name="a"; filename*=utf-8\'\'a')));
  });

  test('a file of .NET has filename, and filename* beside it with the name as it is', () => {
    const disposition = (plain: string, extended: string) =>
      form(part('x', `form-data; name=file; filename=${plain}; filename*=${extended}`));
    assertDecoded(disposition('photo.png', "utf-8''photo.png"), [file('photo.png', 'x')]);
    const encoded = disposition('"=?utf-8?B?w6l0w6kucG5n?="', "UTF-8''%C3%A9t%C3%A9%20%22a%22.png");
    assertDecoded(encoded, [file('été "a".png', 'x')]);
    for (const extended of ["iso-8859-1''%E9", "utf-8''%E9", "utf-8'a", "utf-8''a b", 'a']) {
      assertFailed(disposition('a', extended));
    }
  });

  test('RFC 7578 §5.1: names are UTF-8', () => {
    const body = Buffer.from(form(part('x', 'form-data; name="plik"; filename="źółw 🐢.png"')));
    eachSplit(new Uint8Array(body), (chunks) => {
      assert.deepEqual(decode(chunks).parts, [file('źółw 🐢.png', 'x', 'plik')]);
    });
  });

  const fileNames: [sent: string, understood: string][] = [
    ['"a%22b"', 'a"b'],
    ['"a\\"b"', 'a"b'],
    ['"a\\\\b"', 'a\\b'],
    ['"C:\\dir\\a.txt"', 'C:\\dir\\a.txt'],
    ['"../../etc/passwd"', '../../etc/passwd'],
    ['"a%2Fb%0D%0A"', 'a%2Fb%0D%0A'],
    ['"a;b=c"', 'a;b=c'],
    ['""', ''],
  ];
  for (const [sent, understood] of fileNames) {
    test(`filename=${sent} is ${JSON.stringify(understood)}`, () => {
      assertDecoded(form(part('x', `form-data; name="file"; filename=${sent}`)), [file(understood, 'x')]);
    });
  }

  test('RFC 7578 §4.7: content that was encoded for mail is refused', () => {
    const encoded = (encoding: string) =>
      form(part('x', `form-data; name="file"; filename="a"\r\nContent-Transfer-Encoding: ${encoding}`));
    assertDecoded(encoded('binary'), [file('a', 'x')]);
    assertDecoded(encoded('8bit'), [file('a', 'x')]);
    assertFailed(encoded('base64'));
    assertFailed(encoded('quoted-printable'));
  });

  test('has limits: parts, field lines, octets of fields, octets before the first delimiter', () => {
    const outcome = (body: string, limits: Partial<MultipartLimits>) =>
      decode([latin1(body)], { ...MULTIPART_LIMITS, ...limits }).outcome;
    const three = form(part('1'), part('2'), part('3'));
    assert.equal(outcome(three, { parts: 3 }), 'end');
    assert.equal(outcome(three, { parts: 2 }), 'too-many-parts');

    const lines = (count: number) => form(part('', `form-data; name=a${'\r\nX: y'.repeat(count - 1)}`));
    assert.equal(outcome(lines(3), { lines: 3 }), 'end');
    assert.equal(outcome(lines(4), { lines: 3 }), 'malformed');

    const section = 'Content-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.length;
    assert.equal(outcome(form(part('x')), { octets: section }), 'end');
    assert.equal(outcome(form(part('x')), { octets: section - 1 }), 'malformed');

    const small = { octets: 100 };
    assert.equal(outcome(`${'x'.repeat(98)}\r\n--a+b--`, small), 'end', 'the made-up CRLF counts');
    assert.equal(outcome(`${'x'.repeat(99)}\r\n--a+b--`, small), 'malformed');
    assert.equal(outcome('x'.repeat(1000), small), 'malformed');
  });

  test('keeps no more of the content than could begin a delimiter', () => {
    const decoder = new MultipartDecoder(BOUNDARY);
    decoder.push(latin1(part('').slice(0, -2)));
    while (decoder.next() !== NEED_OCTETS);
    const chunk = new Uint8Array(65_536).fill(0x0d);
    let octets = 0;
    for (let i = 0; i < 64; i++) {
      decoder.push(chunk);
      while (decoder.next() === CONTENT) {
        assert.ok(decoder.content.length <= chunk.length + 1);
        octets += decoder.content.length;
      }
    }
    assert.equal(octets, 64 * chunk.length - 1, 'the last CR may begin it');
  });
});
