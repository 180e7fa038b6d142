/** The judge is judged first: what breaks a rule must not get past it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latin1 } from './each-split.ts';
import {
  IncompleteResponse,
  type ParsedResponse,
  parseResponses,
  ResponseSyntaxError,
} from './response-parser.ts';

const D = 'Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n';

const parse = (raw: string, methods: readonly string[] = ['GET'], ended = false): ParsedResponse[] =>
  parseResponses(latin1(raw), methods, ended);

describe('response parser: accepts', () => {
  test('every framing', () => {
    const [length] = parse(`HTTP/1.1 200 OK\r\n${D}Content-Length: 5\r\n\r\nhello`);
    assert.deepEqual([length?.framing, length?.text], ['content-length', 'hello']);

    const raw = `HTTP/1.1 200 \r\n${D}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n`;
    const [chunked] = parse(raw);
    assert.deepEqual([chunked?.framing, chunked?.text, chunked?.reason], ['chunked', 'abc0123456789', '']);
    assert.deepEqual(chunked?.chunkSizes, [3, 10]);
    assert.deepEqual(chunked?.trailers, [['X', 'y']]);

    const [close] = parse(`HTTP/1.1 200 OK\r\n${D}Connection: close\r\n\r\nhello`, ['GET'], true);
    assert.deepEqual([close?.framing, close?.text], ['close', 'hello']);

    for (const [method, head] of [
      ['HEAD', `HTTP/1.1 200 OK\r\n${D}Content-Length: 5\r\n\r\n`],
      ['GET', `HTTP/1.1 204 No Content\r\n${D}\r\n`],
      ['GET', `HTTP/1.1 304 Not Modified\r\n${D}Content-Length: 5\r\n\r\n`],
    ] as const) {
      assert.equal(parse(head, [method])[0]?.framing, 'none');
    }
    assert.equal(parse(`HTTP/1.1 200 OK\r\n${D}\r\nanything`, ['CONNECT'])[0]?.text, 'anything');
  });

  test('interim responses before a final one, and several responses in a row', () => {
    const ok = `HTTP/1.1 200 OK\r\n${D}Content-Length: 0\r\n\r\n`;
    const responses = parse(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok}${ok}`, ['GET', 'GET']);
    assert.deepEqual(
      responses.map((response) => response.informational.map(({ status }) => status)),
      [[103], []],
    );
  });

  test('fewer responses than requests: that is for the test to judge', () => {
    assert.equal(parse('', ['GET']).length, 0);
  });
});

const FORBIDDEN: Record<string, string> = {
  'a bare LF': `HTTP/1.1 200 OK\n${D}Content-Length: 0\r\n\r\n`,
  'a bare CR': `HTTP/1.1 200 OK\r\n${D}X: a\rb\r\nContent-Length: 0\r\n\r\n`,
  'no SP before an empty reason': `HTTP/1.1 200\r\n${D}Content-Length: 0\r\n\r\n`,
  'another version': `HTTP/2.0 200 OK\r\n${D}Content-Length: 0\r\n\r\n`,
  'a status of two digits': `HTTP/1.1 99 OK\r\n${D}Content-Length: 0\r\n\r\n`,
  'a folded line': `HTTP/1.1 200 OK\r\n${D}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`,
  'white space before a colon': `HTTP/1.1 200 OK\r\n${D}Content-Length : 0\r\n\r\n`,
  'a control octet in a value': `HTTP/1.1 200 OK\r\n${D}X: a\x00b\r\nContent-Length: 0\r\n\r\n`,
  'Content-Length and Transfer-Encoding': `HTTP/1.1 200 OK\r\n${D}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'two Content-Length fields': `HTTP/1.1 200 OK\r\n${D}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`,
  'a signed Content-Length': `HTTP/1.1 200 OK\r\n${D}Content-Length: +0\r\n\r\n`,
  'an unknown transfer coding': `HTTP/1.1 200 OK\r\n${D}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'Content-Length in a 204': `HTTP/1.1 204 No Content\r\n${D}Content-Length: 0\r\n\r\n`,
  'Transfer-Encoding in a 1xx': 'HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n',
  'content in a 205': `HTTP/1.1 205 Reset Content\r\n${D}Content-Length: 1\r\n\r\nx`,
  'no framing on a connection that goes on': `HTTP/1.1 200 OK\r\n${D}\r\nhello`,
  'a chunk-size with a prefix': `HTTP/1.1 200 OK\r\n${D}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n`,
  'chunk-data without its CRLF': `HTTP/1.1 200 OK\r\n${D}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n`,
  'a framing field among the trailers': `HTTP/1.1 200 OK\r\n${D}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n`,
  'octets nobody asked for': `HTTP/1.1 200 OK\r\n${D}Content-Length: 0\r\n\r\nx`,
  'octets after a response that said close': `HTTP/1.1 200 OK\r\n${D}Connection: close\r\nContent-Length: 0\r\n\r\nHTTP/1.1`,
  'no Date in a 200': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'a Date of another form':
    'HTTP/1.1 200 OK\r\nDate: Sunday, 06-Nov-94 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n',
};

describe('response parser: refuses', () => {
  for (const [what, raw] of Object.entries(FORBIDDEN)) {
    test(what, () => {
      assert.throws(
        () => parse(raw),
        (error) => error instanceof ResponseSyntaxError && !(error instanceof IncompleteResponse),
      );
    });
  }
});

describe('response parser: calls incomplete', () => {
  const whole = `HTTP/1.1 200 OK\r\n${D}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n`;
  test('every beginning of a chunked response', () => {
    for (let length = 1; length < whole.length; length++) {
      assert.throws(() => parse(whole.slice(0, length)), IncompleteResponse, `the first ${length} octets`);
    }
  });

  test('a response that the end of the connection delimits, while it is open', () => {
    assert.throws(() => parse(`HTTP/1.1 200 OK\r\n${D}Connection: close\r\n\r\nhello`), IncompleteResponse);
  });
});
