import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import { code } from '../../../src/files/resource/coded-content.ts';
import { gate } from '../../server/with-server.ts';

const CONTENT = Buffer.alloc(5000, 'serval');
const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('code', () => {
  test('gives the coded octets, in memory of their own', async () => {
    const coded = await code('br', async () => CONTENT);
    assert.ok(brotliDecompressSync(coded!).equals(CONTENT));
    assert.equal(coded!.buffer.byteLength, coded!.length);
  });

  test('leaves half of the thread pool to others: two runs at once, the next when one has ended, however it ended', async () => {
    const gates = Array.from({ length: 6 }, () => gate<Buffer | undefined>());
    const begun: number[] = [];
    const runs = gates.map(({ opened }, at) =>
      code('gzip', () => {
        begun.push(at);
        return opened;
      }).catch(() => 'failed'),
    );
    await turn();
    assert.deepEqual(begun, [0, 1]);
    gates[1]!.open(CONTENT);
    await runs[1];
    await turn();
    assert.deepEqual(begun, [0, 1, 2]);
    gates[0]!.fail(new Error('unreadable'));
    gates[2]!.open(undefined);
    await turn();
    assert.deepEqual(begun, [0, 1, 2, 3, 4]);
    for (const at of [3, 4, 5]) gates[at]!.open(CONTENT);
    const results = await Promise.all(runs);
    assert.equal(results[0], 'failed');
    assert.equal(results[2], undefined);
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
    assert.ok(
      (await code('br', async () => CONTENT)) !== undefined,
      'and none is taken for running for ever',
    );
  });
});
