import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import net from 'node:net';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { Response, type ServerContext, type ServerOptions, serve } from '../../../src/index.ts';
import type { TlsOptions } from '../../../src/tls/options.ts';
import { CertificateAuthority, certificateAuthority, certificatePair } from '../../support/certificates.ts';
import { RawConnection } from '../../support/raw-client.ts';
import { clientHello, paddedTo, records, serverName } from '../../tls/client-hellos.ts';
import { type Running, until, withServer } from '../with-server.ts';

const authority = certificateAuthority();
const ca = authority.cert;
const [a, b, wild] = [certificatePair('a.test'), certificatePair('b.test'), certificatePair('*.b.test')];
const REQUEST = 'GET /path?q HTTP/1.1\r\nHost: a.test\r\n\r\n';
const asText = (ctx: ServerContext) => `${ctx.encrypted} ${ctx.alpnProtocol} ${ctx.serverName}`;
const facts = (_request: Request, ctx: ServerContext) => new Response(asText(ctx));

const overTls = (
  handler: (request: Request, ctx: ServerContext) => Response | Promise<Response>,
  options: TlsOptions,
  use: (running: Running) => Promise<void>,
  more: ServerOptions = {},
) => withServer(handler, use, { tls: options, ...more });

/** What one request is answered over a connection of its own, and that connection. */
async function askOver({ connect }: Running, options: tls.ConnectionOptions, message = REQUEST) {
  const connection = await connect({ ca, rejectUnauthorized: true, ...options });
  await connection.send(message);
  const [answer] = await connection.receiveResponses(['GET']);
  const socket = connection.socket as tls.TLSSocket;
  return { text: answer!.text, status: answer!.status, socket, connection };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );

/** What is told on a channel while `use` runs. */
async function told(channel: string, use: () => Promise<void>): Promise<Record<string, unknown>[]> {
  const messages: Record<string, unknown>[] = [];
  const listener = (message: unknown) => messages.push(message as Record<string, unknown>);
  subscribe(channel, listener);
  try {
    await use();
  } finally {
    unsubscribe(channel, listener);
  }
  return messages;
}

