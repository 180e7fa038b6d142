import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinOctets } from '../../src/octets/join-octets.ts';

const octets = (text: string) => new TextEncoder().encode(text);
const text = (joined: Uint8Array) => new TextDecoder().decode(joined);

test('joined octets are those that wait and those that came, and belong to neither', () => {
  const waiting = octets('GET ');
  const more = octets('/ HTTP');
  const joined = joinOctets(waiting, more, false);
  waiting.fill(0);
  more.fill(0);
  assert.equal(text(joined), 'GET / HTTP');
});

test('octets that come one by one are copied once for each KiB behind them, not once for each octet', () => {
  const memory = new Set<ArrayBufferLike>();
  let copied = 0;
  let joined = joinOctets(octets('a'), octets('b'), false);
  for (let i = 0; i < 10_240; i++) {
    const before = joined;
    joined = joinOctets(joined, octets('c'), true);
    if (joined.buffer !== before.buffer) copied += before.length;
    memory.add(joined.buffer);
  }
  assert.equal(text(joined), `ab${'c'.repeat(10_240)}`);
  assert.ok(memory.size <= 10, `${memory.size} pieces of memory`);
  assert.ok(copied <= 50_000, `${copied} octets copied`);
});

test('whoever keeps some of joined octets keeps no more than a KiB of memory beside them', () => {
  let joined = joinOctets(octets('a'), new Uint8Array(65_536), false);
  assert.equal(joined.buffer.byteLength, joined.length);
  joined = joinOctets(joined, octets('b'), true);
  assert.equal(joined.buffer.byteLength, joined.length + 1_024);
  joined = joinOctets(joined, new Uint8Array(65_536), true);
  assert.equal(joined.buffer.byteLength, joined.length);
});

test('what is left of joined octets goes on where it is, and what was taken from before it stays the same', () => {
  let joined = joinOctets(octets('5\r\nhello\r\n'), octets('6'), false);
  joined = joinOctets(joined, octets('\r'), true);
  const content = joined.subarray(3, 8);
  const rest = joined.subarray(10);
  const again = joinOctets(rest, octets('\n world'), true);
  assert.equal(again.buffer, joined.buffer);
  assert.equal(text(again), '6\r\n world');
  assert.equal(text(content), 'hello');
});

test('without room, what is left moves, and what was taken from before it stays the same', () => {
  const joined = joinOctets(octets('5\r\nhello\r\n'), octets('6'), false);
  const content = joined.subarray(3, 8);
  const again = joinOctets(joined.subarray(10), octets('\r\n world'), true);
  assert.notEqual(again.buffer, joined.buffer);
  assert.equal(text(again), '6\r\n world');
  assert.equal(text(content), 'hello');
});
