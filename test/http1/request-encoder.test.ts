import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Framing } from '../../src/http1/content/framing.ts';
import { RequestFields } from '../../src/http1/head/request-fields.ts';
import { type RequestHeadFacts, serializeRequestHead } from '../../src/http1/request-encoder.ts';
import { latin1 } from '../support/each-split.ts';
import { withoutStacks } from '../support/without-stacks.ts';
import { PATH, TARGET, TCHAR } from './grammar.ts';
import { decodeRequests } from './incremental.ts';

const NONE: Framing = { kind: 'none' };

interface Changes extends Partial<Omit<RequestHeadFacts, 'fields'>> {
  readonly fields?: readonly (readonly [string, string])[];
}

function head({ fields = [], ...changes }: Changes = {}): string {
  const given = new RequestFields();
  for (const [name, value] of fields) given.add(name, value);
  return serializeRequestHead({
    method: 'GET',
    target: '/',
    authority: 'a',
    framing: NONE,
    persists: true,
    ...changes,
    fields: given,
  });
}

test('RFC 9112 §2.1: a head is a request-line, Host before all other fields, and an empty line', () => {
  assert.equal(head(), 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal(head({ fields: [['X', 'y']] }), 'GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n');
  assert.equal(head({ fields: [['host', 'b:1']] }), 'GET / HTTP/1.1\r\nHost: b:1\r\n\r\n');
});

test('RFC 9112 §3.2: each of the four forms can be sent, where it belongs', () => {
  for (const [method, target] of [
    ['GET', '/a?b=c'],
    ['GET', 'http://b/'],
    ['CONNECT', 'b:443'],
    ['OPTIONS', '*'],
  ] as const)
    assert.ok(head({ method, target }).startsWith(`${method} ${target} HTTP/1.1\r\n`));
  for (const [method, target] of [
    ['GET', '*'],
    ['GET', 'b:443'],
    ['CONNECT', '/'],
    ['GET', ''],
    ['GET', 'a'],
    ['GET', 'ftp://b/'],
    ['GET', '/#f'],
  ] as const)
    assert.throws(() => head({ method, target }), TypeError, `${method} ${target}`);
});

test('RFC 9112 §11.2: of all code units, only those of the grammar can be sent in a method or a target', () =>
  withoutStacks(() => {
    for (let code = 0; code < 0x10000; code++) {
      const character = String.fromCharCode(code);
      const inMethod = code < 256 && TCHAR.test(character);
      const inQuery = code < 256 && TARGET.test(character);
      const inPath = code < 256 && (PATH.test(character) || character === '?');
      const accepts = (changes: Changes): boolean => {
        try {
          return head(changes) !== '';
        } catch (error) {
          assert.ok(error instanceof TypeError);
          return false;
        }
      };
      assert.equal(accepts({ method: `G${character}T` }), inMethod, `method U+${code.toString(16)}`);
      assert.equal(accepts({ target: `/${character}` }), inPath, `path U+${code.toString(16)}`);
      assert.equal(accepts({ target: `/?${character}` }), inQuery, `query U+${code.toString(16)}`);
    }
  }));

test('RFC 9110 §7.2: an authority that is none is not sent', () => {
  for (const authority of ['', 'a b', 'u@a', 'a\r\nX: y', 'a/b'])
    assert.throws(() => head({ authority }), TypeError);
});

test('RFC 9112 §6: the framing is said in the head, in one way', () => {
  const length = head({
    method: 'PUT',
    framing: { kind: 'length', length: 5 },
    fields: [['Content-Length', '5']],
  });
  assert.equal(length, 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n');
  const chunked = head({ framing: { kind: 'chunked' } });
  assert.equal(chunked, 'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
});

test('RFC 9110 §10.1.1: 100 is expected only of a request with content', () => {
  const fields = [['Expect', '100-continue']] as const;
  assert.doesNotMatch(head({ fields }), /Expect/);
  const [request] = decodeRequests([latin1(head({ fields, framing: { kind: 'chunked' } }))]).requests;
  assert.ok(request!.fields.includes('expect: 100-continue'));
});

test('RFC 9110 §7.6.1: what is said to the hop stands among the connection options', () => {
  const given = [
    ['Upgrade', 'x'],
    ['TE', 'trailers'],
  ] as const;
  const all = head({ persists: false, fields: given });
  assert.match(all, /\r\nUpgrade: x\r\nTE: trailers\r\nConnection: close, upgrade, TE\r\n\r\n$/);
  assert.match(head({ persists: false }), /\r\nConnection: close\r\n\r\n$/);
});