describe('TLS: what a handler sees', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${version}: encrypted, the protocol, the server name, and an https URL`, () =>
      overTls(
        (request, ctx) => new Response(`${asText(ctx)} ${request.url} ${ctx.request.url}`),
        { ...a },
        async (running) => {
          const versions = { minVersion: version, maxVersion: version } as const;
          const { text, socket } = await askOver(running, {
            servername: 'A.test',
            ALPNProtocols: ['http/1.1'],
            ...versions,
          });
          const url = 'https://a.test/path?q';
          assert.equal(text, `true http/1.1 a.test ${url} ${url}`);
          assert.deepEqual([socket.getProtocol(), socket.alpnProtocol], [version, 'http/1.1']);
          const { handshakesFinished, handshakesResumed, handshakesFailed } = running.server.counts;
          assert.deepEqual([handshakesFinished, handshakesResumed, handshakesFailed], [1, 0, 0]);
        },
      ));
  }

  test('a client without a name and without protocols', () =>
    overTls(facts, a, async (running) => {
      const { text } = await askOver(running, { servername: '', checkServerIdentity: () => undefined });
      assert.equal(text, 'true http/1.1 null');
    }));

  test('an http URL in absolute form is misdirected, an https URL is not (RFC 9110 §7.4)', () =>
    overTls(facts, a, async ({ ask }) => {
      assert.equal((await ask('GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n')).status, 421);
      assert.equal((await ask('GET https://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n')).status, 200);
    }));

  test('a handshake is told on a channel', () =>
    overTls(facts, a, async (running) => {
      const messages = await told('serval:tls:handshake', async () => {
        await askOver(running, { servername: 'a.test' });
      });
      const { remoteAddress, cipher, ...rest } = messages[0]!;
      assert.equal((remoteAddress as { address: string }).address, '127.0.0.1');
      assert.match(String(cipher), /^TLS_AES_128_GCM/);
      assert.deepEqual(rest, {
        serverName: 'a.test',
        alpnProtocol: 'http/1.1',
        protocol: 'TLSv1.3',
        resumed: false,
      });
    }));
});

describe('TLS: which certificate', () => {
  const subjectFor = async (running: Running, servername: string) => {
    const { socket } = await askOver(running, { servername, checkServerIdentity: () => undefined });
    return socket.getPeerX509Certificate()!.subject;
  };

  test('by name, by wildcard, and the unnamed one', () =>
    overTls(facts, { ...a, sni: { 'b.test': b, '*.b.test': wild } }, async (running) => {
      assert.equal(await subjectFor(running, 'b.test'), 'CN=b.test');
      assert.equal(await subjectFor(running, 'x.b.test'), 'CN=*.b.test');
      assert.equal(await subjectFor(running, 'other.test'), 'CN=a.test');
    }));

  test('by a callback that takes its time', async () => {
    const sni = async (name: string) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return name === 'b.test' ? b : null;
    };
    await overTls(facts, { ...a, sni }, async (running) => {
      assert.equal(await subjectFor(running, 'b.test'), 'CN=b.test');
      assert.equal(await subjectFor(running, 'other.test'), 'CN=a.test');
    });
  });

  test('a callback that fails ends the handshake with an alert, and is reported', () =>
    overTls(
      facts,
      { sni: () => Promise.reject(new Error('no vault')) },
      async ({ connect, faults, server }) => {
        const code = await codeOf(connect({ servername: 'a.test' }));
        assert.match(code, /ALERT_INTERNAL_ERROR/);
        assert.equal((faults[0]!.error as Error).message, 'no vault');
        assert.equal(server.counts.handshakesFailed, 1);
      },
    ));

  test('no certificate for the name: an alert says so (RFC 6066 §3)', () =>
    overTls(facts, { sni: { 'b.test': b } }, async ({ connect }) => {
      assert.match(await codeOf(connect({ servername: 'a.test' })), /UNRECOGNIZED_NAME/);
    }));

  test('ECDSA for clients that can, RSA for the others', async () => {
    const rsa = authority.issue(['a.test'], { type: 'rsa' });
    await overTls(facts, { cert: [a.cert, rsa.cert], key: [a.key, rsa.key] }, async (running) => {
      const typeFor = async (ciphers: string) => {
        const { socket } = await askOver(running, { servername: 'a.test', ciphers, maxVersion: 'TLSv1.2' });
        return socket.getPeerX509Certificate()!.publicKey.asymmetricKeyType;
      };
      assert.equal(await typeFor('ECDHE-ECDSA-AES128-GCM-SHA256'), 'ec');
      assert.equal(await typeFor('ECDHE-RSA-AES128-GCM-SHA256'), 'rsa');
    });
  });
});

describe('TLS: what is agreed on', () => {
  test('a protocol that is not offered ends the handshake (RFC 7301 §3.2)', () =>
    overTls(facts, a, async ({ connect, server }) => {
      assert.match(await codeOf(connect({ ALPNProtocols: ['spdy/3'] })), /NO_APPLICATION_PROTOCOL/);
      await until('it is counted', () => server.counts.handshakesFailed === 1);
    }));

  test('TLS 1.1, and the suites of RFC 9113 Appendix A', () =>
    overTls(facts, { ...a, ciphers: 'ALL' }, async ({ connect }) => {
      const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
      assert.match(await codeOf(connect(old)), /PROTOCOL_VERSION|NO_PROTOCOLS|UNSUPPORTED_PROTOCOL/);
      for (const ciphers of [
        'ECDHE-ECDSA-AES128-SHA',
        'ECDHE-ECDSA-AES128-SHA256',
        'AES128-SHA',
        'AES128-GCM-SHA256',
      ])
        assert.match(await codeOf(connect({ ciphers, maxVersion: 'TLSv1.2' })), /HANDSHAKE_FAILURE/, ciphers);
      await connect({ ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384', maxVersion: 'TLSv1.2' });
    }));

  test('minVersion TLSv1.3', () =>
    overTls(facts, { ...a, minVersion: 'TLSv1.3' }, async ({ connect }) => {
      assert.match(await codeOf(connect({ maxVersion: 'TLSv1.2' })), /PROTOCOL_VERSION/);
      await connect();
    }));

  test('a client can’t have the handshake repeated (RFC 9113 §9.2.1)', () =>
    overTls(facts, a, async (running) => {
      const { socket } = await askOver(running, { servername: 'a.test', maxVersion: 'TLSv1.2' });
      socket.on('error', () => {});
      const outcome = await new Promise((resolve) => {
        socket.renegotiate({}, (error) => resolve(error?.message ?? 'repeated'));
        socket.on('close', () => resolve('closed'));
        // Some versions of OpenSSL wait for an answer that never comes.
        setTimeout(resolve, 300, 'ignored');
      });
      assert.notEqual(outcome, 'repeated');
    }));
});

describe('TLS: client certificates', () => {
  const ann = authority.issue(['ann'], { purpose: 'clientAuth' });
  const eve = new CertificateAuthority('Elsewhere').issue(['eve'], { purpose: 'clientAuth' });
  const who = (_request: Request, ctx: ServerContext) =>
    new Response(`${ctx.peerCertificate?.subject ?? 'nobody'}`);
  const name = { servername: 'a.test' };

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${maxVersion}: required: one of the authority is served, none and another's are not`, () =>
      overTls(who, { ...a, ca, requestCert: true }, async (running) => {
        const { cert, key } = ann;
        assert.equal((await askOver(running, { ...name, cert, key, maxVersion })).text, 'CN=ann');
        const rejected = await told('serval:tls:rejected', async () => {
          await assert.rejects(askOver(running, { ...name, maxVersion }));
          await assert.rejects(askOver(running, { ...name, cert: eve.cert, key: eve.key, maxVersion }));
          await until('both are counted', () => running.server.counts.handshakesFailed === 2);
        });
        assert.deepEqual(
          rejected.map(({ reason, code }) => [reason, code]),
          [
            ['ClientCertificate', 'NO_CERTIFICATE'],
            ['ClientCertificate', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
          ],
        );
        assert.equal(running.server.counts.requestsStarted, 1);
      }));
  }

  test('optional: none is served as nobody, another authority’s is not served', () =>
    overTls(who, { ...a, ca, requestCert: 'optional' }, async (running) => {
      assert.equal((await askOver(running, name)).text, 'nobody');
      assert.equal((await askOver(running, { ...name, cert: ann.cert, key: ann.key })).text, 'CN=ann');
      await assert.rejects(askOver(running, { ...name, cert: eve.cert, key: eve.key }));
    }));

  test('not asked for: there is none', () =>
    overTls(who, { ...a }, async (running) => {
      assert.equal((await askOver(running, { ...name, cert: ann.cert, key: ann.key })).text, 'nobody');
    }));

  test('a resumed session knows the client; one without a certificate resumes no session that needs one', async () => {
    const both = async (requestCert: true | 'optional', use: (running: Running) => Promise<void>) =>
      overTls(who, { ...a, ca, requestCert }, use);
    let anonymous: Buffer | undefined;
    await both('optional', async (running) => {
      anonymous = await sessionOf(running, name);
      const session = await sessionOf(running, { ...name, cert: ann.cert, key: ann.key });
      const { text, socket } = await askOver(running, { ...name, session });
      assert.deepEqual([text, socket.isSessionReused()], ['CN=ann', true]);
    });
    await both(true, async (running) => {
      await assert.rejects(askOver(running, { ...name, session: anonymous! }));
    });
  });
});

