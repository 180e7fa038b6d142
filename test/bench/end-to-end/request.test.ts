import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestFor } from '../../../bench/end-to-end/request.ts';
import { parseRequest } from './parse-request.ts';

test('the request is a browser’s: 367 octets, eight field lines', () => {
  const octets = requestFor(20_000, {});
  assert.equal(octets.length, 367);
  const { method, path, names } = parseRequest(octets);
  assert.equal(method, 'GET');
  assert.equal(path, '/');
  assert.equal(names.length, 8);
});

test('content has its length and type', () => {
  const content = Buffer.from('{}');
  const octets = requestFor(20_000, { method: 'POST', content, contentType: 'application/json' });
  const { method, names } = parseRequest(octets);
  assert.equal(method, 'POST');
  assert.deepEqual(names.slice(-2), ['content-type', 'content-length']);
  assert.ok(octets.toString().endsWith('Content-Length: 2\r\n\r\n{}'));
});

test('one request a connection sends Connection: close', () => {
  assert.match(requestFor(20_000, { close: true }).toString(), /\r\nConnection: close\r\n/);
});
