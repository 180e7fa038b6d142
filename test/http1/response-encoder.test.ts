import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import {
  type ResponseHeadFacts,
  serializeInterimResponse,
  serializeRejection,
  serializeResponseHead,
  serializeStatusLine,
} from '../../src/http1/response-encoder.ts';
import { FieldLines } from '../../src/semantics/field-lines.ts';
import { latin1 } from '../support/each-split.ts';
import { parseResponses } from '../support/response-parser.ts';
import { withoutStacks } from '../support/without-stacks.ts';
import { DATE, fieldsOf } from './exchange.ts';
import { FIELD_OCTET } from './grammar.ts';

test('RFC 9112 §4: a status-line is a version, a code and a phrase, the phrase of the registry unless one is given', () => {
  for (const [status, reason, line] of [
    [200, '', 'HTTP/1.1 200 OK\r\n'],
    [200, 'Fine', 'HTTP/1.1 200 Fine\r\n'],
    [200, '', 'HTTP/1.1 200 OK\r\n'],
    [404, 'caf\xe9 \t closed', 'HTTP/1.1 404 caf\xe9 \t closed\r\n'],
    [413, '', 'HTTP/1.1 413 Content Too Large\r\n'],
  ] as const) {
    assert.equal(serializeStatusLine(status, reason), line);
  }
});

test('RFC 9112 §4: the space behind the status code is sent even when no phrase follows', () => {
  assert.equal(serializeStatusLine(299), 'HTTP/1.1 299 \r\n');
  assert.equal(serializeStatusLine(599), 'HTTP/1.1 599 \r\n');
});

test('RFC 9112 §4: of all code units, HTAB, SP, VCHAR and obs-text can be sent in a phrase, others throw', () =>
  withoutStacks(() => {
    for (let code = 0; code <= 0xffff; code++) {
      const reason = `a${String.fromCharCode(code)}b`;
      if (FIELD_OCTET.test(reason[1]!))
        assert.equal(serializeStatusLine(200, reason), `HTTP/1.1 200 ${reason}\r\n`);
      else assert.throws(() => serializeStatusLine(200, reason), TypeError, `U+${code.toString(16)}`);
    }
  }));

function headWith(changes: Partial<ResponseHeadFacts>): string {
  return serializeResponseHead({
    status: 200,
    reason: '',
    fields: new FieldLines(),
    framing: { kind: 'none' },
    absentContentLength: -1,
    persists: true,
    requestMinor: 1,
    dateLine: DATE,
    ...changes,
  });
}

/** What a client reads in Connection. */
function connectionOf(changes: Partial<ResponseHeadFacts>): string[] {
  const [answer] = parseResponses(latin1(headWith({ status: 204, ...changes })), ['GET'], true);
  const value = answer!.field('connection');
  return value === undefined ? [] : value.split(', ').sort();
}

test('RFC 9112 §2.1: a head is a status-line, field lines and an empty line', () => {
  const fields = fieldsOf({ 'X-A': 'b', 'Content-Type': 'text/plain' });
  assert.equal(
    headWith({ fields, framing: { kind: 'length', length: 5 } }),
    `HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Type: text/plain\r\n${DATE}Content-Length: 5\r\n\r\n`,
  );
  assert.throws(() => headWith({ reason: 'a\nb' }), TypeError);
});

test('RFC 9110 §6.6.1: a response has one Date, its own if it has one', () => {
  assert.equal(headWith({}), `HTTP/1.1 200 OK\r\n${DATE}\r\n`);
  assert.equal(headWith({ fields: fieldsOf({ date: 'x' }) }), 'HTTP/1.1 200 OK\r\ndate: x\r\n\r\n');
});

