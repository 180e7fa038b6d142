import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Http2Stream } from '../../../src/http2/stream/stream.ts';
import { ENDED, FORGOTTEN, RESET_HERE, RESET_THERE, Streams } from '../../../src/http2/stream/streams.ts';

const newStream = (id: number) => new Http2Stream(id, 'GET', 0);

test('streams are found until they are closed, and then it is known how', () => {
  const streams = new Streams();
  const stream = newStream(1);
  streams.add(stream);
  assert.deepEqual([streams.get(1), streams.size, [...streams.all()]], [stream, 1, [stream]]);
  assert.equal(streams.howClosed(1), FORGOTTEN);
  streams.close(stream, RESET_THERE);
  assert.deepEqual([streams.get(1), streams.size, streams.howClosed(1)], [undefined, 0, RESET_THERE]);
});

test('the last 128 streams are remembered, of the same one the last thing', () => {
  const streams = new Streams();
  for (let id = 1; id <= 257; id += 2) streams.remember(id, id % 4 === 1 ? ENDED : RESET_HERE);
  assert.equal(streams.howClosed(1), FORGOTTEN);
  for (let id = 3; id <= 257; id += 2) assert.equal(streams.howClosed(id), id % 4 === 1 ? ENDED : RESET_HERE);
  streams.remember(257, RESET_THERE);
  assert.equal(streams.howClosed(257), RESET_THERE);
  streams.remember(0x7fff_ffff, RESET_HERE);
  assert.equal(streams.howClosed(0x7fff_ffff), RESET_HERE);
});

test('a stream that both have ended is released with that, one that was reset is not', () => {
  const streams = new Streams();
  const [one, other] = [newStream(1), newStream(3)];
  for (const stream of [one, other]) {
    streams.add(stream);
    streams.begin(stream);
  }
  streams.close(one, ENDED);
  assert.equal(streams.running, 1);
  streams.close(other, RESET_THERE);
  assert.equal(streams.running, 1);
  streams.release(other);
  streams.release(other);
  streams.release(one);
  assert.equal(streams.running, 0);
});

test('RFC 9113 §5.1.1: streams above the last one are idle, and so are all with even identifiers', () => {
  const streams = new Streams();
  streams.last = 5;
  assert.deepEqual(
    [3, 4, 5, 6, 7].map((id) => streams.isIdle(id)),
    [false, true, false, true, true],
  );
});
