import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANCEL } from '../../src/http2/error-codes.ts';
import { type Respond, responseStart, TestServer } from './conversation.ts';
import { data, get, headers, post, reset, settings, windowUpdate } from './frames.ts';

const silent: Respond = () => {};
const asked = (...octets: Uint8Array[]) => TestServer.opened(undefined, silent).receive(...octets);

test('a connection is idle when no stream is open and none is worked on', () => {
  const server = asked();
  const { connection } = server;
  assert.deepEqual([connection.isIdle, connection.running], [true, 0]);
  server.connection.receive(post(1));
  connection.next();
  const stream = connection.stream!;
  assert.deepEqual([connection.isIdle, connection.running], [false, 1]);
  connection.reset(stream, CANCEL);
  assert.deepEqual([connection.isIdle, connection.running], [false, 1]);
  connection.release(stream);
  assert.deepEqual([connection.isIdle, connection.running], [true, 0]);
});

test('a stream that is answered is idle when all of it has been sent', () => {
  const server = asked(settings([4, 0]), get(1));
  const { connection } = server;
  connection.sendResponse(server.streams.get(1)!, responseStart(), 'abc');
  assert.equal(connection.isIdle, false);
  server.receive(windowUpdate(1, 3));
  assert.deepEqual([connection.hasContent, connection.isIdle], [true, false]);
  server.sent();
  assert.deepEqual([connection.hasContent, connection.isIdle], [false, true]);
  assert.equal(connection.nextDrained(), server.streams.get(1));
  assert.equal(connection.nextDrained(), undefined);
});

test('what is done on a stream that the client has reset is too late, and nothing comes of it', () => {
  const server = asked(post(1), reset(1, CANCEL));
  const { connection } = server;
  const stream = server.streams.get(1)!;
  server.sent();
  assert.equal(connection.beginResponse(stream, responseStart()), false);
  connection.sendData(stream, 'abc');
  connection.sendEnd(stream);
  connection.consumed(stream, 5);
  connection.refuseContent(stream);
  connection.reset(stream, CANCEL);
  assert.deepEqual(server.sent(), []);
});

test('refused content is dropped, and the window of the connection opens for it', () => {
  const server = asked(post(1));
  server.connection.refuseContent(server.streams.get(1)!);
  for (let i = 0; i < 4; i++) server.receive(data(1, 'x'.repeat(10_000), 0));
  server.receive(headers(1, [['x', 'y']]));
  assert.deepEqual(server.answers, ['request 1 POST /']);
  assert.equal(server.streams.get(1)!.receiveWindow!.unconsumed, 0);
});

test('a connection that waits holds nothing of what it gave out', () => {
  const server = asked(post(1), data(1, 'abc', 0));
  const { connection } = server;
  assert.deepEqual([connection.stream, connection.content.length, connection.buffered], [undefined, 0, 0]);
});
