import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { hashPassword, parsePasswordHash, verifyPassword } from '../../../src/site/access/password-hash.ts';

const SALT = Buffer.alloc(16, 7).toString('base64url');
const KEY = Buffer.alloc(32, 9).toString('base64url');

describe('a password hash', () => {
  it('is salted, says how it was made, and holds for its password alone', async () => {
    const [one, other] = await Promise.all([hashPassword('meow'), hashPassword('meow')]);
    assert.match(one, /^scrypt\.15\.8\.3\.[\w-]{22}\.[\w-]{43}$/);
    assert.notEqual(one, other);
    assert.equal(await verifyPassword('meow', parsePasswordHash(one)), true);
    assert.equal(await verifyPassword('Meow', parsePasswordHash(one)), false);
  });

  it('RFC 7914 §2: is scrypt with the parameters it names', async () => {
    const key = scryptSync('meow', Buffer.alloc(16, 7), 32, { N: 16_384, r: 4, p: 2 }).toString('base64url');
    const hash = parsePasswordHash(`scrypt.14.4.2.${SALT}.${key}`);
    assert.equal(await verifyPassword('meow', hash), true);
    assert.equal(await verifyPassword('', hash), false);
  });

  it('RFC 7617 §2.1: is the same for é in one character and in two', async () => {
    const hash = parsePasswordHash(await hashPassword('e\u0301'));
    assert.equal(await verifyPassword('\u00e9', hash), true);
  });

  it('RFC 7617 §2: is refused to passwords that are empty or have controls', async () => {
    for (const password of ['', 'a\nb', '\0', '\x7f'])
      await assert.rejects(hashPassword(password), TypeError);
  });

  const refused: Record<string, RegExp> = {
    secret: /not a hash/,
    '': /not a hash/,
    [`bcrypt.15.8.1.${SALT}.${KEY}`]: /not a hash/,
    [`scrypt.15.8.${SALT}.${KEY}`]: /not a hash/,
    [`scrypt.15.8.1.${SALT}.${KEY}.`]: /not a hash/,
    [`scrypt.15.8.1.${SALT}.${KEY}\n`]: /not a hash/,
    [`scrypt.13.8.1.${SALT}.${KEY}`]: /2\^13/,
    [`scrypt.21.8.1.${SALT}.${KEY}`]: /2\^21/,
    [`scrypt.15.0.1.${SALT}.${KEY}`]: /r=0/,
    [`scrypt.15.33.1.${SALT}.${KEY}`]: /r=33/,
    [`scrypt.15.8.0.${SALT}.${KEY}`]: /p=0/,
    [`scrypt.15.8.17.${SALT}.${KEY}`]: /p=17/,
    [`scrypt.19.8.1.${SALT}.${KEY}`]: /256 MiB/,
    [`scrypt.15.8.1.${Buffer.alloc(15).toString('base64url')}.${KEY}`]: /truncated/,
    [`scrypt.15.8.1.${Buffer.alloc(65).toString('base64url')}.${KEY}`]: /too long/,
    [`scrypt.15.8.1.${SALT}.${Buffer.alloc(31).toString('base64url')}`]: /truncated/,
    [`scrypt.15.8.1.${SALT}.${Buffer.alloc(33).toString('base64url')}`]: /too long/,
  };
  for (const [text, message] of Object.entries(refused)) {
    it(`is not ${JSON.stringify(text)}, which is not repeated`, () => {
      assert.throws(
        () => parsePasswordHash(text),
        (error: Error) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, message);
          assert.ok(text === '' || !error.message.includes(text));
          return true;
        },
      );
    });
  }

  it('may take all that is allowed', () => {
    for (const numbers of ['14.1.1', '18.8.16', '16.32.1', '20.2.1']) {
      assert.ok(parsePasswordHash(`scrypt.${numbers}.${Buffer.alloc(64).toString('base64url')}.${KEY}`));
    }
  });
});
