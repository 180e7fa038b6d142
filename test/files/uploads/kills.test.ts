/** A few of the kills of `npm run endurance -- kills`, which does 200. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentOf, FILE_OCTETS, uploadOf } from '../../endurance/kills/content.ts';
import { killUploads } from '../../endurance/kills/upload-kills.ts';

const KILLS = 6;

describe('a server that is killed while it takes uploads', () => {
  test('leaves the old file or the new one, loses nothing that it acknowledged, and sweeps at its next start', async () => {
    const { kills, faults, found } = await killUploads(KILLS, 20_261_123);
    assert.deepEqual(faults, []);
    assert.equal(kills, KILLS);
    assert.ok(found.old + found.new + found.absent >= KILLS);
  });

  test('would be found out: a part or a mixture is nobody’s content', () => {
    const content = contentOf(7);
    assert.equal(uploadOf(content), 7);
    assert.equal(uploadOf(content.subarray(0, -1)), undefined);
    const mixture = Buffer.concat([
      content.subarray(0, FILE_OCTETS / 2),
      contentOf(8).subarray(FILE_OCTETS / 2),
    ]);
    assert.equal(uploadOf(mixture), undefined);
    const changed = Buffer.from(content);
    changed[FILE_OCTETS - 1]! ^= 1;
    assert.equal(uploadOf(changed), undefined);
  });
});
