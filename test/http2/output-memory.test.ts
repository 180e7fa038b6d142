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
  const output = memory.output(octets, 4_096);
  octets.fill(0);
  assert.deepEqual([output.length, output[0], output[99]], [4_096, 7, 7]);
  assert.equal(memory.isLent(output), false);
  assert.equal(memory.allocate(1_000), octets);
});

test('a larger output keeps its memory until it has been written', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const octets = memory.allocate(50_000);
  const output = memory.output(octets, 4_097);
  assert.equal(memory.isLent(output), true);
  assert.equal(output.buffer, octets.buffer);
  assert.notEqual(memory.allocate(50_000), octets);
  memory.reuse(output);
  assert.equal(memory.isLent(output), false);
  assert.equal(memory.allocate(60_000), octets);
});

test('an output that is given back twice is used once', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const output = memory.output(memory.allocate(50_000), 50_000);
  memory.reuse(output);
  memory.reuse(output);
  assert.notEqual(memory.allocate(50_000), memory.allocate(50_000));
});

test('memory of one size is not used for another, and very large memory is not kept', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const small = memory.allocate(1);
  memory.free(small);
  assert.ok(memory.allocate(16_385).length >= 16_385);
  assert.equal(memory.allocate(16_384), small);
  const large = memory.allocate(3_000_000);
  memory.free(large);
  assert.notEqual(memory.allocate(1), large);
  assert.notEqual(memory.allocate(3_000_000), large);
});

test('sixteen pieces of a size are kept', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  const pieces = Array.from({ length: 17 }, () => memory.allocate(1));
  for (const piece of pieces) memory.free(piece);
  const again = Array.from({ length: 17 }, () => memory.allocate(1));
  assert.equal(again.filter((piece) => pieces.includes(piece)).length, 16);
});

test('own octets have the length that was asked for', () => {
  const memory = new OutputMemory(PLAIN_RUNTIME);
  assert.equal(memory.own(5).length, 5);
});
