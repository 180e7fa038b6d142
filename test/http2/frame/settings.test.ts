import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PeerSettings } from '../../../src/http2/frame/settings.ts';
import { settings } from '../frames.ts';

function received(peer: PeerSettings, ...values: readonly (readonly [number, number])[]): string | undefined {
  const octets = settings(...values);
  return peer.receive(octets, 9, octets.length)?.reason;
}

test('RFC 9113 §6.5.2: before the first SETTINGS the initial values hold', () => {
  const peer = new PeerSettings(false);
  assert.deepEqual(
    [
      peer.headerTableSize,
      peer.enablePush,
      peer.maxConcurrentStreams,
      peer.initialWindow,
      peer.maxFrameSize,
      peer.maxHeaderListSize,
    ],
    [4_096, true, Number.POSITIVE_INFINITY, 65_535, 16_384, Number.POSITIVE_INFINITY],
  );
});

test('RFC 9113 §6.5.2: each setting is taken over', () => {
  const peer = new PeerSettings(false);
  assert.equal(
    received(peer, [1, 100], [2, 0], [3, 7], [4, 8], [5, 20_000], [6, 9], [8, 1], [9, 1]),
    undefined,
  );
  assert.deepEqual(
    [
      peer.headerTableSize,
      peer.enablePush,
      peer.maxConcurrentStreams,
      peer.initialWindow,
      peer.maxFrameSize,
      peer.maxHeaderListSize,
      peer.enableConnectProtocol,
    ],
    [100, false, 7, 8, 20_000, 9, true],
  );
  assert.equal(peer.count, 1);
});

test('RFC 7541 §4.2: the least size of the header table in a frame is known, beside the last one', () => {
  const peer = new PeerSettings(false);
  received(peer, [1, 500], [1, 0], [1, 300]);
  assert.deepEqual([peer.leastHeaderTableSize, peer.headerTableSize], [0, 300]);
  received(peer, [1, 400]);
  assert.deepEqual([peer.leastHeaderTableSize, peer.headerTableSize], [300, 400]);
});

test('RFC 9113 §6.5: what is wrong with a frame is said', () => {
  const peer = new PeerSettings(false);
  assert.equal(peer.receive(new Uint8Array(5), 0, 5)?.reason, 'FrameLength');
  assert.equal(received(peer, [2, 2]), 'SettingValue');
  assert.equal(received(peer, [4, 2 ** 31]), 'InitialWindowTooLarge');
});

test('RFC 9218 §2.1: SETTINGS_NO_RFC7540_PRIORITIES stays what it was at first', () => {
  const said = new PeerSettings(false);
  assert.deepEqual(
    [received(said, [9, 1]), received(said, [9, 1]), received(said, [9, 0])],
    [undefined, undefined, 'PrioritySettingChanged'],
  );
  const silent = new PeerSettings(false);
  assert.deepEqual(
    [received(silent), received(silent, [9, 0]), received(silent, [9, 1])],
    [undefined, undefined, 'PrioritySettingChanged'],
  );
});

test('RFC 9113 §6.5.2: a server can not allow the client to push', () => {
  assert.equal(received(new PeerSettings(true), [2, 0]), undefined);
  assert.equal(received(new PeerSettings(true), [2, 1]), 'SettingValue');
});
