import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { CertificateAuthority, certificateAuthority } from './certificates.ts';

test('certificates: an issued one is signed by its authority, for the names, and valid now', () => {
  const authority = certificateAuthority();
  const root = new X509Certificate(authority.cert);
  for (const type of ['ecdsa', 'rsa'] as const) {
    const certificate = new X509Certificate(
      authority.issue(['a.test', '*.b.test', '127.0.0.1', '::1'], { type }).cert,
    );
    assert.ok(certificate.checkIssued(root) && certificate.verify(root.publicKey));
    assert.equal(certificate.checkHost('a.test'), 'a.test');
    assert.equal(certificate.checkHost('x.b.test'), '*.b.test');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.ok(Date.parse(certificate.validTo) > Date.now());
    assert.equal(certificate.publicKey.asymmetricKeyType, type === 'rsa' ? 'rsa' : 'ec');
  }
});

test('certificates: one can have expired, be a client’s, or come from another authority', () => {
  const authority = certificateAuthority();
  const expired = new X509Certificate(authority.issue(['a.test'], { days: -1 }).cert);
  assert.ok(Date.parse(expired.validTo) < Date.now());
  const client = new X509Certificate(authority.issue(['ann'], { purpose: 'clientAuth' }).cert);
  assert.match(client.subject, /CN=ann/);
  const other = new X509Certificate(new CertificateAuthority('Another').cert);
  assert.equal(client.verify(other.publicKey), false);
});
