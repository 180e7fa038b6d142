import assert from 'node:assert/strict';
import { connect } from 'node:http2';
import { describe, test } from 'node:test';
import { type HstsOptions, Response, type Server, serve } from '../../src/index.ts';
import { resolveHsts } from '../../src/server/strict-transport-security.ts';
import { certificateAuthority } from '../support/certificates.ts';
import { RawConnection } from '../support/raw-client.ts';

const authority = certificateAuthority();
const { cert, key } = authority.issue(['a.test']);
const tls = { cert, key };
const NativeResponse = globalThis.Response;
const shared = new Response(null, { status: 204 });

function handler({ url }: { url: string }) {
  switch (new URL(url).pathname) {
    case '/native':
      return new NativeResponse('native');
    case '/stream':
      return new NativeResponse(new Blob(['streamed']).stream());
    case '/own':
      return new Response('own', { headers: { 'strict-transport-security': 'max-age=1' } });
    case '/shared':
      return shared;
    case '/failed':
      throw new Error('on purpose');
    default:
      return new Response('light', { status: 404 });
  }
}

async function withHsts(use: (ports: number[], server: Server) => Promise<void>): Promise<void> {
  const options = { hostname: '127.0.0.1', port: 0, tls, redirectHttp: 0, hsts: 31_536_000 } as const;
  const server = serve({ fetch: handler, error: () => {} }, options);
  try {
    await server.ready;
    await server.listen({
      hostname: '127.0.0.1',
      port: 0,
      tls,
      hsts: { maxAge: 5, includeSubDomains: true },
    });
    await use(
      [...server].map(({ address }) => address.port),
      server,
    );
  } finally {
    server.closed.catch(() => {});
    server.destroy();
  }
}

/** The values of the field in one response. */
async function valuesAt(port: number, path: string, isSecure = true): Promise<string[]> {
  const secure = { tls: { ca: authority.cert, servername: 'a.test' } };
  const connection = await RawConnection.connect({ port, ...(isSecure && secure) });
  await connection.send(`GET ${path} HTTP/1.1\r\nHost: a.test:${port}\r\nConnection: close\r\n\r\n`);
  const { text } = await connection.receiveAll();
  connection.close();
  assert.match(text, /^HTTP\/1\.1 \d/);
  return [...text.matchAll(/^strict-transport-security: (.*)\r$/gim)].map(([, value]) => value!);
}

describe('hsts (RFC 6797)', () => {
  test('§7.1: every response over TLS has the field, once', () =>
    withHsts(async ([https, , other], server) => {
      for (const path of ['/', '/native', '/stream', '/shared', '/shared', '/failed'])
        assert.deepEqual(await valuesAt(https!, path), ['max-age=31536000'], path);
      assert.deepEqual(await valuesAt(other!, '/'), ['max-age=5; includeSubDomains']);
      server.busy = true;
      assert.deepEqual(await valuesAt(https!, '/'), ['max-age=31536000']);
    }));

  test('§7.1: so have answers that no handler sees: 400, 408, 413, 414, 431', () => {
    const options = {
      ...{ hostname: '127.0.0.1', port: 0, tls, hsts: 60 },
      ...{ timeouts: { headers: 50 }, limits: { maxRequestBodySize: 4, maxHeaderSize: 200 } },
    };
    const server = serve(handler, options);
    return (async () => {
      await server.ready;
      for (const [status, raw] of [
        [400, 'GET / HTTP/1.1\r\n\r\n'],
        [408, 'GET / HTTP/1.1\r\nHost:'],
        [413, 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n'],
        [414, `GET /${'x'.repeat(9_000)} HTTP/1.1\r\n`],
        [431, `GET / HTTP/1.1\r\nHost: a.test\r\nX: ${'x'.repeat(200)}\r\n\r\n`],
      ] as const) {
        const connection = await RawConnection.connect({
          port: server.port!,
          tls: { ca: authority.cert, servername: 'a.test' },
        });
        await connection.send(raw);
        const { text } = await connection.receiveAll();
        connection.close();
        assert.ok(text.startsWith(`HTTP/1.1 ${status} `), text);
        assert.deepEqual(text.match(/^Strict-Transport-Security: .*$/gim), [
          'Strict-Transport-Security: max-age=60',
        ]);
      }
      const session = connect(`https://127.0.0.1:${server.port}`, {
        ca: authority.cert,
        servername: 'a.test',
      });
      const stream = session.request({ ':path': '/', ':authority': 'a.test', x: 'x'.repeat(200) });
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        stream.on('response', resolve).on('error', reject);
      });
      session.destroy();
      assert.deepEqual([headers[':status'], headers['strict-transport-security']], [431, 'max-age=60']);
      await server.close();
    })();
  });

  test('§7.2: never over plain HTTP, and not in the redirect to HTTPS', () =>
    withHsts(async ([, http]) => {
      assert.deepEqual(await valuesAt(http!, '/', false), []);
    }));

  test('what the application says stays', () =>
    withHsts(async ([https]) => {
      assert.deepEqual(await valuesAt(https!, '/own'), ['max-age=1']);
    }));

  test('over HTTP/2 as well', () =>
    withHsts(async ([https]) => {
      const session = connect(`https://127.0.0.1:${https}`, { ca: authority.cert, servername: 'a.test' });
      const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
        session.on('error', reject);
        session.request({ ':path': '/native', ':authority': 'a.test' }).on('response', resolve).resume();
      });
      session.destroy();
      assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    }));

  test('the value, from seconds or from an object', () => {
    assert.equal(resolveHsts(undefined), '');
    assert.equal(resolveHsts(0), 'max-age=0');
    const all = { maxAge: 31_536_000, includeSubDomains: true, preload: true };
    assert.equal(resolveHsts(all), 'max-age=31536000; includeSubDomains; preload');
  });

  for (const [given, message] of [
    [-1, /: options\.hsts: expected an integer from 0/],
    [{}, /: options\.hsts\.maxAge: expected a number of seconds/],
    [{ maxAge: 1.5 }, /: options\.hsts\.maxAge: expected an integer/],
    [{ maxAge: 5, subdomains: true }, /: options\.hsts\.subdomains: there is no such option/],
    [{ maxAge: 5, includeSubDomains: 1 }, /: options\.hsts\.includeSubDomains: expected a boolean/],
    [{ maxAge: 31_535_999, includeSubDomains: true, preload: true }, /: options\.hsts\.preload: requires/],
    [{ maxAge: 31_536_000, preload: true }, /: options\.hsts\.preload: requires/],
  ] as const)
    test(`refused: ${JSON.stringify(given)}`, () => {
      assert.throws(() => serve(handler, { tls, hsts: given as HstsOptions }), message);
    });

  test('refused without tls', async () => {
    assert.throws(
      () => serve(handler, { port: 0, hsts: 5 }),
      /^TypeError: options\.hsts: requires options\.tls/,
    );
    const server = serve(handler);
    await assert.rejects(server.listen({ port: 0, hsts: 5 }), /options\.hsts: requires options\.tls/);
  });
});
