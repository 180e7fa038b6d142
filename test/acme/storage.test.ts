import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { Storage } from '../../src/acme/storage.ts';
import { certificateAuthority } from '../support/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-storage-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const storage = new Storage(folder, 'https://ca.test:14000/dir', 'a.test');

test('a certificate and its key are one file, for its owner alone', async () => {
  const authority = certificateAuthority();
  const { cert, key } = authority.issue(['a.test']);
  assert.equal(await storage.certificate(), undefined);
  await storage.setCertificate(cert + authority.cert, key);
  assert.deepEqual(await storage.certificate(), { cert: cert + authority.cert, key });
  assert.equal(statSync(storage.certificateFile).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(storage.certificateFile)).mode & 0o777, 0o700);
});

test('an order is forgotten when its certificate is there, and what can’t be read counts as none', async () => {
  const order = { url: 'https://ca.test/o/1', key: 'k', request: 'r' };
  await storage.setOrder(order);
  assert.deepEqual(await storage.order(), order);
  await storage.setCertificate('', '');
  assert.equal(await storage.order(), undefined);
  assert.equal(await storage.certificate(), undefined);
  await storage.setOrder(order);
  writeFileSync(join(dirname(storage.certificateFile), 'order.json'), '{');
  assert.equal(await storage.order(), undefined);
  assert.deepEqual(await storage.state(), { failures: 0, nextAttempt: 0 });
});

test('answers to the authority: by token or name, and never from outside of their folder', async () => {
  await storage.put('http-01', 'a.test', 'tok-en_1', 'tok-en_1.x');
  await storage.put('tls-alpn-01', 'a.test', 'tok-en_1', 'tok-en_1.y');
  assert.equal(await storage.answerTo('http-01', 'tok-en_1'), 'tok-en_1.x');
  assert.equal(await storage.answerTo('tls-alpn-01', 'a.test'), 'tok-en_1.y');
  for (const id of ['../account.json', '..', '', 'a/b', 'other', '\0', 'a'.repeat(300)])
    assert.equal(await storage.answerTo('http-01', id), undefined, id);
  await storage.remove('http-01', 'a.test', 'tok-en_1');
  assert.equal(await storage.answerTo('http-01', 'tok-en_1'), undefined);
});

test('staging and production have nothing in common, and the rest of a killed process is swept', async () => {
  const staging = new Storage(folder, 'https://staging.ca.test/dir', 'a.test');
  await storage.setAccount({ key: 'one' });
  assert.equal(await staging.account(), undefined);
  const partial = `${storage.certificateFile}.0123456789ab`;
  writeFileSync(partial, 'half');
  await storage.sweepPartials();
  assert.ok(!existsSync(partial));
  assert.ok(readdirSync(dirname(storage.certificateFile)).includes('certificate.pem'));
});
