import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTENT, MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/http2/results.ts';
import { Http2ServerConnection } from '../../src/http2/server-connection.ts';
import { TestServer } from './conversation.ts';
import { data, get, headers, join, opening, PREFACE, post } from './frames.ts';

/** What is required of the frames is in `test/conformance/rfc9113`. */

test('next answers one thing at a time, and what was not asked for yet waits', () => {
  const connection = new Http2ServerConnection();
  connection.receive(join(opening(), post(1), data(1, 'abc', 0), get(3)));
  assert.equal(connection.next(), MESSAGE_HEAD);
  assert.equal(connection.stream!.id, 1);
  assert.ok(connection.buffered > 0);
  assert.equal(connection.next(), CONTENT);
  assert.equal(connection.next(), MESSAGE_HEAD);
  assert.equal(connection.stream!.id, 3);
  assert.deepEqual([connection.next(), connection.buffered], [NEED_OCTETS, 0]);
});

test('content is a view on the octets that were received', () => {
  const connection = new Http2ServerConnection();
  const octets = join(opening(), post(1), data(1, 'abc', 0));
  connection.receive(octets);
  connection.next();
  connection.next();
  assert.equal(connection.content.buffer, octets.buffer);
});

test('it is known whether the peer is in the midst of something', () => {
  const connection = new Http2ServerConnection();
  const isInFrameAfter = (octets: Uint8Array) => {
    connection.receive(octets);
    while (connection.next() > 0) {}
    return connection.isInFrame;
  };
  assert.equal(isInFrameAfter(PREFACE.slice(0, 5)), true);
  assert.equal(isInFrameAfter(PREFACE.slice(5)), false);
  assert.equal(isInFrameAfter(opening().slice(24)), false);
  const block = headers(1, [[':method', 'GET']], 0);
  assert.equal(isInFrameAfter(block.slice(0, 4)), true);
  assert.equal(isInFrameAfter(block.slice(4)), true);
});

test('a connection that has failed answers so each time', () => {
  const server = new TestServer().receive(get(1));
  assert.deepEqual([server.connection.next(), server.connection.next()], [REJECTED, REJECTED]);
  assert.deepEqual([server.connection.hasFailed, server.connection.code], [true, 1]);
});