/** A ticket of a connection that was used. */
async function sessionOf(running: Running, options: tls.ConnectionOptions): Promise<Buffer> {
  const { promise, resolve } = withResolvers<Buffer>();
  const connection = await running.connect({ ca, ...options });
  const socket = connection.socket as tls.TLSSocket;
  // Before TLS 1.3 it comes with the handshake, and afterwards behind it.
  if (socket.getProtocol() === 'TLSv1.2') resolve(socket.getSession()!);
  else socket.on('session', resolve);
  await connection.send(REQUEST);
  await connection.receiveResponses(['GET']);
  const session = await promise;
  connection.close();
  return session;
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

describe('TLS: resumption', () => {
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`${maxVersion}: with a ticket, at this listener and at another one of the process`, async () => {
      const options = { servername: 'a.test', maxVersion };
      let session: Buffer | undefined;
      await overTls(facts, a, async (running) => {
        session = await sessionOf(running, options);
        const { socket } = await askOver(running, { ...options, session });
        assert.equal(socket.isSessionReused(), true);
        assert.equal(running.server.counts.handshakesResumed, 1);
      });
      await overTls(facts, a, async (running) => {
        const { socket, text } = await askOver(running, { ...options, session });
        assert.deepEqual([socket.isSessionReused(), text], [true, 'true http/1.1 a.test']);
      });
    });

    test(`${maxVersion}: not under another name with another certificate (RFC 6066 §3)`, () =>
      overTls(facts, { ...a, sni: { 'b.test': b } }, async (running) => {
        const session = await sessionOf(running, { servername: 'a.test', maxVersion });
        const { socket, text } = await askOver(running, { servername: 'b.test', session, maxVersion });
        assert.deepEqual([socket.isSessionReused(), text], [false, 'true http/1.1 b.test']);
      }));
  }
});

