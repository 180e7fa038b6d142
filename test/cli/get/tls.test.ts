/** `serval get` with https URLs. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { rawServer } from '../../client/raw-server.ts';
import { certificateAuthority } from '../../support/certificates.ts';
import { CommandLines, type Outcome } from '../command-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'serval-get-tls-'));
const authority = certificateAuthority();
const certificate = authority.issue(['localhost', '127.0.0.1']);
const server = tls.createServer(
  {
    ...certificate,
    ca: authority.cert,
    ALPNProtocols: ['http/1.1'],
    requestCert: true,
    rejectUnauthorized: false,
  },
  (socket) => {
    socket.on('error', () => {});
    socket.on('data', () => {
      const name = socket.getPeerCertificate().subject?.CN ?? 'no name';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`);
    });
  },
);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `https://localhost:${(server.address() as AddressInfo).port}/`;
const commandLines = new CommandLines({ NO_COLOR: '1' });

after(() => {
  commandLines.end();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (...words: string[]): Promise<Outcome> => commandLines.run(['get', ...words]);

test('serval get --cacert: a certificate is verified by the authorities in the file', async () => {
  assert.deepEqual(await get('--cacert', authority.certFile, base), {
    code: 0,
    stdout: 'no name',
    stderr: '',
  });
  const { code, stderr } = await get(base);
  assert.equal(code, 60);
  assert.match(
    stderr,
    /^serval: The certificate of localhost was issued by "Test authority", which is not a trusted/,
  );
  assert.match(stderr, /; --cacert can name it/);
});

test('serval get -k: any certificate will do, and -v says so', async () => {
  const { code, stdout, stderr } = await get('-k', '-v', base);
  assert.deepEqual([code, stdout], [0, 'no name']);
  assert.match(stderr, /^\* the certificate is NOT verified: CN=localhost/m);
});

test('serval get --cert --key: the client shows its certificate', async () => {
  const { certFile, keyFile } = authority.issue(['ann'], { purpose: 'clientAuth' });
  const { stdout } = await get('-k', '-E', certFile, '--key', keyFile, base);
  assert.equal(stdout, 'ann');
});

test('serval get -v: the handshake is shown, and is a step of the waterfall', async () => {
  const { stderr } = await get('-v', '--cacert', authority.certFile, base, base);
  for (const line of [
    /^\* TLSv1\.3, TLS_\w+, http\/1\.1 by ALPN \(RFC 7301\), a new session$/m,
    /^\* the certificate is verified \(RFC 9525\): CN=localhost, for DNS:localhost, IP Address:127\.0\.0\.1$/m,
    /^\* issued by CN=Test authority, valid until \w+ +\d+ [\d:]+ \d+ GMT$/m,
    /^\* look up +[\d.]+ ms/m,
    /^\* connect +[\d.]+ ms/m,
    /^\* handshake +[\d.]+ ms {2}.*[█▏▎▍▌▋▊▉]/m,
  ])
    assert.match(stderr, line);
  assert.equal(stderr.match(/^\* handshake/gm)?.length, 1);
});

test('serval get: what is wrong with TLS has the exit codes of curl', async () => {
  await using plain = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const noPem = join(folder, 'no.pem');
  writeFileSync(noPem, 'nothing');
  const rows: [code: number, stderr: RegExp, ...words: string[]][] = [
    [
      35,
      /the server does not speak TLS there; an http URL may be meant\.$/m,
      plain.url.replace('http', 'https'),
    ],
    [77, /^serval: ENOENT: .*nothing\.pem'\.$/m, '--cacert', join(folder, 'nothing.pem'), base],
    [77, /^serval: --cacert: expected PEM text/m, '--cacert', noPem, base],
    [
      77,
      /^serval: --key: expected the private key of/m,
      '--cert',
      certificate.certFile,
      '--key',
      authority.issue(['b']).keyFile,
      base,
    ],
    [2, /^serval: --cert and --key go together\.$/m, '--cert', certificate.certFile, base],
  ];
  for (const [code, stderr, ...words] of rows) {
    const outcome = await get(...words);
    assert.equal(outcome.code, code, outcome.stderr);
    assert.match(outcome.stderr, stderr);
  }
});
