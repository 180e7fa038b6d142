import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReceiveWindow } from '../../../src/http2/stream/flow-window.ts';

test('RFC 9113 §6.9.1: as much may arrive as the window allows', () => {
  const window = new ReceiveWindow(100);
  assert.equal(window.receive(60), true);
  assert.equal(window.receive(40), true);
  assert.equal(window.receive(1), false);
});

test('RFC 9113 §6.9: it opens when half of it has been consumed, by all of that', () => {
  const window = new ReceiveWindow(100);
  window.receive(100);
  assert.deepEqual([window.consume(49), window.available], [0, 0]);
  assert.deepEqual([window.consume(2), window.available], [51, 51]);
  assert.deepEqual([window.consume(49), window.available], [0, 51]);
  assert.deepEqual([window.announce(), window.available, window.unconsumed], [49, 100, 0]);
});

test('what has not arrived can not be consumed', () => {
  const window = new ReceiveWindow(100);
  window.receive(10);
  assert.equal(window.consume(1_000), 0);
  assert.deepEqual([window.unconsumed, window.announce()], [0, 10]);
});

test('RFC 9113 §6.9.2: another size changes what is available by the difference, below zero if need be', () => {
  const window = new ReceiveWindow(100);
  window.receive(80);
  window.resize(100, 50);
  assert.equal(window.available, -30);
  assert.equal(window.consume(25), 25);
  assert.equal(window.available, -5);
});

test('a window larger than the peer assumes is announced', () => {
  const window = new ReceiveWindow(1_000, 100);
  assert.deepEqual([window.enlarge(900), window.available], [900, 1_000]);
});
