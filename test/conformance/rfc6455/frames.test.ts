import assert from 'node:assert/strict';
import { test } from 'node:test';
import { opened } from '../../websocket/echo-server.ts';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closeFrame,
  codeOf,
  type Frame,
  type FramePeer,
  frame,
  PING,
  PONG,
  TEXT,
} from '../../websocket/frame-peer.ts';

type Pieces = readonly Uint8Array[];

/** How the octets of a case arrive: whole, cut in two everywhere that is cheap, and one by one. */
async function ways(octets: Uint8Array, use: (peer: FramePeer) => Promise<void>): Promise<void> {
  const half = octets.length >> 1;
  const cuts: Pieces[] = [[octets], [octets.subarray(0, half), octets.subarray(half)]];
  if (octets.length <= 300) cuts.push(Array.from(octets, (octet) => Buffer.from([octet])));
  for (const pieces of cuts) {
    const peer = await opened();
    for (const piece of pieces) {
      peer.octets.write(piece);
      if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
    }
    await use(peer);
    peer.octets.destroy();
  }
}

function accepts(what: string, frames: Pieces, ...expected: (string | Buffer)[]): void {
  test(what, () =>
    ways(Buffer.concat(frames), async (peer) => {
      for (const message of expected) {
        const { opcode, isFinal, reserved, payload } = (await peer.next())!;
        assert.deepEqual([isFinal, reserved], [true, 0]);
        assert.equal(opcode, typeof message === 'string' ? TEXT : BINARY);
        assert.ok(payload.equals(Buffer.from(message as string)), `${payload.length} octets`);
      }
      peer.send(closeFrame(1000));
      assert.equal(codeOf((await peer.next())!), 1000);
    }),
  );
}

/** @param before the opcodes that the server sends before it closes. */
function fails(what: string, code: number, frames: Pieces, before: readonly number[] = []): void {
  test(what, () =>
    ways(Buffer.concat(frames), async (peer) => {
      for (const opcode of before) assert.equal((await peer.next())!.opcode, opcode);
      const close = (await peer.next()) as Frame;
      assert.equal(close.opcode, CLOSE);
      assert.equal(codeOf(close), code);
      await peer.ended;
    }),
  );
}

const part = (opcode: number, payload: string | Uint8Array) => frame(opcode, payload, { isFinal: false });

// Lengths.
for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]) {
  accepts(`RFC 6455 §5.2: text of ${length} octets`, [frame(TEXT, '*'.repeat(length))], '*'.repeat(length));
  accepts(
    `RFC 6455 §5.2: binary of ${length} octets`,
    [frame(BINARY, Buffer.alloc(length, 0xfe))],
    Buffer.alloc(length, 0xfe),
  );
}
fails('RFC 6455 §7.4.1: a message of one octet more than the limit', 1009, [frame(TEXT, '*'.repeat(70_001))]);
fails('RFC 6455 §7.4.1: fragments that exceed the limit together', 1009, [
  part(TEXT, '*'.repeat(70_000)),
  frame(CONTINUATION, '*'),
]);
fails('RFC 6455 §5.2: a length of 2^63 and more', 1009, [
  frame(TEXT, '', { claims: 2 ** 53, lengthOctets: 8 }),
]);

for (const [length, lengthOctets] of [
  [0, 2],
  [125, 2],
  [125, 8],
  [65_535, 8],
] as const)
  fails(`RFC 6455 §5.2: a length of ${length} in ${lengthOctets} octets more than it needs`, 1002, [
    frame(TEXT, '*'.repeat(length), { lengthOctets }),
  ]);

// Masking.
fails('RFC 6455 §5.1: a frame without a mask', 1002, [frame(TEXT, 'x', { isMasked: false })]);
fails('RFC 6455 §5.1: a ping without a mask', 1002, [frame(PING, '', { isMasked: false })]);

// Reserved bits and opcodes.
for (const reserved of [1, 2, 3, 4, 5, 6, 7]) {
  fails(`RFC 6455 §5.2: reserved bits ${reserved} in text`, 1002, [frame(TEXT, 'x', { reserved })]);
  fails(`RFC 6455 §5.2: reserved bits ${reserved} in a ping`, 1002, [frame(PING, 'x', { reserved })]);
  fails(`RFC 6455 §5.2: reserved bits ${reserved} in a close`, 1002, [frame(CLOSE, '', { reserved })]);
}
for (const opcode of [3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf])
  fails(`RFC 6455 §5.2: opcode ${opcode.toString(16)} is reserved`, 1002, [frame(opcode, 'x')]);

// Control frames.
for (const payload of ['', 'Hello', '*'.repeat(125)]) {
  test(`RFC 6455 §5.5.3: a ping of ${payload.length} octets is answered with them`, () =>
    ways(frame(PING, payload), async (peer) => {
      const pong = (await peer.next())!;
      assert.deepEqual([pong.opcode, pong.payload.toString()], [PONG, payload]);
    }));
}
test('RFC 6455 §5.5.3: ten pings are answered in order', () =>
  ways(Buffer.concat(Array.from({ length: 10 }, (_, index) => frame(PING, `${index}`))), async (peer) => {
    for (let index = 0; index < 10; index++)
      assert.equal((await peer.next())!.payload.toString(), `${index}`);
  }));
