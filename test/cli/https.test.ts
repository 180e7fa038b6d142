/** HTTPS on the command line: the members of serval.json, SIGHUP, and the certificate for development. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { certificateAuthority } from '../support/certificates.ts';
import { RawConnection } from '../support/raw-client.ts';
import { ServalProcess } from './serval-process.ts';

const authority = certificateAuthority();
const ca = authority.cert;

async function ask(port: number, trusted = ca): Promise<{ text: string; serial: string; issuer: string }> {
  const connection = await RawConnection.connect({ port, tls: { ca: trusted, servername: 'localhost' } });
  const certificate = (connection.socket as TLSSocket).getPeerX509Certificate()!;
  await connection.send('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const { text } = await connection.receiveAll();
  connection.close();
  return { text, serial: certificate.serialNumber, issuer: certificate.issuer };
}

const portOf = ({ stdout }: ServalProcess): number => Number(/https:\/\/[^/]+:(\d+)\//.exec(stdout)![1]);

// Two at a time: each is a process that starts.
describe('serval over HTTPS', { timeout: 60_000, concurrency: 2 }, () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-https-'));
    await writeFile(join(base, 'index.html'), 'home');
  });
  after(() => rm(base, { recursive: true }));

  it('serval.json names the files and hsts; SIGHUP reads them again, and a broken pair changes nothing', async () => {
    const folder = await mkdtemp(join(base, 'config-'));
    const put = async ({ certFile, keyFile }: { certFile: string; keyFile: string }) => {
      await copyFile(certFile, join(folder, 'cert.pem'));
      await copyFile(keyFile, join(folder, 'key.pem'));
    };
    const [first, second] = [authority.issue(['localhost']), authority.issue(['localhost'])];
    await put(first);
    const config = { root: base, cert: 'cert.pem', key: 'key.pem', hsts: 300 };
    await writeFile(join(folder, 'serval.json'), JSON.stringify(config));
    await using serval = await ServalProcess.serve(['--config', join(folder, 'serval.json')]);
    const port = portOf(serval);
    const serialOf = ({ cert }: { cert: string }) => new X509Certificate(cert).serialNumber;
    const before = await ask(port);
    assert.match(before.text, /^Strict-Transport-Security: max-age=300\r$/m);
    assert.equal(before.serial, serialOf(first));
    await put(second);
    serval.child.kill('SIGHUP');
    await serval.says(/The certificate was read again/);
    assert.equal((await ask(port)).serial, serialOf(second));
    await writeFile(join(folder, 'key.pem'), 'broken');
    serval.child.kill('SIGHUP');
    assert.match(await serval.complaint(), /the certificate was not replaced, the one before stays: .*key/);
    assert.equal((await ask(port)).serial, serialOf(second));
    serval.child.kill('SIGTERM');
    assert.equal(await serval.exit(), 0);
  });

  it('never serves a private key: neither that of --key, nor those in the configuration folder', async () => {
    const folder = await mkdtemp(join(base, 'keys-'));
    const { certFile, keyFile } = authority.issue(['localhost']);
    await copyFile(certFile, join(folder, 'cert.pem'));
    await copyFile(keyFile, join(folder, 'key.pem'));
    await mkdir(join(folder, 'config/serval'), { recursive: true });
    await writeFile(join(folder, 'config/serval/authority.key'), 'secret');
    const words = ['.', '--cert', 'cert.pem', '--key', 'key.pem', '--listing', '--upload', '--overwrite'];
    const env = { XDG_CONFIG_HOME: join(folder, 'config') };
    await using serval = await ServalProcess.serve(words, env, folder);
    const statusOf = async (target: string): Promise<string> => {
      const connection = await RawConnection.connect({
        port: portOf(serval),
        tls: { ca, servername: 'localhost' },
      });
      await connection.send(
        `${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      const { text } = await connection.receiveAll();
      connection.close();
      return text.slice(9, 12);
    };
    assert.equal(await statusOf('GET /cert.pem'), '200');
    for (const path of ['/key.pem', '/config/serval/authority.key', '/config/serval/'])
      assert.equal(await statusOf(`GET ${path}`), '404', path);
    assert.equal(await statusOf('PUT /key.pem'), '403');
  });

  it('--no-tls is plain HTTP, whatever serval.json says', async () => {
    const folder = await mkdtemp(join(base, 'config-'));
    const file = join(folder, 'serval.json');
    await writeFile(file, JSON.stringify({ root: base, tls: true, redirectHttp: 80 }));
    await using serval = await ServalProcess.serve(['--config', file, '--no-tls']);
    assert.equal(await (await fetch(serval.origin)).text(), 'home');
  });

  it('--tls twice at once, for the first time: one authority, which both certificates are of', async () => {
    const env = { XDG_CONFIG_HOME: await mkdtemp(join(base, 'user-')), HOME: base };
    const both = await Promise.all([1, 2].map(() => ServalProcess.serve([base, '--tls'], env)));
    const trusted = await readFile(join(env.XDG_CONFIG_HOME, 'serval/authority.pem'), 'utf8');
    const { fingerprint256 } = new X509Certificate(trusted);
    for (const serval of both) {
      assert.ok(serval.stdout.includes(fingerprint256), serval.stdout);
      const { text } = await ask(portOf(serval), trusted);
      assert.match(text, /home$/);
      assert.doesNotMatch(text, /^Strict-Transport-Security/m);
    }
    await Promise.all(both.map((serval) => serval[Symbol.asyncDispose]()));
  });
});
