import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OngoingHandshakes } from '../../src/tls/ongoing-handshakes.ts';

test('ongoing handshakes: beyond the limit the oldest makes room', () => {
  const handshakes = new OngoingHandshakes(2);
  const givenUp: number[] = [];
  const made = [0, 1, 2, 3].map((number) => ({
    giveUp() {
      givenUp.push(number);
      handshakes.delete(this);
    },
  }));
  handshakes.add(made[0]!);
  handshakes.add(made[1]!);
  assert.deepEqual(givenUp, []);
  handshakes.add(made[2]!);
  assert.deepEqual([givenUp, handshakes.size], [[0], 2]);
  handshakes.delete(made[2]!);
  handshakes.add(made[3]!);
  assert.deepEqual([givenUp, handshakes.size], [[0], 2]);
});
