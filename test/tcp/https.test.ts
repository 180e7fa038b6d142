/** HTTPS against a server in a process of its own, so that the same tests run on Node, Bun and Deno. */
import assert from 'node:assert/strict';
import { connect as connectHttp2 } from 'node:http2';
import { after, before, describe, test } from 'node:test';
import { type ConnectionOptions, type SecureVersion, TLSSocket } from 'node:tls';
import { certificateAuthority } from '../support/certificates.ts';
import { RawConnection } from '../support/raw-client.ts';
import { RUNTIME_NAME, type ServerProcess, startServer } from '../support/server-process.ts';

const authority = certificateAuthority();
const [a, b] = [authority.issue(['a.test']), authority.issue(['b.test'])];
const ca = authority.cert;
const pairOf = ({ cert, key }: { cert: string; key: string }) => ({ cert, key });
const client = authority.issue(['ann'], { purpose: 'clientAuth' });
const CONTENT = 'x'.repeat(1_000_000);

describe('HTTPS', { timeout: 60_000 }, () => {
  let server: ServerProcess;
  let withClients: ServerProcess;
  before(async () => {
    const tls = { ...pairOf(a), sni: { 'b.test': pairOf(b) } };
    const timeouts = { handshake: 1_000 };
    const mutual = { ...pairOf(a), requestCert: true, ca };
    [server, withClients] = await Promise.all([
      startServer('routes', { serve: { tls, timeouts } }),
      startServer('routes', { serve: { tls: mutual } }),
    ]);
  });
  after(async () => {
    assert.deepEqual([server.stderr(), withClients.stderr()], ['', '']);
    await Promise.all([server.stop(), withClients.stop()]);
  });

  async function open(to: ServerProcess, options: ConnectionOptions = {}): Promise<RawConnection> {
    return RawConnection.connect({ port: to.port, tls: { ca, servername: 'a.test', ...options } });
  }

  async function ask(to: ServerProcess, options?: ConnectionOptions, path = '/tls') {
    const connection = await open(to, options);
    const { socket } = connection;
    assert.ok(socket instanceof TLSSocket);
    // TLS 1.2 has it in the handshake, TLS 1.3 sends it afterwards.
    let session = socket.getProtocol() === 'TLSv1.2' ? socket.getSession() : undefined;
    socket.on('session', (given) => {
      session = given;
    });
    const facts = { version: socket.getProtocol(), isResumed: socket.isSessionReused() };
    const subject = socket.getPeerCertificate().subject?.CN;
    await connection.send(`GET ${path} HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n`);
    const { text } = await connection.receiveAll();
    connection.close();
    return { ...facts, subject, session, content: text.split('\r\n\r\n')[1] };
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as SecureVersion[]) {
    const only = { minVersion: version, maxVersion: version };

    test(`${version}: the handler knows the connection; the certificate is chosen by name`, async () => {
      const first = await ask(server, { ...only, ALPNProtocols: ['http/1.1'] });
      assert.deepEqual([first.version, first.subject], [version, 'a.test']);
      assert.equal(first.content, '[true,"http/1.1","a.test",null]');
      const other = await ask(server, { ...only, servername: 'b.test' });
      assert.deepEqual([other.subject, other.content], ['b.test', '[true,"http/1.1","b.test",null]']);
      assert.equal((await ask(server, only, '/url')).content, 'https://a.test/url');
    });

    test(`${version}: a session is resumed`, async () => {
      const { session } = await ask(server, only);
      assert.ok(session);
      assert.equal((await ask(server, { ...only, session })).isResumed, true);
    });

    test(`${version}: a client certificate is required`, async () => {
      const known = await ask(withClients, { ...only, ...pairOf(client) });
      assert.equal(known.content, '[true,"http/1.1","a.test","CN=ann"]');
      const nobody = await ask(withClients, only).catch(() => ({ content: undefined }));
      assert.equal(nobody.content, undefined);
    });
  }

  test('HTTP/2 by ALPN', async () => {
    const session = connectHttp2(`https://127.0.0.1:${server.port}`, { ca, servername: 'a.test' });
    const content = await new Promise<string>((resolve, reject) => {
      session.on('error', reject);
      let text = '';
      session
        .request({ ':path': '/tls', ':authority': 'a.test' })
        .setEncoding('utf8')
        .on('data', (piece: string) => {
          text += piece;
        })
        .on('end', () => resolve(text));
    });
    session.destroy();
    assert.equal(content, '[true,"h2","a.test",null]');
  });

  test('a megabyte there and back', async () => {
    const connection = await open(server);
    await connection.send(`POST /echo HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${CONTENT.length}\r\n`);
    await connection.send(`Connection: close\r\n\r\n${CONTENT}`);
    const { text } = await connection.receiveAll();
    connection.close();
    assert.equal(text.split('\r\n\r\n')[1], CONTENT);
  });

  test('a plain request gets 400, garbage and half a hello nothing; the server goes on', async () => {
    const answerTo = async (octets: string): Promise<string> => {
      const connection = await RawConnection.connect({ port: server.port });
      await connection.send(Buffer.from(octets, 'latin1'));
      const { text } = await connection.receiveAll();
      connection.close();
      return text;
    };
    const [plain, garbage, half] = await Promise.all([
      answerTo('GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'),
      answerTo('\0\0\0'),
      answerTo('\x16\x03\x01\x02\0\x01'),
    ]);
    assert.match(plain, /^HTTP\/1\.1 400 [\s\S]*https:\/\/a\.test/);
    assert.deepEqual([garbage, half], ['', '']);
    assert.equal((await ask(server)).subject, 'a.test', RUNTIME_NAME);
  });
});
