/**
 * Every type of frame with every short length, each flag, and each kind of stream: what comes of it must not depend on how the
 * octets are cut, and it is nothing, an error of the stream, or an error of the connection with its code.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodeName } from '../../../src/http2/error-codes.ts';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { TestServer } from '../../http2/conversation.ts';
import { data, frame, get, join, ping, post, reset } from '../../http2/frames.ts';
import { eachSplit } from '../../support/each-split.ts';

const TYPES = {
  DATA: types.DATA,
  HEADERS: types.HEADERS,
  PRIORITY: types.PRIORITY_FRAME,
  RST_STREAM: types.RST_STREAM,
  SETTINGS: types.SETTINGS,
  PUSH_PROMISE: types.PUSH_PROMISE,
  PING: types.PING,
  GOAWAY: types.GOAWAY_FRAME,
  WINDOW_UPDATE: types.WINDOW_UPDATE,
  CONTINUATION: types.CONTINUATION,
  PRIORITY_UPDATE: types.PRIORITY_UPDATE,
  'unknown type': 0x77,
};

/** Stream 3 is open, 1 has ended, 5 was reset by the client, and 7 is half-closed. */
const BEFORE = join(get(1), post(3), post(5), reset(5, 8), post(7), data(7, 'content'));
const STREAMS = [0, 1, 2, 3, 5, 7, 8, 9, 0x7fff_ffff];
const LENGTHS = [0, 1, 3, 4, 5, 6, 7, 8, 9, 12];
const FLAGS = [0, 0x01, 0x04, 0x08, 0x20, 0x0d, 0xff];
const PAYLOAD = Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0);

/** For frames whose length or place is wrong without exception (RFC 9113 §6): the code of the connection error. */
function expectedCode(type: number, length: number, stream: number, flags: number): string | undefined {
  switch (type) {
    case types.SETTINGS:
      if (stream !== 0) return 'PROTOCOL_ERROR';
      return length % 6 !== 0 || (length > 0 && (flags & 1) !== 0) ? 'FRAME_SIZE_ERROR' : undefined;
    case types.PING:
      if (stream !== 0) return 'PROTOCOL_ERROR';
      return length === 8 ? undefined : 'FRAME_SIZE_ERROR';
    case types.GOAWAY_FRAME:
      if (stream !== 0) return 'PROTOCOL_ERROR';
      return length < 8 ? 'FRAME_SIZE_ERROR' : undefined;
    case types.RST_STREAM:
      if (stream === 0) return 'PROTOCOL_ERROR';
      return length === 4 ? undefined : 'FRAME_SIZE_ERROR';
    case types.WINDOW_UPDATE:
      return length === 4 ? undefined : 'FRAME_SIZE_ERROR';
    case types.DATA:
    case types.HEADERS:
    case types.PRIORITY_FRAME:
      return stream === 0 ? 'PROTOCOL_ERROR' : undefined;
    case types.PUSH_PROMISE:
      return length < 4 && stream !== 0 ? 'FRAME_SIZE_ERROR' : 'PROTOCOL_ERROR';
    case types.CONTINUATION:
      return 'PROTOCOL_ERROR';
    default:
      return undefined;
  }
}

for (const [name, type] of Object.entries(TYPES)) {
  test(`RFC 9113 §4.2, §6: ${name} of every length, with each flag, on each kind of stream, whole and cut anywhere`, () => {
    for (const length of LENGTHS) {
      for (const flags of FLAGS) {
        for (const stream of STREAMS) judge(type, length, flags, stream);
      }
    }
  });
}

function judge(type: number, length: number, flags: number, stream: number): void {
  const label = `length ${length}, flags ${flags}, stream ${stream}`;
  const octets = join(frame(type, flags, stream, PAYLOAD.subarray(0, length)), ping('are you?'));
  let first: string | undefined;
  eachSplit(octets, (chunks) => {
    const server = TestServer.opened(undefined, () => {}).receive(BEFORE);
    server.sent();
    for (const chunk of chunks) server.receive(chunk);
    const seen = JSON.stringify([server.answers, server.sent()]);
    first ??= seen;
    assert.equal(seen, first, label);
    if (chunks.length > 1) return;
    const { connection } = server;
    const code = connection.hasFailed ? errorCodeName(connection.error!.code) : undefined;
    const expected = expectedCode(type, length, stream, flags);
    if (expected !== undefined) assert.equal(code, expected, label);
    // A frame that begins a block waits for the rest of it; then PING is an error.
    if (code === undefined) assert.ok(seen.includes('PING ACK are you?'), label);
  });
}
