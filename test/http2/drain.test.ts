import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drain } from '../../src/http2/drain.ts';
import { OctetWriter } from '../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../src/octets/runtime.ts';
import { latin1 } from '../support/each-split.ts';
import { Transcript } from './frames.ts';

function drain() {
  const out = new OctetWriter(PLAIN_RUNTIME);
  return { drain: new Drain(out), lines: () => new Transcript().linesOf(out.octets.subarray(0, out.length)) };
}

test('RFC 9113 §6.8: going away begins without a last stream, and ends with one', () => {
  const { drain: going, lines } = drain();
  assert.deepEqual([going.hasBegun, going.isFinal], [false, false]);
  going.begin();
  going.begin();
  assert.deepEqual([going.hasBegun, going.isFinal], [true, false]);
  going.finish(7, 0);
  going.finish(9, 2);
  assert.deepEqual([going.isFinal, going.lastStream], [true, 7]);
  assert.deepEqual(lines(), ['GOAWAY 2147483647 NO_ERROR', 'PING goingawa', 'GOAWAY 7 NO_ERROR']);
});

test('RFC 9113 §6.8: it may end at once', () => {
  const { drain: going, lines } = drain();
  going.finish(0, 11);
  assert.deepEqual([going.hasBegun, going.isFinal], [true, true]);
  assert.deepEqual(lines(), ['GOAWAY 0 ENHANCE_YOUR_CALM']);
});

test('RFC 9113 §6.7: only the answer to its own PING is one, and only while it waits for it', () => {
  const { drain: going } = drain();
  const answer = latin1('xgoingawa');
  assert.equal(going.isAnswered(answer, 1), false);
  going.begin();
  assert.equal(going.isAnswered(answer, 0), false);
  assert.equal(going.isAnswered(answer, 1), true);
  going.finish(1, 0);
  assert.equal(going.isAnswered(answer, 1), false);
});
