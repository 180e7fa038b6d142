import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { AccountKey } from '../../src/acme/account-key.ts';

const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());
const URL_ = 'https://ca.test/new';

test('RFC 8555 §6.2: a message is signed with ES256, and says nonce, URL and either key or account', () => {
  const key = new AccountKey();
  const message = key.sign(URL_, 'n1', undefined, { a: 1 });
  assert.deepEqual(decode(message.protected), { alg: 'ES256', nonce: 'n1', url: URL_, jwk: key.jwk });
  assert.deepEqual(decode(message.payload), { a: 1 });
  const verified = verify(
    'sha256',
    Buffer.from(`${message.protected}.${message.payload}`),
    { key: createPublicKey({ key: { ...key.jwk }, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(message.signature, 'base64url'),
  );
  assert.ok(verified);
  assert.deepEqual(
    decode(key.sign(URL_, 'n2', 'https://ca.test/acct/1', {}).protected).kid,
    'https://ca.test/acct/1',
  );
  assert.equal(key.sign(URL_, 'n3', 'kid', undefined).payload, '', 'POST-as-GET (§6.3)');
});

test('a key survives its PEM, and the answer to a challenge is token and thumbprint (§8.1)', () => {
  const key = new AccountKey();
  const same = new AccountKey(key.pem);
  assert.deepEqual(same.jwk, key.jwk);
  assert.match(key.authorizationFor('token'), /^token\.[\w-]{43}$/);
  assert.equal(same.authorizationFor('token'), key.authorizationFor('token'));
});

test('RFC 8555 §7.3.4: an external account binds the key by HMAC', () => {
  const key = new AccountKey();
  const hmacKey = Buffer.from('secret').toString('base64url');
  const message = key.bind(URL_, { kid: 'customer', hmacKey });
  assert.deepEqual(decode(message.protected), { alg: 'HS256', kid: 'customer', url: URL_ });
  assert.deepEqual(decode(message.payload), key.jwk);
  const expected = createHmac('sha256', 'secret').update(`${message.protected}.${message.payload}`);
  assert.equal(message.signature, expected.digest('base64url'));
});
