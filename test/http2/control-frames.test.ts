import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbuseGuard } from '../../src/http2/abuse.ts';
import { ControlFrames } from '../../src/http2/control-frames.ts';
import { DEFAULT_HTTP2_LIMITS } from '../../src/http2/limits.ts';
import { Sender } from '../../src/http2/sender.ts';
import { Inflow } from '../../src/http2/stream/inflow.ts';
import { Http2Stream } from '../../src/http2/stream/stream.ts';
import { Streams } from '../../src/http2/stream/streams.ts';
import { ping, settings, Transcript, uint32 } from './frames.ts';

/** What is required of the frames is in `test/conformance/rfc9113/06-frame-definitions.test.ts`. */
function parts() {
  const guard = new AbuseGuard();
  const streams = new Streams();
  const sender = new Sender({ onSentEnd: () => {} }, guard);
  const limits = { ...DEFAULT_HTTP2_LIMITS, waitingControlFrames: 2 };
  const inflow = new Inflow(limits, sender.out);
  const control = new ControlFrames({ limits, guard, streams, sender, inflow }, 'server');
  const lines = () => new Transcript().linesOf(sender.take() ?? new Uint8Array(0));
  return { control, streams, sender, lines };
}

test('RFC 9113 §6.5: SETTINGS change the windows of open streams and the encoder, and are acknowledged', () => {
  const { control, streams, sender, lines } = parts();
  const stream = new Http2Stream(1, 'GET', 65_535);
  streams.add(stream);
  const octets = settings([4, 100], [1, 0]);
  assert.equal(control.onSettings(0, octets, 9, octets.length), undefined);
  assert.deepEqual([stream.sendWindow, sender.encoder.owesSizeUpdate], [100, true]);
  assert.deepEqual(lines(), ['SETTINGS ACK']);
});

test('answers that wait are bounded, and count no more when they have been taken', () => {
  const { control } = parts();
  const octets = ping();
  for (let times = 0; times < 2; times++) assert.equal(control.onPing(octets, 9), undefined);
  assert.equal(control.onPing(octets, 9)?.reason, 'TooManyAcknowledgements');
  control.onOutput();
  assert.equal(control.onPing(octets, 9), undefined);
});

test('RFC 9113 §6.9: WINDOW_UPDATE is of the connection, of an open stream, or of none', () => {
  const { control, streams, sender } = parts();
  streams.last = 3;
  const stream = new Http2Stream(3, 'GET', 0);
  streams.add(stream);
  const increment = (id: number, by: number) => control.onWindowUpdate(id, uint32(by), 0)?.reason;
  assert.deepEqual([increment(0, 5), increment(3, 7), increment(1, 9)], [undefined, undefined, undefined]);
  assert.deepEqual([sender.window, stream.sendWindow], [65_540, 7]);
  assert.deepEqual(
    [increment(0, 0), increment(3, 0), increment(5, 1)],
    ['ConnectionIncrementZero', 'StreamIncrementZero', 'FrameOnIdleStream'],
  );
});

test('RFC 7540 §5.3.1: PRIORITY is looked at for a dependency on itself', () => {
  const { control } = parts();
  assert.equal(control.onPriority(3, uint32(5), 0), undefined);
  assert.equal(control.onPriority(3, uint32(0x8000_0003), 0)?.reason, 'SelfDependency');
});
