/** How much of an upload is read at once: more for a reader that waits for it, no more than 64 KiB for one that does not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ContentSource, ReceivedContent } from '../../../src/fetch/content/received-content.ts';

const KIB = 1024;
const GIB = KIB ** 3;

function upload(onWanted: () => void = () => {}) {
  const source: ContentSource = {
    declaredLength: GIB,
    onFirstRead: () => {},
    onWanted,
    onRefused: () => {},
  };
  const content = new ReceivedContent(source);
  const reader = content.stream.getReader();
  const room = () => (content.roomFor(GIB)?.length ?? 0) / KIB;
  return { content, reader, room };
}

/** The reader waits, and the octets come. */
async function readInStep({ content, reader }: ReturnType<typeof upload>): Promise<void> {
  const read = reader.read();
  await nextTurn();
  assert.ok(content.isWanted);
  content.deliver(new Uint8Array(64 * KIB));
  await read;
}

describe('memory for the next read of an upload', () => {
  test('doubles from 64 to 256 KiB while the reader waits for each piece', async () => {
    const running = upload();
    const rooms = [running.room()];
    for (let piece = 0; piece < 4; piece++) {
      await readInStep(running);
      rooms.push(running.room());
    }
    assert.deepEqual(rooms, [64, 128, 256, 256, 256]);
  });

  test('is 64 KiB again when a piece has waited for the reader', async () => {
    let waiting: Uint8Array | undefined;
    const running = upload(() => {
      const piece = waiting;
      waiting = undefined;
      if (piece !== undefined) running.content.deliver(piece);
    });
    for (let piece = 0; piece < 3; piece++) await readInStep(running);
    assert.equal(running.room(), 256);
    waiting = new Uint8Array(64 * KIB);
    await nextTurn();
    await running.reader.read();
    assert.equal(running.room(), 64);
    await readInStep(running);
    assert.equal(running.room(), 128);
  });

  test('is never more than what is still to come', async () => {
    const running = upload();
    for (let piece = 0; piece < 3; piece++) await readInStep(running);
    assert.equal(running.content.roomFor(100 * KIB)?.length, 100 * KIB);
  });
});
