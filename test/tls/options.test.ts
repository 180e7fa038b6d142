import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readIdentity } from '../../src/tls/identity.ts';
import { resolveTls, type TlsOptions } from '../../src/tls/options.ts';
import { certificateAuthority } from '../support/certificates.ts';

const authority = certificateAuthority();
const ecdsa = authority.issue(['a.test', '*.b.test', '127.0.0.1', '::1']);
const rsa = authority.issue(['a.test'], { type: 'rsa' });
const encrypted = authority.issue(['c.test'], { passphrase: 'secret words' });
const { cert, key } = ecdsa;
const NOW = Date.now();

const resolve = (options: unknown) => resolveTls(options as TlsOptions, NOW);

/** The messages name the option, say what is expected, and show nothing of a key. */
function refused(options: unknown, expected: RegExp): void {
  assert.throws(
    () => resolve(options),
    (error: Error) => {
      assert.match(error.message, expected);
      assert.doesNotMatch(error.message, /PRIVATE KEY-----\s*\w/);
      return error instanceof TypeError || error instanceof RangeError;
    },
  );
}

describe('options.tls: what is taken', () => {
  test('PEM text, its bytes, and arrays for several types of key in any order', () => {
    assert.equal(resolve({ cert, key }).identity?.subject, 'CN=a.test');
    assert.ok(resolve({ cert: Buffer.from(cert), key: new Uint8Array(Buffer.from(key)) }).identity);
    const both = resolve({ cert: [cert, rsa.cert], key: [rsa.key, key] }).identity!;
    assert.equal(both.certificates.length, 2);
    assert.ok(resolve({ cert: encrypted.cert, key: encrypted.key, passphrase: 'secret words' }).identity);
    assert.ok(resolve({ cert: cert + authority.cert, key }).identity, 'a chain');
  });

  test('names alone, or a callback', () => {
    const { named, identity } = resolve({ sni: { 'A.test': { cert, key }, '*.b.test': { cert, key } } });
    assert.equal(identity, undefined);
    assert.ok(named.get('a.test') && named.get('x.b.test'));
    const callback = () => null;
    assert.equal(resolve({ sni: callback }).callback, callback);
  });

  test('defaults', () => {
    const { minVersion, requestCert, alpn, ca } = resolve({ cert, key });
    assert.deepEqual(
      { minVersion, requestCert, ca },
      { minVersion: 'TLSv1.2', requestCert: false, ca: undefined },
    );
    assert.ok(alpn.includes('http/1.1'));
  });
});

describe('options.tls: what is refused, at once and by name', () => {
  const rows: readonly [string, unknown, RegExp][] = [
    ['nothing', null, /^options\.tls: expected an object, got null/],
    ['no certificate', {}, /^options\.tls: expected cert and key, or sni, got neither/],
    ['an unknown member', { cert, key, cret: cert }, /^options\.tls\.cret: there is no such option/],
    [
      'a certificate alone',
      { cert },
      /^options\.tls\.key: expected PEM text, because there is options\.tls\.cert/,
    ],
    ['a key alone', { key, sni: {} }, /^options\.tls\.cert: expected PEM text/],
    [
      'the name of a file',
      { cert: 'cert.pem', key },
      /^options\.tls\.cert: expected PEM text.*name of a file/,
    ],
    ['a number', { cert: 7, key }, /^options\.tls\.cert: expected PEM text, its bytes, or an array, got 7/],
    ['an empty array', { cert: [], key }, /^options\.tls\.cert: expected PEM text/],
    [
      'a broken certificate',
      { cert: cert.replace(/M/g, '!'), key },
      /^options\.tls\.cert: expected a certificate/,
    ],
    ['a broken key', { cert, key: key.replace(/M/g, '!') }, /^options\.tls\.key: expected a private key/],
    [
      'a key in the place of the certificate',
      { cert: key, key },
      /^options\.tls\.cert: expected a certificate/,
    ],
    ['another key', { cert, key: rsa.key }, /^options\.tls\.key: expected the private key of CN=a\.test/],
    [
      'one key too many',
      { cert, key: [key, rsa.key] },
      /^options\.tls\.cert: expected a certificate for each of the 2/,
    ],
    [
      'no passphrase',
      { cert: encrypted.cert, key: encrypted.key },
      /^options\.tls\.passphrase: expected the passphrase/,
    ],
    [
      'another passphrase',
      { cert: encrypted.cert, key: encrypted.key, passphrase: 'x' },
      /^options\.tls\.passphrase: expected the passphrase of options\.tls\.key, got another one/,
    ],
    [
      'a name that is none',
      { sni: { 'a b': { cert, key } } },
      /^options\.tls\.sni\["a b"\]: expected a name/,
    ],
    [
      'a name without a key',
      { sni: { 'a.test': { cert } } },
      /^options\.tls\.sni\["a\.test"\]\.key: expected PEM/,
    ],
    ['sni that is neither', { sni: 'a.test' }, /^options\.tls\.sni: expected an object or a function/],
    [
      'requestCert',
      { cert, key, requestCert: 'yes' },
      /^options\.tls\.requestCert: expected one of true, false/,
    ],
    [
      'minVersion',
      { cert, key, minVersion: 'TLSv1.1' },
      /^options\.tls\.minVersion: expected one of "TLSv1\.2"/,
    ],
    ['ca', { cert, key, ca: 'ca.pem' }, /^options\.tls\.ca: expected PEM text/],
    ['a broken ca', { cert, key, ca: cert.replace(/M/g, '!') }, /^options\.tls\.ca: expected a certificate/],
    ['alpn', { cert, key, alpn: ['spdy/3'] }, /^options\.tls\.alpn: expected an array.*got "spdy\/3"/],
    ['ciphers', { cert, key, ciphers: 'NONE' }, /^options\.tls\.ciphers: expected a list of suites/],
    [
      'ciphers of Appendix A alone',
      { cert, key, ciphers: 'AES128-SHA' },
      /^options\.tls\.ciphers: expected a list/,
    ],
  ];
  for (const [what, options, expected] of rows) test(what, () => refused(options, expected));

  test('a certificate that has expired, or is not valid yet', () => {
    const expired = authority.issue(['old.test'], { days: -1 });
    refused(expired, /^options\.tls\.certFile/);
    refused(
      { cert: expired.cert, key: expired.key },
      /^options\.tls\.cert: expected a certificate that is valid now, got CN=old\.test, which expired on \d{4}-\d\d-\d\dT/,
    );
    assert.throws(() => resolveTls({ cert, key }, NOW - 86_400_000), /which is not valid before \d{4}-/);
    assert.throws(
      () => resolveTls({ sni: { 'a.test': { cert, key } } }, NOW + 31 * 86_400_000),
      /which expired on/,
    );
  });
});

test('a certificate covers its names and addresses; a common name is none (RFC 9525 §2)', () => {
  const identity = readIdentity('options.tls', { cert, key }, NOW);
  for (const host of ['a.test', 'A.test', 'x.b.test', '127.0.0.1', '::1'])
    assert.ok(identity.covers(host), host);
  for (const host of ['b.test', 'x.y.b.test', '127.0.0.2', 'test']) assert.ok(!identity.covers(host), host);
  const two = readIdentity('options.tls', { cert: [cert, rsa.cert], key: [key, rsa.key] }, NOW);
  assert.ok(two.covers('a.test') && !two.covers('x.b.test'), 'a client may get either');
});
