import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbuseGuard } from '../../src/http2/abuse.ts';
import { Sender } from '../../src/http2/sender.ts';
import { Http2Stream } from '../../src/http2/stream/stream.ts';
import { fieldLines } from './conversation.ts';
import { framesIn, Transcript } from './frames.ts';

function newSender(window = 65_535) {
  const ended: number[] = [];
  const sender = new Sender({ onSentEnd: (stream) => ended.push(stream.id) }, new AbuseGuard());
  sender.window = window;
  const transcript = new Transcript();
  /** Fills the output, and reads it. */
  const lines = (most = 1_000_000) => {
    sender.fill(most);
    const output = sender.take();
    return output === undefined ? [] : transcript.linesOf(output);
  };
  return { sender, ended, lines };
}

function openStream(id: number, window = 65_535): Http2Stream {
  const stream = new Http2Stream(id, 'GET', window);
  stream.receive('receiveHeaders');
  return stream;
}

test('content for which both windows are open is written at once, as text or as octets', () => {
  const { sender, ended, lines } = newSender();
  sender.data(openStream(1), 'text\xff', false);
  sender.data(openStream(3), Uint8Array.of(0x6f, 0x6b), true);
  assert.ok(sender.out.length > 0);
  assert.deepEqual(ended, [3]);
  assert.deepEqual(lines(), ['DATA 1 text\xff', 'DATA 3 END_STREAM ok']);
});

test('content that waits is sent when the windows open, text of one octet a character as well', () => {
  const { sender, ended, lines } = newSender();
  const stream = openStream(1, 0);
  sender.data(stream, 'caf\xe9', true);
  assert.deepEqual([lines(), sender.hasContent, stream.queued], [[], false, 4]);
  assert.equal(sender.enlarge(stream, 3), true);
  assert.equal(sender.hasContent, true);
  assert.deepEqual([lines(), ended], [['DATA 1 caf'], []]);
  sender.enlarge(stream, 3);
  assert.deepEqual([lines(), ended], [['DATA 1 END_STREAM \xe9'], [1]]);
});

test('pieces that wait behind each other leave in one frame', () => {
  const { sender, lines } = newSender();
  const stream = openStream(1, 0);
  for (const text of ['one ', 'two ', 'three']) sender.data(stream, text, false);
  sender.end(stream);
  sender.enlarge(stream, 100);
  assert.deepEqual(lines(), ['DATA 1 END_STREAM one two three']);
});

test('no content passes content of the same stream that waits', () => {
  const { sender, lines } = newSender();
  const stream = openStream(1, 2);
  sender.data(stream, 'abc', false);
  sender.data(stream, 'd', false);
  assert.deepEqual(lines(), ['DATA 1 ab']);
  sender.enlarge(stream, 10);
  sender.data(stream, 'e', false);
  assert.deepEqual(lines(), ['DATA 1 cde']);
});

test('while others wait, content waits with them', () => {
  const { sender, lines } = newSender(4);
  const [one, other] = [openStream(1), openStream(3)];
  one.clientPriority = { urgency: 5, incremental: false };
  other.clientPriority = { urgency: 0, incremental: false };
  sender.data(one, 'abcdef', false);
  sender.data(other, 'xy', false);
  assert.deepEqual(lines(), ['DATA 3 xy', 'DATA 1 ab']);
});

test('the output is filled up to what was asked for, and no more than one frame beyond', () => {
  const { sender } = newSender(1_000_000);
  const stream = openStream(1, 1_000_000);
  sender.data(stream, new Uint8Array(200_000), true);
  const sizes: number[] = [];
  for (let output: Uint8Array | undefined; ; sizes.push(output.length)) {
    sender.fill(40_000);
    output = sender.take();
    if (output === undefined) break;
  }
  assert.ok(Math.max(...sizes) <= 40_000 + 16_384 + 9, sizes.join());
  assert.equal(sizes.reduce((a, b) => a + b) - 9 * 13, 200_000);
});

test('streams are named when all that waited on them has been sent', () => {
  const { sender, lines } = newSender();
  const stream = openStream(1, 0);
  sender.data(stream, 'abc', false);
  sender.enlarge(stream, 2);
  lines();
  assert.deepEqual(sender.drained, []);
  sender.enlarge(stream, 2);
  lines();
  assert.deepEqual(sender.drained, [stream]);
});

test('room is what could be sent without waiting', () => {
  const { sender } = newSender(100);
  assert.equal(sender.room(openStream(1, 50)), 50);
  assert.equal(sender.room(openStream(1, 500)), 100);
  assert.equal(sender.room(openStream(1, -5)), 0);
  const stream = openStream(3, 10);
  sender.data(stream, 'x'.repeat(30), false);
  assert.equal(sender.room(stream), 0);
});

test('an end without content, and trailers, need no window', () => {
  const { sender, ended, lines } = newSender(0);
  sender.end(openStream(1, 0));
  sender.trailers(openStream(3, 0), fieldLines(['X', 'y']));
  sender.data(openStream(5, 0), '', true);
  sender.data(openStream(7, 0), '', false);
  assert.deepEqual(lines(), ['DATA 1 END_STREAM', 'HEADERS 3 END_STREAM x=y', 'DATA 5 END_STREAM']);
  assert.deepEqual(ended, [1, 3, 5]);
});

test('what waits on a stream that is dropped is not sent', () => {
  const { sender, ended, lines } = newSender(1);
  const stream = openStream(1);
  sender.data(stream, 'abc', true);
  sender.drop(stream);
  sender.enlargeAll(100);
  assert.deepEqual([lines(), ended, sender.hasContent], [[], [], false]);
});

test('RFC 9113 §4.3: a block of exactly a frame is one, an octet more is continued', () => {
  for (const more of [0, 1]) {
    const { sender } = newSender();
    const start = sender.beginBlock();
    sender.out.piece(new Uint8Array(16_384 + more));
    sender.endBlock(start, openStream(1), 1);
    const frames = framesIn(sender.take()!).map(({ type, flags, payload }) => [type, flags, payload.length]);
    assert.deepEqual(
      frames,
      more === 0
        ? [[1, 5, 16_384]]
        : [
            [1, 1, 16_384],
            [9, 4, 1],
          ],
    );
  }
});

test('an output that was given back is used again, and its content had been sent by then', () => {
  const { sender } = newSender(1_000_000);
  const stream = openStream(1, 1_000_000);
  sender.data(stream, new Uint8Array(50_000), false);
  sender.fill(1_000_000);
  const output = sender.take()!;
  sender.reuse(output);
  sender.reuse(output);
  sender.data(stream, new Uint8Array(50_000), false);
  sender.fill(1_000_000);
  assert.equal(sender.take()!.buffer, output.buffer);
});
