import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  type CertificateFiles,
  type CertificateFilesOptions,
  certificateFiles,
} from '../../src/tls/certificate-files.ts';
import { HandClock } from '../io/hand-clock.ts';
import { certificateAuthority } from '../support/certificates.ts';

const authority = certificateAuthority();
const folder = mkdtempSync(join(tmpdir(), 'serval-files-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const first = authority.issue(['a.test']);
const second = authority.issue(['a.test']);

class Clock extends HandClock {
  override date(): number {
    return Date.now();
  }
}

let count = 0;

/** Files of the first pair, and what is told about them. */
function watched(options: Partial<CertificateFilesOptions> = {}) {
  const cert = join(folder, `${++count}.pem`);
  const key = join(folder, `${count}.key`);
  writeFileSync(cert, first.cert);
  writeFileSync(key, first.key);
  const clock = new Clock();
  const told: string[] = [];
  const files = certificateFiles(
    {
      ...{ cert, key, interval: 1_000, ...options },
      onReload: () => told.push('reloaded'),
      onError: (error) => told.push(error.message),
    },
    clock,
  );
  let changes = 0;
  const stop = files.subscribe(() => changes++);
  return { cert, key, clock, told, files, stop, changes: () => changes };
}

const certOf = (files: CertificateFiles): unknown => (files.tls.cert as string[])[0];

test('certificate files: a pair that was replaced is taken up when it has stopped changing', () => {
  const { cert, key, clock, told, files, changes } = watched();
  assert.equal(certOf(files), first.cert);
  clock.pass(10_000);
  assert.deepEqual(told, []);
  writeFileSync(cert, second.cert);
  writeFileSync(key, second.key);
  clock.pass(1_000);
  assert.equal(certOf(files), first.cert, 'somebody may still be writing');
  clock.pass(1_000);
  assert.equal(certOf(files), second.cert);
  assert.deepEqual([told, changes()], [['reloaded'], 1]);
  clock.pass(10_000);
  assert.equal(changes(), 1);
});

test('certificate files: a pair that is broken is told about once, and the old one stays', () => {
  const { cert, key, clock, told, files, changes } = watched();
  writeFileSync(cert, second.cert);
  clock.pass(60_000);
  assert.equal(told.length, 1);
  assert.match(told[0]!, /^options\.key: expected the private key of CN=a\.test/);
  assert.deepEqual([certOf(files), changes()], [first.cert, 0]);
  writeFileSync(key, second.key);
  clock.pass(2_000);
  assert.deepEqual([certOf(files), changes(), told.length], [second.cert, 1, 2]);
  rmSync(key);
  clock.pass(60_000);
  assert.match(told[2]!, /^options\.key: can't read the file: ENOENT/);
  assert.deepEqual([certOf(files), changes(), told.length], [second.cert, 1, 3]);
});

test('certificate files: a symbolic link to a folder that is exchanged, as Kubernetes does it', () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  for (const [name, pair] of [
    [one, first],
    [two, second],
  ] as const) {
    writeFileSync(`${name}.pem`, pair.cert);
    writeFileSync(`${name}.key`, pair.key);
  }
  const link = join(folder, 'link');
  for (const end of ['.pem', '.key']) symlinkSync(one + end, link + end);
  const { clock, files } = watched({ cert: `${link}.pem`, key: `${link}.key` });
  for (const end of ['.pem', '.key']) {
    symlinkSync(two + end, `${link}.new`);
    renameSync(`${link}.new`, link + end);
  }
  clock.pass(2_000);
  assert.equal(certOf(files), second.cert);
});

test('certificate files: they are looked at only while somebody has subscribed, and reload reads them at once', () => {
  const { cert, key, clock, told, files, stop, changes } = watched();
  assert.equal(clock.timers, 1);
  writeFileSync(cert, second.cert);
  assert.equal(files.reload(), false);
  assert.equal(told.length, 1);
  writeFileSync(key, second.key);
  assert.equal(files.reload(), true);
  assert.deepEqual([certOf(files), changes()], [second.cert, 1]);
  clock.pass(10_000);
  assert.deepEqual([told.length, changes()], [2, 1], 'what was read is not read again');
  stop();
  assert.equal(clock.timers, 0);
  assert.equal(watched({ interval: 0 }).clock.timers, 0);
});

test('certificate files: names have files of their own; what is wrong at the start is thrown', () => {
  const { cert, key } = watched();
  const files = certificateFiles({
    sni: { 'a.test': { cert, key } },
    requestCert: 'optional',
    ca: authority.certFile,
  });
  assert.deepEqual(files.tls, {
    sni: { 'a.test': { cert: [first.cert], key: [first.key] } },
    ca: [authority.cert],
    requestCert: 'optional',
  });
  const rows: readonly [unknown, RegExp][] = [
    [{ cert: 'missing.pem', key }, /^options\.cert: can't read the file: ENOENT/],
    [{ cert, key: 7 }, /^options\.key: expected the name of a file, got 7/],
    [{ cert, key: second.keyFile }, /^options\.key: expected the private key/],
    [{ sni: { 'a.test': { cert, key: 'x' } } }, /^options\.sni\["a\.test"\]\.key: can't read the file/],
    [{ cert, key, interval: -1 }, /^options\.interval: expected an integer/],
    [{ cert, key, onError: 1 }, /^options\.onError: expected a function/],
  ];
  for (const [options, message] of rows)
    assert.throws(() => certificateFiles(options as CertificateFilesOptions), { message });
});
