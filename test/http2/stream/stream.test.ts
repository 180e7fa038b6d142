import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Http2Stream } from '../../../src/http2/stream/stream.ts';
import { ContentLengthMismatch } from '../../../src/semantics/content-length.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { latin1 } from '../../support/each-split.ts';

function openStream(): Http2Stream {
  const stream = new Http2Stream(5, 'POST', 100);
  stream.receive('receiveHeaders');
  return stream;
}

test('RFC 9113 §5.1: a stream goes from state to state, says what is wrong, and throws at misuse', () => {
  const stream = openStream();
  assert.deepEqual([stream.state, stream.hasReceivedEnd, stream.hasSentEnd], ['open', false, false]);
  assert.equal(stream.receive('receiveEnd'), undefined);
  assert.deepEqual([stream.hasReceivedEnd, stream.hasSentEnd, stream.isClosed], [true, false, false]);
  assert.equal(stream.receive('receiveData')?.reason, 'FrameAfterEnd');
  assert.equal(stream.send('sendEnd'), true);
  assert.deepEqual([stream.hasReceivedEnd, stream.hasSentEnd, stream.isClosed], [true, true, true]);
  assert.equal(stream.send('sendData'), false);
  const half = openStream();
  half.send('sendEnd');
  assert.throws(() => half.send('sendData'), /Stream 5 is half-closed \(local\): sendData is not possible/);
});

test('RFC 9113 §8.1.1: content received is counted against what was declared', () => {
  const stream = openStream();
  assert.deepEqual([stream.receiveContent(5), stream.hasAllContent, stream.contentReceived], [true, true, 5]);
  const declared = openStream();
  declared.declareContent(5);
  assert.deepEqual([declared.receiveContent(3), declared.hasAllContent], [true, false]);
  assert.deepEqual([declared.receiveContent(2), declared.hasAllContent], [true, true]);
  assert.equal(declared.receiveContent(1), false);
});

test('RFC 9110 §8.6: content sent is counted against what was declared', () => {
  const stream = openStream();
  stream.pay(1_000);
  stream.assertPaid();
  stream.owe(5);
  stream.pay(3);
  assert.throws(() => stream.assertPaid(), ContentLengthMismatch);
  assert.throws(() => stream.pay(3), ContentLengthMismatch);
  stream.pay(2);
  stream.assertPaid();
});

test('content that waits is taken piece by piece, in its order', () => {
  const stream = openStream();
  for (const text of ['abcdef', 'gh', 'ijk']) stream.enqueue(latin1(text));
  const taken: string[] = [];
  for (const most of [4, 100, 1, 1, 100]) taken.push(Buffer.from(stream.dequeue(most)).toString());
  assert.deepEqual(taken, ['abcd', 'ef', 'g', 'h', 'ijk']);
  assert.equal(stream.queued, 0);
});

test('content that is dropped is gone, with what was to follow it', () => {
  const stream = openStream();
  stream.enqueue(latin1('abc'));
  stream.dequeue(1);
  stream.endAfterQueue(new FieldLines());
  assert.equal(stream.afterQueue, 'trailers');
  stream.endAfterQueue(undefined);
  assert.equal(stream.afterQueue, 'end');
  stream.dropQueue();
  assert.deepEqual([stream.queued, stream.afterQueue], [0, 'nothing']);
  stream.enqueue(latin1('xyz'));
  assert.equal(Buffer.from(stream.dequeue(9)).toString(), 'xyz');
});

test('RFC 9218 §8: the priority of the server counts before that of the client, and the default last', () => {
  const stream = openStream();
  assert.deepEqual([stream.clientPriority, stream.priority], [undefined, { urgency: 3, incremental: true }]);
  stream.clientPriority = { urgency: 1, incremental: false };
  assert.deepEqual(stream.priority, { urgency: 1, incremental: false });
  stream.serverPriority = { urgency: 7, incremental: true };
  assert.deepEqual(stream.priority, { urgency: 7, incremental: true });
  stream.serverPriority = undefined;
  assert.equal(stream.priority.urgency, 1);
});
