import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enhancedPacket } from '../../../src/inspector/export/pcapng/blocks.ts';
import { Conversation } from '../../../src/inspector/export/pcapng/conversation.ts';
import { MOST_SEGMENT } from '../../../src/inspector/export/pcapng/ip-packet.ts';
import { type CapturedPacket, readPackets } from './capture-reader.ts';

const end = (last: number, port: number) => ({ address: Uint8Array.of(10, 0, 0, last), port });

function passed(
  ...pieces: readonly { length: number; missing?: number; offset?: number }[]
): CapturedPacket[] {
  const conversation = new Conversation(end(1, 50_000), end(2, 80));
  const packets = [...conversation.open(0, undefined)];
  let next = 0;
  for (const { length, missing = 0, offset = next } of pieces) {
    const octets = new Uint8Array(length).fill(0x61);
    packets.push(
      ...conversation.pass('client', { time: 0, offset, length: length + missing, octets, missing }),
    );
    next = offset + length + missing;
  }
  return readPackets(Buffer.concat(packets.map(enhancedPacket))).slice(3);
}

const shape = ({ sequence, content, missing }: CapturedPacket) => [sequence, content.length, missing];

describe('the packets of a conversation', () => {
  it('hold as much as the limit, and one more octet has a packet of its own', () => {
    assert.deepEqual(passed({ length: MOST_SEGMENT }).map(shape), [[1, MOST_SEGMENT, 0]]);
    assert.deepEqual(passed({ length: MOST_SEGMENT + 1 }).map(shape), [
      [1, MOST_SEGMENT, 0],
      [1 + MOST_SEGMENT, 1, 0],
    ]);
  });

  it('say that octets are missing as far as the packet has room, and leave a gap for the others', () => {
    const room = MOST_SEGMENT - 10;
    assert.deepEqual(passed({ length: 10, missing: room }, { length: 1 }).map(shape), [
      [1, 10, room],
      [1 + MOST_SEGMENT, 1, 0],
    ]);
    assert.deepEqual(passed({ length: 10, missing: room + 1 }, { length: 1 }).map(shape), [
      [1, 10, room],
      [2 + MOST_SEGMENT, 1, 0],
    ]);
  });

  it('are cut short at once where more was kept than one packet holds', () => {
    assert.deepEqual(passed({ length: MOST_SEGMENT, missing: 5 }, { length: 1 }).map(shape), [
      [1, MOST_SEGMENT - 1, 1],
      [1 + MOST_SEGMENT + 5, 1, 0],
    ]);
  });

  it('count on where octets are left out, and around at 2³²', () => {
    assert.deepEqual(passed({ length: 1 }, { length: 1, offset: 100 }).map(shape), [
      [1, 1, 0],
      [101, 1, 0],
    ]);
    const far = 2 ** 30;
    const steps = [1, 2, 3, 4].map((i) => ({ length: 1, offset: i * (far + 1) - 1 }));
    assert.deepEqual(
      passed(...steps).map(({ sequence }) => sequence),
      [1, 2, 3, 4].map((i) => (i * (far + 1)) % 2 ** 32),
    );
    assert.deepEqual(
      passed({ length: 1, offset: far + 5 }).map(shape),
      [[1 + far, 1, 0]],
      'a larger gap is shortened',
    );
  });
});
