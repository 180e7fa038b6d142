import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AcmeOptions, resolveAcme } from '../../src/acme/options.ts';

const names = ['Example.com'];

test('acme: defaults, and what is read', () => {
  const { directory, challenges, keyType, renews, folder, names: read } = resolveAcme({ names });
  assert.equal(directory, 'https://acme-v02.api.letsencrypt.org/directory');
  assert.deepEqual(
    [challenges, keyType, renews, read],
    [['http-01', 'tls-alpn-01'], 'ecdsa', true, ['example.com']],
  );
  assert.match(folder, /serval.acme$/);
  assert.match(resolveAcme({ names, directory: 'letsencrypt-staging' }).directory, /staging/);
  assert.equal(resolveAcme({ names, directory: 'https://ca.test/dir' }).directory, 'https://ca.test/dir');
});

const wrong: readonly [unknown, RegExp][] = [
  [undefined, /^options: expected an object/],
  [{ names, nmaes: [] }, /^options\.nmaes: there is no such option/],
  [{}, /^options\.names: expected an array of host names/],
  [{ names: [] }, /^options\.names: expected an array/],
  [{ names: ['a b'] }, /^options\.names: expected a host name such as example\.com, got "a b"/],
  [{ names: ['127.0.0.1'] }, /^options\.names: expected a host name/],
  [
    { names: ['*.example.com'] },
    /^options\.names: expected a host name without wildcard, got "\*\.example\.com"; it/,
  ],
  [{ names: Array.from({ length: 101 }, (_, n) => `a${n}.test`) }, /^options\.names: expected at most 100/],
  [{ names, email: 'ann' }, /^options\.email: expected an address/],
  [
    { names, directory: 'http://ca.test' },
    /^options\.directory: expected letsencrypt, letsencrypt-staging, or an https/,
  ],
  [
    { names, challenges: ['dns-01'] },
    /^options\.challenges: expected an array of one or more of http-01, tls-alpn-01/,
  ],
  [{ names, keyType: 'dsa' }, /^options\.keyType: expected one of "ecdsa", "rsa"/],
  [{ names, renews: 1 }, /^options\.renews: expected a boolean/],
  [{ names, onError: 1 }, /^options\.onError: expected a function/],
];
for (const [options, message] of wrong)
  test(`acme: ${message}`, () => assert.throws(() => resolveAcme(options as AcmeOptions), { message }));
