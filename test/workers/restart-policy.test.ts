import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_SHORT_LIVES, RestartPolicy, SHORT_LIFE_MS } from '../../src/workers/restart-policy.ts';

describe('restart policy', () => {
  it('replaces at once what has lived long', () => {
    assert.deepEqual(new RestartPolicy().onDeath(SHORT_LIFE_MS, false), { delay: 0 });
  });

  it('waits twice as long after each short life, and gives up after the fifth', () => {
    const policy = new RestartPolicy();
    const lives = Array.from({ length: MAX_SHORT_LIVES }, () => policy.onDeath(SHORT_LIFE_MS - 1, false));
    assert.deepEqual(lives, [{ delay: 100 }, { delay: 200 }, { delay: 400 }, { delay: 800 }, 'give up']);
  });

  it('goes on as seldom as can be while others serve', () => {
    const policy = new RestartPolicy();
    for (let i = 1; i < MAX_SHORT_LIVES; i++) policy.onDeath(0, true);
    assert.deepEqual(policy.onDeath(0, true), { delay: 10_000 });
    assert.deepEqual(policy.onDeath(0, true), { delay: 10_000 });
    assert.equal(policy.onDeath(0, false), 'give up');
  });

  it('forgets short lives over a long one', () => {
    const policy = new RestartPolicy();
    for (let i = 1; i < MAX_SHORT_LIVES; i++) policy.onDeath(0, false);
    policy.onDeath(SHORT_LIFE_MS, false);
    assert.deepEqual(policy.onDeath(0, false), { delay: 100 });
  });
});
