import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { certificateId, delayAfter, momentWithin, renewalTime } from '../../src/acme/renewal-time.ts';
import { certificateAuthority } from '../support/certificates.ts';

const MINUTE = 60_000;
const { cert } = certificateAuthority().issue(['a.test']);

test('a certificate is renewed after two thirds of its lifetime', () => {
  const { validFrom, validTo } = new X509Certificate(cert);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  assert.equal(renewalTime(cert), from + ((to - from) * 2) / 3);
});

test('RFC 9773 §4.2: within the window that the authority suggests', () => {
  const window = { start: 1_000, end: 3_000 };
  assert.deepEqual(
    [0, 0.5, 1].map((random) => momentWithin(window, random)),
    [1_000, 2_000, 3_000],
  );
});

test('after failures it takes longer each time, up to a bound, and never less than the authority wants', () => {
  const minutes = [1, 2, 3, 4, 5, 6, 50].map((failures) => delayAfter(failures, 0, 0) / MINUTE);
  assert.deepEqual(minutes, [2, 6, 18, 54, 162, 360, 360]);
  assert.equal(delayAfter(1, 3_600_000, 0), 3_600_000);
  assert.equal(delayAfter(1, 0, 1), 2.2 * MINUTE, 'with some chance');
});

test('RFC 9773 §4.1: the identifier is that of the issuer’s key, and the serial number as DER has it', () => {
  const { serialNumber } = new X509Certificate(cert);
  const [key, serial] = certificateId(Uint8Array.of(0x69, 0x88, 0x5b, 0x6b), cert).split('.');
  assert.equal(key, 'aYhbaw');
  const octets = Buffer.from(serial!, 'base64url');
  assert.equal(BigInt(`0x${octets.toString('hex')}`), BigInt(`0x${serialNumber}`));
  assert.ok(octets[0]! < 0x80);
});
