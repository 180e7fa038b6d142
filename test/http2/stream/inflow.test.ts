import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_HTTP2_LIMITS } from '../../../src/http2/limits.ts';
import { Inflow } from '../../../src/http2/stream/inflow.ts';
import { Http2Stream } from '../../../src/http2/stream/stream.ts';
import { OctetWriter } from '../../../src/octets/octet-writer.ts';
import { PLAIN_RUNTIME } from '../../../src/octets/runtime.ts';
import { Transcript } from '../frames.ts';

function inflow(streamWindow: number, connectionWindow: number) {
  const out = new OctetWriter(PLAIN_RUNTIME);
  const limits = { ...DEFAULT_HTTP2_LIMITS, streamWindow, connectionWindow };
  const lines = () => {
    const text = new Transcript().linesOf(out.octets.subarray(0, out.length));
    out.length = 0;
    return text;
  };
  const stream = new Http2Stream(1, 'POST', 65_535);
  stream.receive('receiveHeaders');
  return { inflow: new Inflow(limits, out), limits, lines, stream };
}

test('RFC 9113 §6.9.2: the window of the connection is opened by WINDOW_UPDATE, and never closed', () => {
  const large = inflow(65_535, 100_000);
  large.inflow.begin(large.limits);
  assert.deepEqual(large.lines(), ['WINDOW_UPDATE 0 34465']);
  const small = inflow(65_535, 1_000);
  small.inflow.begin(small.limits);
  assert.deepEqual(small.lines(), []);
  assert.equal(small.inflow.receive(undefined, 65_535), undefined);
});

test('RFC 9113 §6.9: what is consumed opens the window of its stream, and that of the connection', () => {
  const { inflow: flow, lines, stream } = inflow(65_536, 65_536);
  flow.receive(stream, 40_000);
  flow.consume(stream, 10_000);
  assert.deepEqual(lines(), []);
  flow.consume(stream, 30_000);
  assert.deepEqual(lines(), ['WINDOW_UPDATE 1 40000', 'WINDOW_UPDATE 0 40000']);
});

test('RFC 9113 §6.9: on a stream that has ended only the connection is opened', () => {
  const { inflow: flow, lines, stream } = inflow(65_536, 65_536);
  flow.receive(stream, 40_000);
  stream.receive('receiveEnd');
  flow.consume(stream, 40_000);
  assert.deepEqual(lines(), ['WINDOW_UPDATE 0 40000']);
});

test('what is abandoned opens the connection, once', () => {
  const { inflow: flow, lines, stream } = inflow(65_536, 65_536);
  flow.abandon(stream);
  flow.receive(stream, 40_000);
  flow.abandon(stream);
  flow.abandon(stream);
  flow.consume(stream, 40_000);
  assert.deepEqual(lines(), ['WINDOW_UPDATE 0 40000']);
});

test('RFC 9113 §6.9.3: a lower window of streams holds when it is acknowledged', () => {
  const { inflow: flow, stream } = inflow(100, 65_536);
  assert.equal(flow.receive(stream, 101), undefined);
  flow.onSettingsAck([stream]);
  assert.equal(stream.receiveWindow!.available, -1);
  const next = new Http2Stream(3, 'POST', 65_535);
  assert.equal(flow.receive(next, 101)?.reason, 'StreamWindowExceeded');
});
