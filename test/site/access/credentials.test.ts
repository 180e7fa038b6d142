import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Credentials } from '../../../src/site/access/credentials.ts';
import { type PasswordHash, parsePasswordHash } from '../../../src/site/access/password-hash.ts';

const HASH = parsePasswordHash(
  `scrypt.14.8.1.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`,
);

/** Verifications that a test lets end when it wants: `right` is the only password. */
class Verifications {
  readonly begun: { password: string; hash: PasswordHash; end: () => void }[] = [];
  readonly verify = (password: string, hash: PasswordHash): Promise<boolean> =>
    new Promise((resolve) => {
      this.begun.push({ password, hash, end: () => resolve(password === 'right') });
    });

  async endAll(): Promise<void> {
    for (let i = 0; i < this.begun.length; i++) {
      this.begun[i]!.end();
      await new Promise(setImmediate);
    }
  }
}

function fresh(): { credentials: Credentials; verifications: Verifications } {
  const verifications = new Verifications();
  return { credentials: new Credentials(new Map([['ann', HASH]]), verifications.verify), verifications };
}

describe('credentials', () => {
  it('are worked out once, right or wrong, and then remembered', async () => {
    const { credentials, verifications } = fresh();
    for (const [password, verdict] of [
      ['right', 'right'],
      ['guess', 'wrong'],
    ] as const) {
      const first = credentials.check('ann', password);
      await verifications.endAll();
      assert.equal(await first, verdict);
      assert.equal(credentials.check('ann', password), verdict);
    }
    assert.equal(verifications.begun.length, 2);
  });

  it('are worked out once for all who ask at the same time', async () => {
    const { credentials, verifications } = fresh();
    const asked = Array.from({ length: 50 }, () => credentials.check('ann', 'right'));
    await verifications.endAll();
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['right']));
    assert.equal(verifications.begun.length, 1);
  });

  it('of nobody take as long as those of somebody, and are wrong even where they would fit', async () => {
    const { credentials, verifications } = fresh();
    const verdict = credentials.check('bob', 'right');
    await verifications.endAll();
    assert.equal(await verdict, 'wrong');
    const { hash } = verifications.begun[0]!;
    assert.deepEqual(hash.cost, HASH.cost);
    assert.notDeepEqual(hash.salt, HASH.salt);
  });

  it('of nobody take as long as those of this one or that one, where hashes differ in their cost', async () => {
    const slow = { ...HASH, cost: { ...HASH.cost, N: 2 ** 16 } };
    const costs = new Map<string, unknown>();
    const seen = async (user: string, password: string) => {
      await credentials.check(user, password);
      return costs.get(password);
    };
    const credentials = new Credentials(
      new Map([
        ['ann', HASH],
        ['bob', slow],
      ]),
      async (password, { cost }) => {
        costs.set(password, cost.N);
        return false;
      },
    );
    const ofNobody: unknown[] = [];
    for (let i = 0; i < 64; i++) {
      ofNobody.push(await seen(`nobody ${i}`, `a${i}`));
      assert.equal(await seen(`nobody ${i}`, `b${i}`), ofNobody[i], 'the same each time');
    }
    assert.deepEqual(new Set(ofNobody), new Set([HASH.cost.N, slow.cost.N]));
  });

  it('keep two threads busy and 32 waiting; who comes then is turned away', async () => {
    const { credentials, verifications } = fresh();
    const asked = Array.from({ length: 34 }, (_, i) => credentials.check('ann', `guess ${i}`));
    assert.equal(verifications.begun.length, 2);
    assert.ok(!asked.includes('busy'));
    assert.equal(credentials.check('ann', 'right'), 'busy');
    await verifications.endAll();
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['wrong']));
    const late = credentials.check('ann', 'right');
    await verifications.endAll();
    assert.equal(await late, 'right');
  });

  it('that were right are not forgotten for 1000 wrong guesses; of those 256 are remembered', async () => {
    const verify = async (password: string): Promise<boolean> => password === 'right';
    const credentials = new Credentials(new Map([['ann', HASH]]), verify);
    assert.equal(await credentials.check('ann', 'right'), 'right');
    for (let i = 0; i < 1000; i++) assert.equal(await credentials.check('ann', `${i}`), 'wrong');
    assert.equal(credentials.check('ann', 'right'), 'right');
    assert.equal(credentials.check('ann', '999'), 'wrong');
    assert.equal(credentials.check('ann', '744'), 'wrong');
    assert.ok(credentials.check('ann', '743') instanceof Promise);
  });

  it('go on after a verification that failed', async () => {
    let failing = true;
    const credentials = new Credentials(new Map([['ann', HASH]]), async () => {
      if (failing) throw new Error('no memory');
      return true;
    });
    await assert.rejects(async () => credentials.check('ann', 'a'), /no memory/);
    await assert.rejects(async () => credentials.check('ann', 'b'), /no memory/);
    await assert.rejects(async () => credentials.check('ann', 'c'), /no memory/);
    failing = false;
    assert.equal(await credentials.check('ann', 'a'), 'right');
  });
});
