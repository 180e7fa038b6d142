import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { test } from 'node:test';
import tls, { type TLSSocket, type TlsOptions } from 'node:tls';
import { Client } from '../../src/client/client.ts';
import { reasonFor } from '../../src/client/connection/tls-errors.ts';
import type { WireConnection } from '../../src/client/connection/wire-observer.ts';
import type { ClientOptions } from '../../src/client/options.ts';
import type { ClientTlsOptions } from '../../src/client/tls-options.ts';
import { Deferred } from '../../src/io/deferred.ts';
import { CertificateAuthority, certificateAuthority } from '../support/certificates.ts';
import { rawServer } from './raw-server.ts';

const authority = certificateAuthority();
const good = authority.issue(['localhost', '127.0.0.1', '*.wild.test']);
const { cert: ca } = authority;

interface SecureServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Those that have completed their handshake. */
  readonly sockets: TLSSocket[];
}

/** Answers each request with the path that it asked for and the length of its content. */
async function secureServer(options: TlsOptions = good): Promise<SecureServer> {
  const sockets: TLSSocket[] = [];
  const server = tls.createServer({ ALPNProtocols: ['http/1.1'], ...options }, (socket) => {
    sockets.push(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (octets) => {
      text += octets.toString('latin1');
      const end = text.indexOf('\r\n\r\n') + 4;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end < 4 || text.length < end + length) return;
      const content = `${text.split(' ')[1]} ${length}`;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n${content}`);
      text = '';
    });
  });
  const open = new Set<net.Socket>();
  server.on('connection', (socket) => open.add(socket));
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    url: `https://localhost:${port}`,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** All names lead to this machine. */
const lookup: ClientOptions['lookup'] = (_name, _options, callback) => callback(null, '127.0.0.1', 4);

const clientOf = (options: ClientTlsOptions = { ca }, more: ClientOptions = {}): Client =>
  new Client({ lookup, tls: options, ...more });

async function refusalOf(url: string, options?: ClientTlsOptions, more?: ClientOptions) {
  await using client = clientOf(options, more);
  return client.fetch(url).then(
    () => assert.fail('it is answered'),
    (error: Error & { code?: string }) => error,
  );
}

test('RFC 9110 §4.2.2: an https URL is requested over TLS, and its connection is kept', async () => {
  await using server = await secureServer();
  await using client = clientOf();
  const body = 'x'.repeat(300_000);
  for (const [path, init, expected] of [
    ['/a', {}, '/a 0'],
    ['/b', { method: 'POST', body }, '/b 300000'],
    ['/c', {}, '/c 0'],
  ] as const)
    assert.equal(await (await client.fetch(`${server.url}${path}`, init)).text(), expected);
  assert.equal(server.sockets.length, 1);
  assert.deepEqual(
    [server.sockets[0]!.alpnProtocol, (server.sockets[0] as { servername?: string }).servername],
    ['http/1.1', 'localhost'],
  );
});

test('RFC 9110 §4.2.2: http and https URLs of one host and port share no connection', async () => {
  await using server = await secureServer();
  await using client = clientOf();
  await (await client.fetch(`${server.url}/a`)).text();
  await assert.rejects(client.fetch(server.url.replace('https', 'http')), {
    code: 'ERR_HTTP_CONNECTION_RESET',
  });
});

test('RFC 9525 §6: the certificate has to cover the host, a name or an address', async () => {
  await using server = await secureServer();
  for (const host of ['localhost', '127.0.0.1', 'a.wild.test', 'localhost.']) {
    await using client = clientOf();
    assert.equal(await (await client.fetch(`https://${host}:${server.port}/`)).text(), '/ 0', host);
  }
  for (const host of ['other.test', 'a.b.wild.test', 'wild.test']) {
    const { code, message } = await refusalOf(`https://${host}:${server.port}/`);
    assert.equal(code, 'ERR_HTTP_TLS_CERTIFICATE');
    assert.equal(
      message,
      `The certificate of ${host} is for localhost, 127.0.0.1, *.wild.test, not for ${host} (ERR_TLS_CERT_ALTNAME_INVALID)`,
    );
  }
  await using client = clientOf({ ca, servername: 'localhost' });
  assert.equal(await (await client.fetch(`https://other.test:${server.port}/`)).text(), '/ 0');
});

test('client: a certificate that is not trusted or has expired is refused with the reason', async () => {
  const expired = authority.issue(['localhost'], { days: -1 });
  const other = new CertificateAuthority('Another authority');
  const today = new Date().toISOString().slice(0, 4);
  const rows: [options: TlsOptions, tls: ClientTlsOptions, message: RegExp][] = [
    [good, {}, /was issued by "Test authority", which is not a trusted authority; tls\.ca/],
    [good, { ca: other.cert }, /was issued by "Test authority", which is not a trusted authority/],
    [
      expired,
      { ca },
      new RegExp(`^The certificate of localhost expired on (${today}|\\d{4})-\\d\\d-\\d\\d `),
    ],
  ];
  for (const [options, tlsOptions, message] of rows) {
    await using server = await secureServer(options);
    const error = await refusalOf(server.url, tlsOptions);
    assert.equal(error.code, 'ERR_HTTP_TLS_CERTIFICATE');
    assert.match(error.message, message);
    assert.equal(server.sockets.length > 0 ? server.sockets[0]!.bytesRead > 0 : true, true);
    await using client = clientOf({ rejectUnauthorized: false });
    assert.equal(await (await client.fetch(server.url)).text(), '/ 0');
  }
});

test('client: each reason for which a certificate is refused names the certificate, the name or the date', () => {
  const leaf = {
    subject: { CN: 'a.test' },
    issuer: { CN: 'Issuer' },
    subjectaltname: 'DNS:a.test, IP Address:127.0.0.1',
    valid_from: 'Jan  2 00:00:00 2030 GMT',
    valid_to: 'Mar  4 00:00:00 2030 GMT',
  };
  const authorityOf = (from: string, to: string) => ({
    ...leaf,
    subject: { O: 'Issuer' },
    valid_from: from,
    valid_to: to,
  });
  const reason = (code: string, now: string, issuer?: object): string =>
    reasonFor(code, { ...leaf, issuerCertificate: issuer } as never, 'b.test', Date.parse(now));
  assert.equal(reason('CERT_HAS_EXPIRED', '2031-01-01'), 'expired on 2030-03-04');
  assert.equal(reason('CERT_NOT_YET_VALID', '2029-01-01'), 'is not valid before 2030-01-02');
  const old = authorityOf('Jan  1 00:00:00 2020 GMT', 'Jan  1 00:00:00 2021 GMT');
  assert.equal(
    reason('CERT_HAS_EXPIRED', '2030-02-01', old),
    'was issued by "Issuer", whose certificate expired on 2021-01-01',
  );
  const young = authorityOf('Jan  1 00:00:00 2040 GMT', 'Jan  1 00:00:00 2041 GMT');
  assert.equal(
    reason('CERT_NOT_YET_VALID', '2030-02-01', young),
    'was issued by "Issuer", whose certificate is not valid before 2040-01-01',
  );
  assert.equal(
    reason('ERR_TLS_CERT_ALTNAME_INVALID', '2030-02-01'),
    'is for a.test, 127.0.0.1, not for b.test',
  );
  assert.match(reason('DEPTH_ZERO_SELF_SIGNED_CERT', '2030-02-01'), /^is self-signed/);
  assert.match(
    reason('UNABLE_TO_VERIFY_LEAF_SIGNATURE', '2030-02-01'),
    /^was issued by "Issuer", which is not/,
  );
  assert.equal(reason('CERT_REVOKED', '2030-02-01'), 'was refused');
});

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`RFC 8446 §2.2: the session of an earlier connection is continued: ${maxVersion}`, async () => {
    await using server = await secureServer({ ...good, maxVersion });
    await using client = clientOf();
    const seen: unknown[] = [];
    const onConnection = ({ security }: WireConnection): void => {
      const { protocol, isResumed, isVerified, alpnProtocol, certificate } = security!;
      seen.push([protocol, isResumed, isVerified, alpnProtocol, certificate?.subject]);
    };
    for (let i = 0; i < 3; i++) {
      const headers = { Connection: 'close' };
      await (await client.fetch(server.url, { headers, observer: { onConnection } })).text();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(
      seen,
      [false, true, true].map((isResumed) => [
        ...[maxVersion, isResumed, true, 'http/1.1', isResumed ? undefined : 'CN=localhost'],
      ]),
    );
  });
}

test('client: a session is continued only with a certificate that was verified', async () => {
  await using server = await secureServer();
  await using client = clientOf({ ca, servername: 'other.test' });
  for (let i = 0; i < 2; i++)
    await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_TLS_CERTIFICATE' });
});

test('client: its own certificate goes to servers that ask for one', async () => {
  await using server = await secureServer({ ...good, ca, requestCert: true, rejectUnauthorized: true });
  const { cert, key } = authority.issue(['ann'], { purpose: 'clientAuth', passphrase: 'secret' });
  await using client = clientOf({ ca, cert, key, passphrase: 'secret' });
  assert.equal(await (await client.fetch(server.url)).text(), '/ 0');
  assert.equal(server.sockets[0]!.getPeerCertificate().subject.CN, 'ann');
  const error = await refusalOf(server.url);
  assert.match(error.message, /certificate required/);
});

test('client: a handshake that fails says why', async () => {
  await using plain = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await using other = await secureServer({ ...good, ALPNProtocols: ['spdy/3'] });
  await using old = await secureServer({ ...good, maxVersion: 'TLSv1.2' });
  await using gone = await rawServer((socket) => socket.destroy());
  const rows: [port: number, tls: ClientTlsOptions, message: RegExp][] = [
    [plain.port, { ca }, /failed: the server does not speak TLS there; an http URL may be meant$/],
    [other.port, { ca }, /failed: the server speaks none of the protocols offered \(RFC 7301 §3\.2\)$/],
    [old.port, { ca, minVersion: 'TLSv1.3' }, /failed: .*protocol version/],
    [gone.port, { ca }, /failed: the server ended the connection$/],
  ];
  for (const [port, options, message] of rows) {
    const error = await refusalOf(`https://localhost:${port}/`, options);
    assert.equal(error.code, 'ERR_HTTP_TLS_HANDSHAKE', error.message);
    assert.match(error.message, /^The TLS handshake with localhost /);
    assert.match(error.message, message);
  }
});

test('client: a handshake that does not end meets the timeout of connecting', async () => {
  await using silent = await rawServer(() => {});
  const { code, message } = await refusalOf(
    `https://localhost:${silent.port}/`,
    { ca },
    { timeouts: { connect: 100 } },
  );
  assert.equal(code, 'ERR_HTTP_TIMEOUT');
  assert.match(message, /to localhost:\d+ was not established in time: no answer to the TLS handshake$/);
});

test('client: a connection can be given up in the middle of its handshake', async () => {
  const begun = new Deferred();
  await using silent = await rawServer(() => begun.resolve());
  await using client = clientOf();
  const answered = client.fetch(`https://localhost:${silent.port}/`).catch((error: Error) => error.name);
  await begun.promise;
  await client.destroy(new RangeError('enough'));
  assert.equal(await answered, 'RangeError');
  assert.equal(client.connections, 0);
});

test('RFC 9110 §15.4: a redirect leads from http to https', async () => {
  await using server = await secureServer();
  const head = `HTTP/1.1 301 Moved\r\nLocation: ${server.url}/there\r\nContent-Length: 0\r\n\r\n`;
  await using plain = await rawServer((socket) => void socket.write(head));
  await using client = clientOf();
  const response = await client.fetch(plain.url);
  assert.deepEqual([response.url, await response.text()], [`${server.url}/there`, '/there 0']);
});

test('client options: tls is checked when the client is made', () => {
  const rows: [options: unknown, message: RegExp][] = [
    [5, /^options\.tls: expected an object, got 5$/],
    [{ cacert: ca }, /^options\.tls\.cacert: there is no such option$/],
    [{ ca: 'ca.pem' }, /^options\.tls\.ca: expected PEM text, got no line/],
    [
      { ca: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' },
      /^options\.tls\.ca: expected a certificate/,
    ],
    [{ cert: good.cert, key: authority.issue(['b']).key }, /^options\.tls\.key: expected the private key of/],
    [{ cert: good.cert }, /^options\.tls\.key: expected PEM text/],
    [{ servername: 1 }, /^options\.tls\.servername: expected a string, got 1$/],
    [{ rejectUnauthorized: 0 }, /^options\.tls\.rejectUnauthorized: expected a boolean, got 0$/],
    [
      { minVersion: 'TLSv1.1' },
      /^options\.tls\.minVersion: expected one of "TLSv1\.2", "TLSv1\.3", got "TLSv1\.1"$/,
    ],
  ];
  for (const [options, message] of rows)
    assert.throws(() => clientOf(options as ClientTlsOptions), { message });
});
