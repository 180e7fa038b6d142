import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tlsOf } from '../../../src/cli/serve/encryption.ts';
import { isTlsSource } from '../../../src/tls/source.ts';
import { certificateAuthority } from '../../support/certificates.ts';

describe('tlsOf', () => {
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
