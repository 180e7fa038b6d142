import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { configFolder } from '../../../src/io/config-folder.ts';
import { developmentCertificate } from '../../../src/tls/development/development-certificate.ts';
import { localNames } from '../../../src/tls/development/local-names.ts';
import { readIdentity } from '../../../src/tls/identity.ts';

const root = mkdtempSync(join(tmpdir(), 'serval-development-'));
after(() => rmSync(root, { recursive: true, force: true }));
const names = ['localhost', '127.0.0.1', '::1', 'box.local'];
const DAY = 86_400_000;
const NOW = Date.now();

let count = 0;
const newFolder = (): string => join(root, String(++count), 'serval');
const text = (file: string): string => readFileSync(file, 'utf8');

describe('development certificate', () => {
  test('an authority and a certificate of it, for the names, and for their owner alone', async () => {
    const folder = newFolder();
    const made = await developmentCertificate({ folder, names });
    const authority = new X509Certificate(text(made.authorityFile));
    const certificate = new X509Certificate(text(made.certFile));
    assert.ok(authority.ca && authority.checkIssued(authority) && authority.verify(authority.publicKey));
    assert.ok(
      !certificate.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
    );
    const identity = readIdentity('certificate', { cert: text(made.certFile), key: text(made.keyFile) }, NOW);
    for (const host of ['localhost', '127.0.0.1', '::1', 'box.local']) assert.ok(identity.covers(host), host);
    assert.ok(Date.parse(certificate.validTo) - NOW < 398 * DAY, 'browsers take no longer ones');
    assert.ok(Date.parse(certificate.validFrom) < NOW);
    assert.equal(made.fingerprint, authority.fingerprint256);
    assert.equal(made.isNewAuthority, true);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    for (const file of ['authority.pem', 'authority.key', 'certificate.pem', 'certificate.key'])
      assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
  });

  test('both are kept; the certificate is made anew for other names, and before it expires', async () => {
    const folder = newFolder();
    const first = await developmentCertificate({ folder, names });
    const cert = text(first.certFile);
    const again = await developmentCertificate({ folder, names });
    assert.deepEqual(
      [again.fingerprint, text(again.certFile), again.isNewAuthority],
      [first.fingerprint, cert, false],
    );
    await developmentCertificate({ folder, names: names.slice(1) });
    assert.equal(text(first.certFile), cert, 'it has more than is needed');
    const more = await developmentCertificate({ folder, names: [...names, '192.0.2.7'] });
    assert.equal(more.fingerprint, first.fingerprint);
    const wider = text(first.certFile);
    assert.notEqual(wider, cert);
    await developmentCertificate({ folder, names, now: NOW + 364 * DAY });
    assert.equal(text(first.certFile), wider);
    const later = await developmentCertificate({ folder, names, now: NOW + 367 * DAY });
    assert.notEqual(text(first.certFile), wider);
    assert.equal(later.fingerprint, first.fingerprint);
  });

  test('processes that make it at once end with one authority and a certificate of it', async () => {
    const folder = newFolder();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => developmentCertificate({ folder, names })),
    );
    assert.equal(new Set(made.map(({ fingerprint }) => fingerprint)).size, 1);
    assert.equal(made.filter(({ isNewAuthority }) => isNewAuthority).length, 1);
    const { authorityFile, certFile } = made[0]!;
    const authority = new X509Certificate(text(authorityFile));
    assert.equal(authority.fingerprint256, made[0]!.fingerprint);
    assert.ok(new X509Certificate(text(certFile)).verify(authority.publicKey));
    assert.deepEqual(readdirSync(folder).sort(), [
      'authority.key',
      'authority.pem',
      'certificate.key',
      'certificate.pem',
    ]);
  });

  test('the lock of a process that has died does not stop the next one for long', async () => {
    const folder = newFolder();
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, 'lock');
    writeFileSync(lock, '1 dead');
    utimesSync(lock, new Date(), new Date(Date.now() - 16_000));
    const made = await developmentCertificate({ folder, names });
    assert.equal(made.isNewAuthority, true);
    assert.ok(!existsSync(lock));
  });

  test('what is broken, or belongs to another authority, is made anew', async () => {
    const folder = newFolder();
    const first = await developmentCertificate({ folder, names });
    writeFileSync(first.keyFile, 'broken');
    const second = await developmentCertificate({ folder, names });
    assert.equal(second.fingerprint, first.fingerprint);
    readIdentity('certificate', { cert: text(second.certFile), key: text(second.keyFile) }, NOW);
    rmSync(join(folder, 'authority.key'));
    const third = await developmentCertificate({ folder, names });
    assert.notEqual(third.fingerprint, first.fingerprint);
    assert.equal(third.isNewAuthority, true);
    const authority = new X509Certificate(text(third.authorityFile));
    assert.ok(new X509Certificate(text(third.certFile)).verify(authority.publicKey));
  });
});

test('the names of this machine: those of loopback, its own, and its addresses', () => {
  const found = localNames();
  assert.deepEqual(found.slice(0, 3), ['localhost', '127.0.0.1', '::1']);
  assert.equal(new Set(found).size, found.length);
  assert.ok(found.every((name) => name !== '' && !name.includes('%')));
});

test('the folder for configuration is where each system has it', () => {
  assert.equal(configFolder('linux', {}, '/home/ann'), '/home/ann/.config/serval');
  assert.equal(configFolder('linux', { XDG_CONFIG_HOME: '/x' }, '/home/ann'), '/x/serval');
  assert.equal(configFolder('darwin', {}, '/Users/ann'), '/Users/ann/Library/Application Support/serval');
  assert.ok(configFolder('win32', { APPDATA: 'C:\\Roaming' }, 'C:\\ann').endsWith('serval'));
});
