import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { opened, shake } from '../../websocket/echo-server.ts';
import {
  CLOSE,
  CONTINUATION,
  codeOf,
  type FramePeer,
  frame,
  PING,
  TEXT,
} from '../../websocket/frame-peer.ts';
import { handshake } from '../../websocket/handshakes.ts';

const OFFER = { 'sec-websocket-extensions': 'permessage-deflate' };
/** The bit that says that a message is compressed (RFC 7692 §6). */
const RSV1 = 4;
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** RFC 7692 §7.2.1: without the four octets of the empty block at the end. */
const deflated = (text: string | Uint8Array): Buffer =>
  deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
const inflated = (payload: Uint8Array): string =>
  inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH }).toString();

async function answered(offer: string): Promise<[status: number, extensions: string | undefined]> {
  const { status, fields, socket } = await shake(handshake({ 'sec-websocket-extensions': offer }));
  socket.destroy();
  return [status, fields.get('sec-websocket-extensions')];
}

async function peerWith(use: (peer: FramePeer) => Promise<void>): Promise<void> {
  const peer = await opened(OFFER);
  await use(peer);
  peer.octets.destroy();
}

test('RFC 7692 §7.1.1: it is accepted without context takeover on either side', async () => {
  const [status, extensions] = await answered('permessage-deflate; client_max_window_bits');
  assert.equal(status, 101);
  assert.match(extensions!, /^permessage-deflate/);
  assert.match(extensions!, /server_no_context_takeover/);
  assert.match(extensions!, /client_no_context_takeover/);
});

test('RFC 7692 §5: an unknown extension is declined', async () => {
  assert.deepEqual(await answered('x-webkit-other; a=1'), [101, undefined]);
});

test('RFC 7692 §7: of several offers an acceptable one is taken', async () => {
  const [status, extensions] = await answered('x-other, permessage-deflate');
  assert.equal(status, 101);
  assert.match(extensions!, /^permessage-deflate/);
});

for (const offer of ['permessage-deflate; server_max_window_bits=7', 'permessage-deflate; unknown=1'])
  test(`RFC 7692 §7.1: "${offer}" cannot be accepted`, async () => {
    const [status, extensions] = await answered(offer);
    assert.ok(status === 400 || (status === 101 && extensions === undefined), `${status} ${extensions}`);
  });

test('RFC 6455 §9.1: a malformed field is refused', async () => {
  assert.equal((await answered('permessage-deflate; ='))[0], 400);
});

test('RFC 7692 §6.2: a compressed message arrives, and a large one is sent compressed', () =>
  peerWith(async (peer) => {
    const text = 'abc '.repeat(5_000);
    peer.send(frame(TEXT, deflated(text), { reserved: RSV1 }));
    const { reserved, payload } = (await peer.next())!;
    assert.equal(reserved, RSV1);
    assert.ok(payload.length < 1_000, `${payload.length} octets`);
    assert.equal(inflated(payload), text);
  }));

test('RFC 7692 §6: compressed and plain messages may follow each other', () =>
  peerWith(async (peer) => {
    peer.send(
      frame(TEXT, deflated('one'), { reserved: RSV1 }),
      frame(TEXT, 'two'),
      frame(TEXT, deflated('three'), { reserved: RSV1 }),
    );
    for (const text of ['one', 'two', 'three']) assert.equal((await peer.next())!.payload.toString(), text);
  }));

test('RFC 7692 §6.1: fragments of a compressed message, a ping between them', () =>
  peerWith(async (peer) => {
    const octets = deflated('in several pieces');
    peer.send(frame(TEXT, octets.subarray(0, 3), { isFinal: false, reserved: RSV1 }));
    peer.send(frame(PING, 'p'));
    assert.equal((await peer.next())!.payload.toString(), 'p');
    peer.send(frame(CONTINUATION, octets.subarray(3)));
    assert.equal((await peer.next())!.payload.toString(), 'in several pieces');
  }));

const failing: Readonly<Record<string, [code: number, octets: Uint8Array]>> = {
  'RFC 7692 §6.1: the bit on a continuation': [
    1002,
    Buffer.concat([
      frame(TEXT, deflated('x'), { isFinal: false, reserved: RSV1 }),
      frame(CONTINUATION, 'y', { reserved: RSV1 }),
    ]),
  ],
  'RFC 7692 §6.1: the bit on a ping': [1002, frame(PING, 'x', { reserved: RSV1 })],
  'RFC 7692 §7.2.2: octets that are not DEFLATE': [
    1007,
    frame(TEXT, Buffer.alloc(20, 0xff), { reserved: RSV1 }),
  ],
  'RFC 6455 §8.1: compressed text that is not UTF-8': [
    1007,
    frame(TEXT, deflated(Buffer.from([0xce, 0xba, 0xe1])), { reserved: RSV1 }),
  ],
  'RFC 7692 §8: a bomb: 1 MiB in 1 KiB': [
    1009,
    frame(TEXT, deflated(Buffer.alloc(1024 * 1024, 'a')), { reserved: RSV1 }),
  ],
};
for (const [what, [code, octets]] of Object.entries(failing)) {
  test(what, () =>
    peerWith(async (peer) => {
      peer.send(octets);
      const close = (await peer.next())!;
      assert.deepEqual([close.opcode, codeOf(close)], [CLOSE, code]);
    }),
  );
}

test('RFC 7692 §6: without the extension the bit is an error', async () => {
  const peer = await opened();
  peer.send(frame(TEXT, deflated('x'), { reserved: RSV1 }));
  assert.equal(codeOf((await peer.next())!), 1002);
  peer.octets.destroy();
});
