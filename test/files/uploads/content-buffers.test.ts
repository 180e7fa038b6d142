import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentBuffers } from '../../../src/files/uploads/content-buffers.ts';

const MIB = 1024 * 1024;
const content = Buffer.from(Array.from({ length: MIB + 5 }, (_, i) => (i * 13 + (i >> 8)) & 0xff));

/** A stream of pieces of this size. */
function streamOf(pieceLength: number, type?: 'bytes'): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    type: type as undefined,
    pull(controller) {
      if (at >= content.length) {
        controller.close();
        (controller as unknown as ReadableByteStreamController).byobRequest?.respond(0);
        return;
      }
      controller.enqueue(new Uint8Array(content.subarray(at, at + pieceLength)));
      at += pieceLength;
    },
  });
}

async function collect(stream: ReadableStream<Uint8Array> | null) {
  const pieces: Buffer[] = [];
  // A piece is valid until the next one is asked for.
  for await (const piece of contentBuffers(stream)) pieces.push(Buffer.from(piece));
  return pieces;
}

describe('the content of a request in one buffer', () => {
  test('comes in large pieces, however small those of the stream are', async () => {
    for (const pieceLength of [1000, 65_536, 300_000]) {
      const pieces = await collect(streamOf(pieceLength, 'bytes'));
      assert.equal(Buffer.compare(Buffer.concat(pieces), content), 0, `${pieceLength}`);
      assert.ok(pieces.length <= 6, `${pieces.length} pieces`);
    }
  });

  test('a stream that can not read into a buffer gives its own pieces', async () => {
    const pieces = await collect(streamOf(300_000));
    assert.equal(Buffer.compare(Buffer.concat(pieces), content), 0);
    assert.equal(pieces.length, 4);
  });

  test('no content is no pieces', async () => {
    assert.deepEqual(await collect(null), []);
    assert.deepEqual(await collect(new ReadableStream({ type: 'bytes', start: (c) => c.close() })), []);
  });

  test('a caller that stops cancels the stream, and an error of the stream is thrown', async () => {
    let isCancelled = false;
    const stream = new ReadableStream({
      type: 'bytes',
      pull: (controller) => controller.enqueue(new Uint8Array(300_000)),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const piece of contentBuffers(stream)) {
      assert.equal(piece.length, 256 * 1024);
      break;
    }
    assert.equal(isCancelled, true);
    const failing = new ReadableStream({
      type: 'bytes',
      pull: () => Promise.reject(new Error('lost')),
    });
    await assert.rejects(collect(failing), /lost/);
  });
});