accepts(
  'RFC 6455 §5.5.3: a pong that nobody asked for is ignored',
  [frame(PONG, 'x'), frame(TEXT, 'a')],
  'a',
);
fails('RFC 6455 §5.5: a ping of 126 octets', 1002, [frame(PING, '*'.repeat(126))]);
fails('RFC 6455 §5.5: a pong of 126 octets', 1002, [frame(PONG, '*'.repeat(126))]);
fails('RFC 6455 §5.5: a close of 126 octets', 1002, [closeFrame(1000, '*'.repeat(124))]);
for (const opcode of [PING, PONG, CLOSE])
  fails(`RFC 6455 §5.5: a fragmented control frame ${opcode.toString(16)}`, 1002, [part(opcode, '')]);

// Fragmentation.
accepts(
  'RFC 6455 §5.4: text in fragments',
  [part(TEXT, 'a'), part(CONTINUATION, 'b'), frame(CONTINUATION, 'c')],
  'abc',
);
accepts(
  'RFC 6455 §5.4: binary in fragments, some of them empty',
  [part(BINARY, ''), part(CONTINUATION, 'b'), frame(CONTINUATION, '')],
  Buffer.from('b'),
);
test('RFC 6455 §5.4: a ping between fragments is answered at once', () =>
  ways(Buffer.concat([part(TEXT, 'a'), frame(PING, 'p'), frame(CONTINUATION, 'b')]), async (peer) => {
    assert.equal((await peer.next())!.opcode, PONG);
    assert.equal((await peer.next())!.payload.toString(), 'ab');
  }));
fails('RFC 6455 §5.4: a continuation of nothing', 1002, [frame(CONTINUATION, 'a')]);
fails('RFC 6455 §5.4: a continuation of nothing, not final', 1002, [part(CONTINUATION, 'a')]);
fails(
  'RFC 6455 §5.4: a continuation behind a whole message',
  1002,
  [frame(TEXT, 'a'), frame(CONTINUATION, 'b')],
  [TEXT],
);
fails('RFC 6455 §5.4: a new message before the fragments have ended', 1002, [
  part(TEXT, 'a'),
  frame(TEXT, 'b'),
]);
fails('RFC 6455 §5.4: a new binary message before the fragments have ended', 1002, [
  part(TEXT, 'a'),
  part(BINARY, 'b'),
]);

// UTF-8.
const κ = 'κόσμε';
accepts('RFC 6455 §5.6: text beyond ASCII', [frame(TEXT, `${κ}-𐍈-\u{10ffff}`)], `${κ}-𐍈-\u{10ffff}`);
test('RFC 6455 §5.6: a character may be cut anywhere by fragments', async () => {
  const octets = Buffer.from(`${κ}𐍈`);
  for (let cut = 1; cut < octets.length; cut++) {
    const peer = await opened();
    peer.send(part(TEXT, octets.subarray(0, cut)), frame(CONTINUATION, octets.subarray(cut)));
    assert.equal((await peer.next())!.payload.toString(), `${κ}𐍈`);
    peer.octets.destroy();
  }
});
for (const [what, octets] of Object.entries({
  'a continuation octet alone': [0x80],
  'an incomplete character': [0xce],
  'an incomplete character of three octets': [0xe2, 0x82],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong NUL of three octets': [0xe0, 0x80, 0x80],
  'a surrogate': [0xed, 0xa0, 0x80],
  'a pair of surrogates': [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  'a code point beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'an octet FE': [0xfe],
  'five octets': [0xf8, 0x88, 0x80, 0x80, 0x80],
})) {
  fails(`RFC 6455 §8.1: text with ${what}`, 1007, [frame(TEXT, Buffer.from(octets))]);
  fails(`RFC 6455 §8.1: fragmented text with ${what}`, 1007, [
    part(TEXT, κ),
    frame(CONTINUATION, Buffer.from(octets)),
  ]);
  accepts(`RFC 6455 §5.6: binary with ${what}`, [frame(BINARY, Buffer.from(octets))], Buffer.from(octets));
}

// Closing.
test('RFC 6455 §5.5.1: a close without a code is answered without one', () =>
  ways(closeFrame(), async (peer) => {
    assert.equal((await peer.next())!.payload.length, 0);
    await peer.ended;
  }));
for (const code of [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
]) {
  test(`RFC 6455 §7.4: a close with ${code} is answered with it`, () =>
    ways(closeFrame(code, 'why'), async (peer) => {
      assert.equal(codeOf((await peer.next())!), code);
      await peer.ended;
    }));
}
for (const code of [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
  fails(`RFC 6455 §7.4: a close with ${code}`, 1002, [closeFrame(code)]);
fails('RFC 6455 §5.5.1: a close of one octet', 1002, [frame(CLOSE, 'x')]);
fails('RFC 6455 §8.1: a reason that is not UTF-8', 1007, [closeFrame(1000, Buffer.from([0xce, 0xba, 0xe1]))]);
accepts('RFC 6455 §5.5.1: a message before a close is answered', [frame(TEXT, 'last')], 'last');
test('RFC 6455 §1.4: nothing behind a close counts', () =>
  ways(Buffer.concat([closeFrame(1000), frame(TEXT, 'x'), frame(0xf, 'y')]), async (peer) => {
    assert.equal(codeOf((await peer.next())!), 1000);
    assert.equal(await peer.next(), undefined);
  }));
