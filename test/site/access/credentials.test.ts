import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { askerOf } from '../../../src/site/access/asker.ts';
import { Credentials } from '../../../src/site/access/credentials.ts';
import { type PasswordHash, parsePasswordHash } from '../../../src/site/access/password-hash.ts';

const HASH = parsePasswordHash(
  `scrypt.14.8.1.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`,
);

const HERE = askerOf({ address: '192.0.2.1', port: 1, family: 'IPv4' });

/** Verifications that a test lets end when it wants: `right` is the only password. */
class Verifications {
  readonly begun: { password: string; hash: PasswordHash; end: () => void }[] = [];
  readonly verify = (password: string, hash: PasswordHash): Promise<boolean> =>
    new Promise((resolve) => {
      this.begun.push({ password, hash, end: () => resolve(password === 'right') });
    });

  async endAll(): Promise<void> {
    await new Promise(setImmediate);
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

describe('Credentials', () => {
  it('are verified once, right or wrong, and then cached', async () => {
    const { credentials, verifications } = fresh();
    for (const [password, verdict] of [
      ['right', 'right'],
      ['guess', 'wrong'],
    ] as const) {
      const first = credentials.check('ann', password, HERE);
      await verifications.endAll();
      assert.equal(await first, verdict);
      assert.equal(credentials.check('ann', password, HERE), verdict);
    }
    assert.equal(verifications.begun.length, 2);
  });

  it('share one verification among concurrent requests', async () => {
    const { credentials, verifications } = fresh();
    const asked = Array.from({ length: 50 }, () => credentials.check('ann', 'right', HERE));
    await verifications.endAll();
    assert.deepEqual(new Set(await Promise.all(asked)), new Set(['right']));
    assert.equal(verifications.begun.length, 1);
  });

  it('of an unknown user cost as much as those of a known one, and are always wrong', async () => {
    const { credentials, verifications } = fresh();
    const verdict = credentials.check('bob', 'right', HERE);
    await verifications.endAll();
    assert.equal(await verdict, 'wrong');
    const { hash } = verifications.begun[0]!;
    assert.deepEqual(hash.cost, HASH.cost);
    assert.notDeepEqual(hash.salt, HASH.salt);
  });

  it('of an unknown user cost the same each time, if the hashes of the users differ in cost', async () => {
    const slow = { ...HASH, cost: { ...HASH.cost, N: 2 ** 16 } };
    const costs = new Map<string, unknown>();
    const seen = async (user: string, password: string) => {
      await credentials.check(user, password, HERE);
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

  it('RFC 9110 §15.6.4: are busy when the queue of an address is full, and only for that address', async () => {
    const { credentials, verifications } = fresh();
    const guesses = Array.from({ length: 65 }, (_, i) => credentials.check('ann', `guess ${i}`, HERE));
    assert.equal(await credentials.check('ann', 'right', HERE), 'busy');
    const elsewhere = askerOf({ address: '192.0.2.2', port: 1, family: 'IPv4' });
    const right = credentials.check('ann', 'right', elsewhere);
    await new Promise(setImmediate);
    assert.deepEqual(
      verifications.begun.map(({ password }) => password),
      ['guess 0', 'right'],
    );
    await verifications.endAll();
    assert.equal(await right, 'right');
    assert.deepEqual(new Set(await Promise.all(guesses)), new Set(['wrong']));
  });

  it('are not verified for a client that has disconnected while it waited, unless another waits for the same', async () => {
    const { credentials, verifications } = fresh();
    const first = credentials.check('ann', 'guess', HERE);
    const gone = credentials.check('ann', 'left', HERE, () => true);
    const shared = credentials.check('ann', 'shared', HERE, () => true);
    const joined = credentials.check('ann', 'shared', HERE);
    await verifications.endAll();
    assert.deepEqual(await Promise.all([first, gone, shared, joined]), ['wrong', 'busy', 'wrong', 'wrong']);
    assert.deepEqual(
      verifications.begun.map(({ password }) => password),
      ['guess', 'shared'],
    );
  });

  it('that are right stay cached during 1000 wrong guesses, of which 256 are cached', async () => {
    const verify = async (password: string): Promise<boolean> => password === 'right';
    const credentials = new Credentials(new Map([['ann', HASH]]), verify);
    assert.equal(await credentials.check('ann', 'right', HERE), 'right');
    for (let i = 0; i < 1000; i++) assert.equal(await credentials.check('ann', `${i}`, HERE), 'wrong');
    assert.equal(credentials.check('ann', 'right', HERE), 'right');
    assert.equal(credentials.check('ann', '999', HERE), 'wrong');
    assert.equal(credentials.check('ann', '744', HERE), 'wrong');
    assert.ok(credentials.check('ann', '743', HERE) instanceof Promise);
  });

  it('can be verified after a verification that threw', async () => {
    let failing = true;
    const credentials = new Credentials(new Map([['ann', HASH]]), async () => {
      if (failing) throw new Error('no memory');
      return true;
    });
    await assert.rejects(async () => credentials.check('ann', 'a', HERE), /no memory/);
    await assert.rejects(async () => credentials.check('ann', 'b', HERE), /no memory/);
    await assert.rejects(async () => credentials.check('ann', 'c', HERE), /no memory/);
    failing = false;
    assert.equal(await credentials.check('ann', 'a', HERE), 'right');
  });
});
