import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseUser, parseUsers } from '../../../src/site/access/users.ts';

const SALT = Buffer.alloc(16, 1).toString('base64url');
const KEY = Buffer.alloc(32, 2).toString('base64url');
const HASH = `scrypt.14.1.1.${SALT}.${KEY}`;

describe('users', () => {
  it('are names and hashes', () => {
    const { name, hash } = parseUser(`zoe\u0308:${HASH}`);
    assert.equal(name, 'zo\u00eb');
    assert.deepEqual(hash.key, Buffer.alloc(32, 2));
    assert.deepEqual([...parseUsers([`ann:${HASH}`, `bob:${HASH}`]).keys()], ['ann', 'bob']);
  });

  it('are refused when they are none, and what may be a password is never repeated', () => {
    for (const user of ['ann', ':x', 'ann:opensesame', 'ann:scrypt.opensesame', 'a\nb:x', '']) {
      assert.throws(
        () => parseUser(user),
        (error: Error) => error instanceof TypeError && !error.message.includes('opensesame'),
      );
    }
  });

  it('are refused when two have one name', () => {
    assert.throws(() => parseUsers([`ann:${HASH}`, `ann:${HASH}`]), /duplicate user "ann"/);
  });
});