describe('TLS: behind a balancer', () => {
  const proxy = { trusted: ['127.0.0.1'], protocol: true };
  const clientOf = (_request: Request, ctx: ServerContext) => new Response(ctx.remoteAddress.address);
  const header = Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n');

  for (const [how, cut] of [
    ['in one piece', 0],
    ['piece by piece', 10],
  ] as const) {
    test(`the PROXY header comes first, ${how}`, () =>
      withServer(
        clientOf,
        async ({ port }) => {
          const plain = net.connect({ port, host: '127.0.0.1' });
          if (cut > 0) plain.write(header.subarray(0, cut));
          // The ClientHello follows at once, in the same segment where nothing waits in between.
          plain.cork();
          plain.write(header.subarray(cut));
          const socket = tls.connect({ socket: plain, ca, servername: 'a.test' });
          process.nextTick(() => plain.uncork());
          socket.write(REQUEST);
          const [octets] = await new Promise<Buffer[]>((resolve) =>
            socket.once('data', (octets) => resolve([octets])),
          );
          assert.match(octets!.toString(), /192\.0\.2\.7$/);
          socket.destroy();
        },
        { tls: a, proxy },
      ));
  }
});

describe('TLS: a plain request', () => {
  const plainly = async ({ port }: Running, message: string) => {
    const connection = await RawConnection.connect({ port });
    await connection.send(message);
    const received = await connection.receiveAll();
    connection.close();
    return received;
  };

  test('gets a readable 400 that names the https URL, and the connection closes', () =>
    overTls(facts, a, async (running) => {
      const { text, end } = await plainly(running, 'GET /path?q HTTP/1.1\r\nHost: a.test:4711\r\n\r\n');
      assert.match(text, /^HTTP\/1\.1 400 Bad Request\r\n.*Connection: close\r\n/s);
      assert.match(text, /This port speaks HTTPS.*Use https:\/\/a\.test:4711\/path\?q/);
      assert.equal(end, 'fin');
      const { requestsRejected, requestsStarted, handshakesFailed } = running.server.counts;
      assert.deepEqual([requestsRejected, requestsStarted, handshakesFailed], [1, 0, 0]);
    }));

  test('HEAD, without a host, and with a very long path', () =>
    overTls(facts, a, async (running) => {
      assert.match(
        (await plainly(running, 'HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')).text,
        /^HTTP\/1\.1 400 .*\r\n\r\n$/s,
      );
      assert.match((await plainly(running, 'GET / HTTP/1.0\r\n\r\n')).text, /a URL that begins with https:/);
      const long = await plainly(running, `GET /${'a'.repeat(1_000)} HTTP/1.1\r\nHost: a\r\n\r\n`);
      assert.match(long.text, /a URL that begins with https:/);
    }));
});

