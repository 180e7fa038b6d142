import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parseArguments, type ServeCommand, UsageError } from '../../../src/cli/arguments.ts';
import { tlsOf } from '../../../src/cli/serve/encryption.ts';
import { isTlsSource } from '../../../src/tls/source.ts';
import { certificateAuthority } from '../../support/certificates.ts';

const parsed = (...words: string[]) => parseArguments(words) as ServeCommand;

describe('options about HTTPS', () => {
  test('where the certificate comes from', () => {
    assert.equal(parsed('dist').encryption, undefined);
    assert.deepEqual(parsed('dist', '--tls').encryption, { kind: 'development' });
    const files = { kind: 'files', cert: resolve('c.pem'), key: resolve('k.pem') };
    assert.deepEqual(parsed('--cert', 'c.pem', '--key', 'k.pem').encryption, files);
    const acme = parsed(
      '--acme',
      'a.test',
      '--acme',
      'b.test',
      '--acme-email',
      'ann@a.test',
      '--acme-directory',
      'letsencrypt-staging',
    );
    const names = ['a.test', 'b.test'];
    const expected = { kind: 'acme', names, email: 'ann@a.test', directory: 'letsencrypt-staging' };
    assert.deepEqual(acme.encryption, expected);
    assert.equal(parsed('--tls', '--redirect-http', '80').redirectHttp, 80);
    assert.deepEqual(parseArguments(['trust']), { command: 'trust' });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['--tls --acme a.test', /comes from one place/],
    ['--cert c.pem', /--cert and --key belong together/],
    ['--acme-email a@b.test', /--acme-email is about --acme/],
    ['--redirect-http 80', /--redirect-http needs --tls/],
    ['--tls --redirect-http x', /is not a port/],
    ['--tls --redirect-http 70000', /is not a port/],
    ['trust dist', /"trust" takes nothing/],
  ];
  for (const [words, message] of wrong)
    test(words, () =>
      assert.throws(
        () => parseArguments(words.split(' ')),
        (error) => error instanceof UsageError && message.test(error.message),
      ),
    );

  test('files that can’t be used are told in one line', async () => {
    const { certFile, keyFile } = certificateAuthority().issue(['a.test']);
    const other = certificateAuthority().issue(['b.test']);
    assert.ok(isTlsSource(await tlsOf({ kind: 'files', cert: certFile, key: keyFile })));
    await assert.rejects(
      tlsOf({ kind: 'files', cert: certFile, key: other.keyFile }),
      /options\.key: expected the private/,
    );
    await assert.rejects(tlsOf({ kind: 'files', cert: 'missing.pem', key: keyFile }), /can't read the file/);
    await assert.rejects(tlsOf({ kind: 'acme', names: ['*.a.test'] }), /without wildcard/);
  });
});
