import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputMemory, outputMemoryOf } from '../../src/http2/output-memory.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';

test('all connections of a runtime share its memory', () => {
  assert.equal(outputMemoryOf(PLAIN_RUNTIME), outputMemoryOf(PLAIN_RUNTIME));
});

test('a small output is a copy, and its memory is used again at once', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const octets = memory.allocate(100);
  octets.fill(7, 0, 100);
  const output = memory.output(octets, 100);
  octets.fill(0);
  assert.deepEqual([output.length, output[0], output[99]], [100, 7, 7]);
  assert.equal(memory.isLent(100), false);
  assert.equal(memory.allocate(1_000), octets);
});

test('a large output keeps its memory until it is given back', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const octets = memory.allocate(100_000);
  const output = memory.output(octets, 50_000);
  assert.equal(memory.isLent(50_000), true);
  assert.equal(output.buffer, octets.buffer);
  assert.notEqual(memory.allocate(1_000), octets);
  memory.giveBack(octets);
  assert.equal(memory.allocate(60_000), octets);
});

test('memory that is too small is not used, memory that is very large not kept', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const small = memory.allocate(1);
  memory.giveBack(small);
  assert.ok(memory.allocate(1_000_000).length >= 1_000_000);
  const large = memory.allocate(3_000_000);
  memory.giveBack(large);
  assert.notEqual(memory.allocate(1), large);
});

test('own octets have the length that was asked for', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  assert.equal(memory.own(5).length, 5);
});
