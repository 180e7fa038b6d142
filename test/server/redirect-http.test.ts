import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type Server, type ServerOptions, serve } from '../../src/index.ts';
import type { TlsSource } from '../../src/tls/source.ts';
import { certificatePair } from '../support/certificates.ts';
import { RawConnection } from '../support/raw-client.ts';

const tls = certificatePair('a.test');
const handler = () => new Response('served');

async function withRedirect(
  options: ServerOptions,
  use: (ports: { https: number; http: number; server: Server }) => Promise<void>,
): Promise<void> {
  const server = serve(handler, { hostname: '127.0.0.1', port: 0, tls, redirectHttp: 0, ...options });
  try {
    await server.ready;
    const [https, http] = [...server].map(({ address }) => address.port);
    await use({ https: https!, http: http!, server });
  } finally {
    server.closed.catch(() => {});
    server.destroy();
  }
}

async function ask(port: number, target: string, host = `a.test:${port}`, method = 'GET') {
  const connection = await RawConnection.connect({ port });
  await connection.send(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  const { text } = await connection.receiveAll();
  connection.close();
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]);
  return { status, location: /^Location: (.*)\r$/im.exec(text)?.[1], content: text.split('\r\n\r\n')[1] };
}

describe('redirectHttp', () => {
  test('each request is answered 308 to the same path of the https port (RFC 9110 §15.4.9)', () =>
    withRedirect({}, async ({ https, http }) => {
      const expected = { status: 308, location: `https://a.test:${https}/a%20b?c=d`, content: '' };
      assert.deepEqual(await ask(http, '/a%20b?c=d'), expected);
      assert.deepEqual(await ask(http, '/a%20b?c=d', 'a.test', 'POST'), expected);
      assert.equal((await ask(http, '/', '[::1]')).location, `https://[::1]:${https}/`);
    }));

  test('under another port for clients; 443 is left out', () =>
    withRedirect({ redirectHttp: { port: 0, httpsPort: 443 } }, async ({ http }) => {
      assert.equal((await ask(http, '/a')).location, 'https://a.test/a');
    }));

  test('both ports end together', () =>
    withRedirect({}, async ({ http, server }) => {
      assert.deepEqual(
        [...server].map(({ encrypted }) => encrypted),
        [true, false],
      );
      await server.close();
      await assert.rejects(RawConnection.connect({ port: http }), { code: 'ECONNREFUSED' });
    }));

  test('a port that is in use: nothing listens', () =>
    withRedirect({}, async ({ http }) => {
      const other = serve(handler, { hostname: '127.0.0.1', port: 0, tls, redirectHttp: http });
      await assert.rejects(other.ready, { code: 'EADDRINUSE' });
      assert.deepEqual([...other], []);
      await other.close();
    }));

  test('a certificate authority gets its answer, for the tokens there are (RFC 8555 §8.3)', async () => {
    const source: TlsSource = {
      tls,
      subscribe: () => () => {},
      httpChallenge: async (token) => (token === 'abc' ? 'abc.thumbprint' : undefined),
    };
    await withRedirect({ tls: source }, async ({ http }) => {
      const path = '/.well-known/acme-challenge/';
      assert.deepEqual(await ask(http, `${path}abc`), {
        status: 200,
        location: undefined,
        content: 'abc.thumbprint',
      });
      assert.equal((await ask(http, `${path}other`)).status, 308);
    });
  });

  const wrong: readonly [ServerOptions, RegExp][] = [
    [{ redirectHttp: 70_000 }, /^options\.redirectHttp: expected an integer from 0 to 65535/],
    [
      { redirectHttp: { port: 0, httpsPort: 0 } },
      /^options\.redirectHttp\.httpsPort: expected an integer from 1/,
    ],
    [{ redirectHttp: {} as never }, /^options\.redirectHttp\.port: expected an integer/],
    [{ redirectHttp: { port: 0, to: 1 } as never }, /^options\.redirectHttp\.to: there is no such option/],
    [
      { redirectHttp: 0, path: '/tmp/x', tls },
      /^options\.redirectHttp: cannot be combined with options\.path/,
    ],
    [{ redirectHttp: 0, tls }, /^options\.redirectHttp: requires options\.port here/],
  ];
  for (const [options, message] of wrong)
    test(`${message}`, () => assert.throws(() => serve(handler, options), { message }));

  test('without tls there is nothing to redirect to', async () => {
    const server = serve(handler, { hostname: '127.0.0.1', port: 0, redirectHttp: 0 });
    await assert.rejects(server.ready, /options\.redirectHttp: requires options\.tls/);
  });
});
