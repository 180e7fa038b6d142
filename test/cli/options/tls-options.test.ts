import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parseArguments, type ServeCommand, UsageError } from '../../../src/cli/arguments.ts';

const parsed = (...words: string[]) => parseArguments(words, {}) as ServeCommand;

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
    assert.equal(parsed('--no-tls').encryption, 'none');
    assert.equal(parsed('--hsts', '300').hsts, 300);
    assert.deepEqual(parseArguments(['trust']), { command: 'trust', installs: false });
    assert.deepEqual(parseArguments(['trust', '--install']), { command: 'trust', installs: true });
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['--tls --acme a.test', /^--tls: cannot be combined with --acme$/],
    ['--cert c.pem', /^--cert: requires --key/],
    ['--acme-email a@b.test', /^--acme-email: requires --acme/],
    ['--key k.pem', /^--key: requires --cert/],
    ['--hsts forever', /^--hsts: expected a number of seconds such as 31536000, got "forever"$/],
    ['--tls --redirect-http x', /^--redirect-http: expected an integer from 0 to 65535, got "x"/],
    ['--tls --redirect-http 70000', /^--redirect-http: .* got "70000"/],
    ['--tls --redirect-http 80 --unix x', /^--redirect-http: cannot be combined with --unix$/],
    ['dist --install', /^unknown option "--install"/],
    ['trust dist', /"trust" takes no arguments, got "dist"/],
  ];
  for (const [words, message] of wrong)
    test(words, () =>
      assert.throws(
        () => parseArguments(words.split(' '), {}),
        (error) => error instanceof UsageError && message.test(error.message),
      ),
    );
});