describe('TLS: handshakes that come to nothing', () => {
  const hello = records(clientHello(serverName('a.test')));
  const rejectedAs = async (
    running: Running,
    octets: Uint8Array,
    finish = false,
  ): Promise<[unknown, string]> => {
    let received = '';
    const [message] = await told('serval:tls:rejected', async () => {
      const connection = await RawConnection.connect({ port: running.port });
      await connection.send(octets);
      if (finish) connection.finish();
      received = [...(await connection.receiveAll()).octets].join();
      connection.close();
    });
    return [message?.['reason'], received];
  };

  test('garbage, alerts, an old hello: closed at once, without a word', () =>
    overTls(facts, a, async (running) => {
      for (const text of ['\0\0\0', '\x15\x03\x01\x00\x02\x02\x28', '\x80\x2e\x01\x03\x01', '\r\n'])
        assert.deepEqual(await rejectedAs(running, Buffer.from(text, 'latin1')), ['NotTls', '']);
      assert.equal(running.server.counts.handshakesFailed, 4);
      assert.deepEqual(running.faults, []);
    }));

  test('a hello that is too large, or does not follow the grammar: an alert', () =>
    overTls(facts, a, async (running) => {
      const alert = '21,3,3,0,2,2,50';
      assert.deepEqual(await rejectedAs(running, records(paddedTo(16_385))), ['ClientHelloTooLarge', alert]);
      assert.deepEqual(await rejectedAs(running, records(clientHello([0]))), ['ClientHelloSyntax', alert]);
    }));

  test('half a hello and FIN; a whole one and FIN; a hello that OpenSSL refuses; a storm of alerts', () =>
    overTls(facts, a, async (running) => {
      assert.equal((await rejectedAs(running, hello.subarray(0, 20), true))[0], 'HandshakeIncomplete');
      assert.equal((await rejectedAs(running, hello))[0], 'HandshakeFailed');
      const warning = [21, 3, 1, 0, 2, 1, 90];
      const storm = Uint8Array.from([...hello, ...Array.from({ length: 1_000 }, () => warning).flat()]);
      assert.equal((await rejectedAs(running, storm))[0], 'HandshakeFailed');
    }));

  test('silence, and half a hello: closed when the time is over', () =>
    overTls(
      facts,
      a,
      async (running) => {
        assert.equal((await rejectedAs(running, new Uint8Array(0)))[0], 'HandshakeTimeout');
        assert.equal((await rejectedAs(running, hello.subarray(0, 20)))[0], 'HandshakeTimeout');
        const { connect } = running;
        await connect();
      },
      { timeouts: { handshake: 200 } },
    ));

  test('a connection that is cut off after each part', () =>
    overTls(facts, a, async ({ port, server }) => {
      for (const octets of [hello.subarray(0, 3), hello.subarray(0, 50), hello]) {
        const connection = await RawConnection.connect({ port });
        await connection.send(octets);
        connection.reset();
      }
      await until('they have gone', () => server.counts.connections === 0);
    }));

  test('maxHandshakes: as many as there may be wait; one more, and the oldest goes', () =>
    overTls(
      facts,
      a,
      async (running) => {
        const open: RawConnection[] = [];
        const begin = async () => {
          const connection = await RawConnection.connect({ port: running.port });
          open.push(connection);
          await connection.send(hello.subarray(0, 20));
          await until('it is there', () => running.server.counts.connectionsAccepted === open.length);
        };
        await begin();
        await begin();
        assert.deepEqual(
          open.map(({ ended }) => ended),
          [null, null],
        );
        const rejected = await told('serval:tls:rejected', async () => {
          await begin();
          await until('the oldest has gone', () => open[0]!.ended !== null);
        });
        assert.deepEqual([open[1]!.ended, open[2]!.ended], [null, null]);
        assert.equal(rejected[0]!['reason'], 'TooManyHandshakes');
        await running.connect();
        for (const connection of open) connection.close();
      },
      { limits: { maxHandshakes: 2 } },
    ));
});

describe('TLS: the end', () => {
  test('close() ends connections that have said nothing, and lets a handshake that has begun get its answer', () =>
    overTls(facts, a, async ({ port, server }) => {
      const silent = await RawConnection.connect({ port });
      const socket = tls.connect({ port, host: '127.0.0.1', ca, servername: 'a.test' });
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      await until('both are there', () => server.counts.connections === 2);
      const closed = server.close();
      await silent.receiveAll();
      silent.close();
      socket.destroy();
      await closed;
    }));

  test('a close_notify without FIN ends the connection (RFC 9112 §9.8)', () =>
    overTls(facts, a, async (running) => {
      const { connection, socket } = await askOver(running, { servername: 'a.test' });
      socket.end();
      assert.equal((await connection.receiveAll()).end, 'fin');
      await until('it has gone', () => running.server.counts.connections === 0);
    }));

  test('Connection: close: the answer arrives whole, and then the server’s close_notify', () =>
    overTls(
      () => new Response('x'.repeat(1_000_000)),
      a,
      async (running) => {
        const connection = await running.connect();
        await connection.send(`${REQUEST.slice(0, -2)}Connection: close\r\n\r\n`);
        const { octets, end } = await connection.receiveAll();
        assert.ok(octets.length > 1_000_000);
        assert.equal(end, 'fin');
      },
    ));
});

describe('TLS: options of serve and listen', () => {
  test('what is wrong is thrown at once', () => {
    const mixed = { tls: { cert: a.cert, key: b.key } };
    assert.throws(() => serve(facts, mixed), /options\.tls\.key: expected the private key/);
    assert.throws(() => serve(facts, { limits: { maxHandshakes: -1 } }), /options\.limits\.maxHandshakes/);
  });

  test('listen replaces what serve was told', () =>
    overTls(facts, a, async ({ server }) => {
      const listener = await server.listen({ hostname: '127.0.0.1', tls: b });
      const { port } = listener.address;
      const connection = await RawConnection.connect({ port, tls: { ca, servername: 'b.test' } });
      const certificate = (connection.socket as tls.TLSSocket).getPeerX509Certificate() as X509Certificate;
      assert.equal(certificate.subject, 'CN=b.test');
      connection.close();
      await assert.rejects(server.listen({ tls: { cert: a.cert } }), /options\.tls\.key/);
    }));
});
