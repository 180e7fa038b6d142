/** `request.url`: the target URI of RFC 9110 §7.1, in the very form the URL Standard gives it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Origins, requestUrl } from '../../src/fetch/request-url.ts';
import { Response } from '../../src/index.ts';
import { withServer } from '../server/with-server.ts';
import { RawConnection } from '../support/raw-client.ts';

/** Paths in which a URL parser finds something to do, or an attacker something to hide. */
const PATHS = [
  '/',
  '/a/b?c=d',
  '/.',
  '/..',
  '/../../etc/passwd',
  '/a/./b/../c',
  '/a/..',
  '/a/.',
  '/a/.b/..c/...',
  '/%2e%2e/x',
  '/%2E./x',
  '/a/.%2e/b',
  '/%2f%2e%2e',
  '/%00',
  '/%zz',
  '/%',
  '//evil.example/x',
  '///x',
  '/a//b',
  '/@evil.example',
  '/:80',
  '/?',
  '/??a=/../b',
  '/?a=%2e%2e/',
  '/a;b=c,d',
  "/'quoted'?'q'",
  '/"double"?"q"',
  '/<a>?<b>',
  '/a|b^c`d{e}',
  '/?a|b^c`d{e}',
  '/\\evil\\..\\x',
  '/a?b\\c',
  '/~user/-_.!*()$&+,;=:@',
];

const HOSTS = [
  'a',
  'A.Example',
  'a:80',
  'a:080',
  'a:8080',
  'a:',
  'a.',
  '127.0.0.1:8080',
  '127.1',
  '0x7f.1',
  '[::1]',
  '[::1]:8080',
  '[0:0:0:0:0:0:0:1]:80',
  '[::FFFF:1.2.3.4]',
  'xn--bcher-kva.example',
  'a%41b',
];

/** The answers to GETs of the urls, in order, on one kept connection; `null` for one that was refused. */
async function urlsOf(port: number, rows: readonly (readonly [host: string, target: string])[]) {
  const urls: (string | null)[] = [];
  for (const [host, target] of rows) {
    const connection = await RawConnection.connect({ port });
    await connection.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const [answer] = await connection.receiveResponses(['GET']);
    urls.push(answer?.status === 200 ? answer.text : null);
    connection.close();
  }
  return urls;
}

const handler = (request: Request) => new Response(request.url);

describe('request.url', () => {
  test('whatever the path, it is what new URL() makes of it, or the request is refused', () =>
    withServer(handler, async ({ port }) => {
      const urls = await urlsOf(
        port,
        PATHS.map((path) => ['a', path] as const),
      );
      let served = 0;
      for (const [index, path] of PATHS.entries()) {
        if (urls[index] === null) continue;
        served++;
        assert.equal(urls[index], new URL(`http://a${path}`).href, path);
      }
      assert.ok(served > 20, `${served} paths were served`);
    }));

  test('whatever the host, it is what new URL() makes of it, or the request is refused', () =>
    withServer(handler, async ({ port }) => {
      const urls = await urlsOf(
        port,
        HOSTS.map((host) => [host, '/x'] as const),
      );
      let served = 0;
      for (const [index, host] of HOSTS.entries()) {
        if (urls[index] === null) continue;
        served++;
        assert.equal(urls[index], new URL(`http://${host}/x`).href, host);
      }
      assert.ok(served > 10, `${served} hosts were served`);
    }));

  test('the hosts that every server gets are served', () =>
    withServer(handler, async ({ port }) => {
      const usual = ['a', 'A.Example', 'a:80', 'a:8080', '127.0.0.1:8080', '[::1]:8080', '[::1]'];
      const urls = await urlsOf(
        port,
        usual.map((host) => [host, '/'] as const),
      );
      assert.deepEqual(
        urls,
        usual.map((host) => new URL(`http://${host}/`).href),
      );
    }));

  test('a path that begins with two slashes never becomes the host', () =>
    withServer(handler, async ({ port }) => {
      const [url] = await urlsOf(port, [['a', '//evil.example/x']]);
      assert.equal(new URL(url ?? '').host, 'a');
      assert.equal(url, 'http://a//evil.example/x');
    }));

  test('an authority that no URL has, or that a URL turns into an IPv4 address, is refused with 400', () =>
    withServer(
      () => assert.fail('reached'),
      async ({ ask, faults }) => {
        const rewritten = [
          '127.1',
          '0x7f.1',
          '192.168.2',
          '%31.1.1.1',
          '%EF%BC%91.1.1.1',
          '1%C2%AD.1.1.1',
          '1%E3%80%821',
        ];
        for (const host of ['1.2.3.4.5', '256.256.256.256', 'a%00b', '[::1', ...rewritten]) {
          const answer = await ask(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
          assert.equal(answer.status, 400, host);
          assert.equal(answer.field('connection'), 'close', host);
        }
        assert.deepEqual(faults, []);
      },
    ));

  test('absolute-form names the host and the path', () =>
    withServer(handler, async ({ port }) => {
      const urls = await urlsOf(port, [
        ['b:8080', 'http://B:8080/x/../y?z'],
        ['b', 'http://b'],
        ['b', 'http://b?q'],
      ]);
      assert.deepEqual(urls, ['http://b:8080/y?z', 'http://b/', 'http://b/?q']);
    }));

  test('OPTIONS * is a path of the server as a whole', () =>
    withServer(handler, async ({ ask }) => {
      assert.equal((await ask('OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n')).text, 'http://a/*');
    }));

  test('an HTTP/1.0 request without Host has the address of the listener', () =>
    withServer(handler, async ({ ask, origin }) => {
      assert.equal((await ask('GET /x HTTP/1.0\r\n\r\n')).text, `${origin}/x`);
    }));
});

describe('requestUrl', () => {
  test('the short cut and the URL parser agree on every path of two characters', () => {
    const characters = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i)).filter(
      (c) => c !== '#',
    );
    for (const first of characters) {
      for (const second of characters) {
        const path = `/${first}${second}`;
        assert.equal(requestUrl('http://a', path), new URL(`http://a${path}`).href, path);
      }
    }
  });

  test('Origins: gives undefined for what is no URL’s authority, and for one that becomes an IPv4 address', () => {
    const origins = new Origins('http');
    for (let i = 0; i < 2; i++) {
      assert.equal(origins.of('A:80'), 'http://a');
      assert.equal(origins.of('127.0.0.1:80'), 'http://127.0.0.1');
      assert.equal(origins.of('127.0.0.1:81'), 'http://127.0.0.1:81');
      for (const host of [
        '127.1',
        '0x7f.1:80',
        '%31.1.1.1',
        '%EF%BC%91.1.1.1',
        '1%C2%AD.1.1.1',
        '1%E3%80%821',
      ])
        assert.equal(origins.of(host), undefined, host);
      assert.equal(origins.of('1.2.3.4.5'), undefined);
    }
    assert.equal(new Origins('https').of('a:443'), 'https://a');
  });
});
