import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HpackDecoder } from '../../../src/hpack/decoder.ts';
import { Http2Error } from '../../../src/http2/errors.ts';
import { Http2RequestHead, readRequestHead } from '../../../src/http2/head/request-head.ts';
import { DEFAULT_HTTP2_LIMITS } from '../../../src/http2/limits.ts';
import { block, type Fields, request } from '../frames.ts';

/** What is required of each field is in `test/conformance/rfc9113/08-requests.test.ts`. */
function read(fields: Fields, endsStream = true, changes = {}): Http2RequestHead | string {
  const decoder = new HpackDecoder();
  decoder.decode(block(fields));
  const limits = { ...DEFAULT_HTTP2_LIMITS, ...changes };
  const head = readRequestHead(decoder.fields, { limits, allowsConnectProtocol: false, endsStream });
  return head instanceof Http2Error ? head.reason : head;
}

function headOf(...args: Parameters<typeof read>): Http2RequestHead {
  const head = read(...args);
  assert.ok(head instanceof Http2RequestHead, String(head));
  return head;
}

test('a head has what the request says', () => {
  const head = headOf(request('PUT', '/p?q', ['content-length', '3'], ['expect', '100-continue']), false);
  assert.deepEqual(
    [
      head.method,
      head.scheme,
      head.authority,
      head.path,
      head.contentLength,
      head.hasContent,
      head.expectsContinue,
    ],
    ['PUT', 'http', 'a', '/p?q', 3, true, true],
  );
  assert.deepEqual([head.connect, head.rejection, head.version], [undefined, undefined, '2']);
});

test('a head that ends its stream has no content, and waits for nothing', () => {
  const head = headOf(request('PUT', '/', ['expect', '100-continue']));
  assert.deepEqual([head.hasContent, head.expectsContinue, head.contentLength], [false, false, -1]);
});

test('what is malformed counts more than what is too large', () => {
  assert.equal(read(request('GET', '/', ['expect', 'x'], ['connection', 'close'])), 'ConnectionField');
  assert.equal(headOf(request('GET', '/', ['expect', 'x'])).rejection!.status, 417);
  assert.equal(
    headOf(request('GET', '/', ['expect', 'x'], ['a', ''], ['b', '']), true, { fieldLines: 2 }).rejection!
      .status,
    431,
  );
});

test('RFC 9110 §15.5.14: a Content-Length beyond the limit is refused, without one nothing is', () => {
  const fields = request('POST', '/', ['content-length', '11']);
  assert.equal(headOf(fields, false, { content: 10 }).rejection!.status, 413);
  assert.equal(headOf(fields, false, { content: 11 }).rejection, undefined);
  assert.equal(headOf(fields, false, { content: 0 }).rejection, undefined);
});

test('the fields of a head are looked up like those of HTTP/1.1', () => {
  const { fields } = headOf(request('GET', '/', ['accept', 'a'], ['accept', 'b'], ['__proto__', 'x']));
  assert.deepEqual(
    [fields.get('accept'), fields.lines('accept'), fields.get('__proto__'), fields.get(':path')],
    ['a, b', ['a', 'b'], 'x', null],
  );
});
