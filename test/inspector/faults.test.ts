import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_LIMITS, REJECTIONS, type RejectionReason } from '../../src/http1/index.ts';
import type { MessageDetail } from '../../src/inspector/messages.ts';
import { http1Fault, http2Fault } from '../../src/inspector/wording/faults.ts';
import { headLines } from '../../src/inspector/wording/head-lines.ts';
import { markOctets } from '../../src/inspector/wording/marked-lines.ts';

const HOST = 'Host: a\r\n';
const GET = `GET / HTTP/1.1\r\n${HOST}`;

/** The octets that broke the rule are in brackets. */
const CASES: readonly (readonly [RejectionReason, marked: string])[] = [
  ['BareLF', `GET / HTTP/1.1[\n]${HOST}\r\n`],
  ['MethodSyntax', `G[(]T / HTTP/1.1\r\n${HOST}\r\n`],
  ['PathSyntax', `GET /a[<]b HTTP/1.1\r\n${HOST}\r\n`],
  ['VersionNotSupported', `GET / [HTTP/3.0]\r\n${HOST}\r\n`],
  ['FieldNameSyntax', `${GET}X-A[ ]: b\r\n\r\n`],
  ['FieldValueSyntax', `${GET}X-A: a[\x01]b\r\n\r\n`],
  ['ObsoleteFolding', `${GET}X-A: a\r\n[ ]b\r\n\r\n`],
  ['HostMissing', `GET / HTTP/1.1\r\nAccept: */*\r\n[\r\n]`],
  ['HostRepeated', `${GET}Accept: */*\r\n[Host: b]\r\nX-A: b\r\n\r\n`],
  ['ContentLengthSyntax', `${GET}Content-Length: [1x]\r\nX-A: b\r\n\r\n`],
  ['ContentLengthRepeated', `${GET}[Content-Length: 1, 2]\r\nX-A: b\r\n\r\n`],
  ['ContentLengthRepeated', `${GET}Content-Length: 1\r\nX-A: b\r\n[Content-Length: 2]\r\n\r\nab`],
  ['LengthAndCoding', `${GET}Content-Length: 1\r\n[Transfer-Encoding: chunked]\r\n\r\n0\r\n\r\n`],
  ['TransferCodingUnknown', `${GET}Transfer-Encoding: [gzip, chunked]\r\n\r\n`],
  ['ChunkSizeSyntax', `${GET}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n[x]y\r\n`],
  ['ChunkDataSyntax', `${GET}Transfer-Encoding: chunked\r\n\r\n1\r\na[b]\r\n`],
];

describe('the octets that broke a rule, over HTTP/1', () => {
  for (const [reason, marked] of CASES) {
    it(`${REJECTIONS[reason].section}: are found for ${reason}, ${JSON.stringify(marked)}`, () => {
      const octets = marked.replace(/[[\]]/g, '');
      const fault = http1Fault(octets)!;
      assert.equal(fault.rejection.reason, reason);
      const { start, end } = fault;
      assert.equal(`${octets.slice(0, start)}[${octets.slice(start, end)}]${octets.slice(end)}`, marked);
    });
  }

  it('are found with the limits of the server: the last octet that fits, and one more', () => {
    const limits = { ...DEFAULT_LIMITS, fieldSection: 40 };
    const head = (length: number) => `${GET}X-A: ${'b'.repeat(length)}\r\n\r\n`;
    const fits = 40 - `${HOST}X-A: \r\n\r\n`.length;
    assert.equal(http1Fault(head(fits), limits), undefined);
    const fault = http1Fault(head(fits + 1), limits)!;
    assert.equal(fault.rejection.reason, 'FieldSectionTooLarge');
    assert.equal(http1Fault(head(fits + 1)), undefined);
  });

  it('are those that the server looked at after it had decoded the head', () => {
    const octets = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n';
    const { start, end } = http1Fault(octets, DEFAULT_LIMITS, REJECTIONS.ConnectNotImplemented)!;
    assert.equal(octets.slice(start, end), 'CONNECT');
    assert.equal(http1Fault(octets), undefined);
    assert.equal(http1Fault(octets, DEFAULT_LIMITS, REJECTIONS.HeadTimeout), undefined);
  });

  it('are marked in the lines of the head, across parts, and nowhere else', () => {
    const octets = `${GET}Cookie: opensesame\r\n\r\n`;
    const start = octets.indexOf('ost');
    const end = octets.indexOf('sesame');
    const lines: MessageDetail['lines'] = markOctets(headLines(octets, 'request', false), { start, end });
    const marked = lines.flatMap(({ parts }) =>
      parts.flatMap(({ broken, text, length }) =>
        broken ? [text.slice(broken.start, broken.end) || `${broken.start}-${broken.end} of ${length}`] : [],
      ),
    );
    assert.deepEqual(marked, ['ost', ':', ' ', 'a', '\r\n', 'Cookie', ':', ' ', '0-4 of 10']);
    assert.ok(!JSON.stringify(lines).includes('opensesame'));
  });
});

describe('the field that broke a rule, over HTTP/2', () => {
  const HEAD = { ':method': 'GET', ':scheme': 'http', ':authority': 'a', ':path': '/' };
  const fieldsOf = (...more: readonly (readonly [string, string])[]) =>
    [...Object.entries(HEAD), ...more].map(([name, value]) => ({ name, value }));

  it('RFC 9113 §8.2.1: is the one whose name has an upper-case letter', () => {
    assert.equal(
      http2Fault(fieldsOf(['accept', 'b'], ['X-A', 'b'], ['x-b', 'c']), 'FieldNameSyntax', true),
      5,
    );
  });

  it('RFC 9113 §8.2.2: is the one about the connection, the first of two', () => {
    const fields = fieldsOf(['x-a', 'b'], ['connection', 'close'], ['connection', 'close']);
    assert.equal(http2Fault(fields, 'ConnectionField', true), 5);
  });

  it('RFC 9113 §8.3: is a pseudo-field that comes late', () => {
    const fields = fieldsOf(['x-a', 'b']);
    assert.equal(http2Fault([...fields.slice(0, 3), fields[4]!, fields[3]!], 'PseudoFieldLate', true), 4);
  });

  it('RFC 9113 §8.3.1: is none if a pseudo-field is missing', () => {
    assert.equal(http2Fault(fieldsOf().slice(1), 'PseudoFieldMissing', true), undefined);
  });

  it('RFC 9113 §8.1.1: is a Content-Length without content', () => {
    assert.equal(http2Fault(fieldsOf(['content-length', '3']), 'ContentLengthMismatch', true), 4);
  });
});