test('RFC 9112 §6: the framing of the content is said in the head, and never twice', () => {
  for (const [framing, line] of [
    [{ kind: 'length', length: 0 }, 'Content-Length: 0\r\n'],
    [{ kind: 'length', length: 9007199254740991 }, 'Content-Length: 9007199254740991\r\n'],
    [{ kind: 'chunked' }, 'Transfer-Encoding: chunked\r\n'],
    [{ kind: 'until-close' }, ''],
    [{ kind: 'none' }, ''],
  ] as const) {
    const fields = fieldsOf({ 'Content-Length': '7', 'Transfer-Encoding': 'gzip' });
    assert.equal(headWith({ framing, fields }), `HTTP/1.1 200 OK\r\n${DATE}${line}\r\n`, framing.kind);
  }
});

test('RFC 9110 §8.6: the length of content that is not sent is said where there is one', () => {
  assert.match(headWith({ absentContentLength: 5 }), /\r\nContent-Length: 5\r\n/);
  assert.match(headWith({ absentContentLength: 0 }), /\r\nContent-Length: 0\r\n/);
  assert.doesNotMatch(headWith({ absentContentLength: -1 }), /Content-Length/);
});

test('RFC 9112 §9.3: what becomes of the connection is said where it is not the default', () => {
  assert.deepEqual(connectionOf({}), []);
  assert.deepEqual(connectionOf({ persists: false }), ['close']);
  assert.deepEqual(connectionOf({ requestMinor: 0 }), ['keep-alive']);
  assert.deepEqual(connectionOf({ requestMinor: 0, persists: false }), ['close']);
});

test('RFC 9110 §7.8: a response with Upgrade has the connection option, and says what becomes of the connection', () => {
  const fields = fieldsOf({ Upgrade: 'x' });
  assert.deepEqual(connectionOf({ fields }), ['upgrade']);
  assert.deepEqual(connectionOf({ fields, persists: false }), ['close', 'upgrade']);
  assert.deepEqual(connectionOf({ fields, persists: false, requestMinor: 0 }), ['close', 'upgrade']);
});

test('RFC 9112 §9.3: an HTTP/1.0 connection that is kept says so beside an Upgrade as well', () => {
  const fields = fieldsOf({ Upgrade: 'x' });
  assert.ok(connectionOf({ fields, requestMinor: 0 }).includes('keep-alive'));
});

test('RFC 9112 §9.6: every refusal is a whole response that says close and can be read', () => {
  for (const rejection of Object.values(REJECTIONS)) {
    for (const method of ['GET', 'HEAD', 'CONNECT', '']) {
      const answer = latin1(serializeRejection(rejection, method, DATE));
      const [parsed] = parseResponses(answer, [method], true);
      assert.equal(parsed!.status, rejection.status, rejection.reason);
      assert.equal(parsed!.field('connection'), 'close');
      assert.equal(parsed!.field('content-type'), 'text/plain');
      assert.equal(parsed!.text.length > 0, method !== 'HEAD', `${method} ${rejection.reason}`);
    }
  }
});

test('RFC 9110 §15.5: a refusal says why, by which rule, in ASCII, and has a status for an error', () => {
  for (const rejection of Object.values(REJECTIONS)) {
    const answer = serializeRejection(rejection, 'GET', '');
    assert.match(answer, /^[\r\n\x20-\x7e]+$/, rejection.reason);
    assert.ok(answer.includes(rejection.sentence));
    assert.match(rejection.section, /^RFC \d{4} §\d+(\.\d+)*$/);
    assert.match(answer, /\(RFC \d{4} section \d+(\.\d+)*\)\n$/);
    assert.ok(rejection.status >= 400 && rejection.status < 600, rejection.reason);
  }
});

test('RFC 9110 §15.2: an interim response is a status-line and fields, with no word on content or connection', () => {
  assert.equal(serializeInterimResponse(100, undefined), 'HTTP/1.1 100 Continue\r\n\r\n');
  const fields = fieldsOf({ Link: '</a>; rel=preload', 'Content-Length': '5', Connection: 'close', TE: 'x' });
  const early = serializeInterimResponse(103, fields);
  assert.equal(early, 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n');
  const [answer] = parseResponses(latin1(`${early}${headWith({ status: 204 })}`), ['GET'], false);
  assert.equal(answer!.informational[0]!.status, 103);
});
