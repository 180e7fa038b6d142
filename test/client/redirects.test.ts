import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { redirectedFields, redirectedTo } from '../../src/client/redirects.ts';
import type { FetchInit } from '../../src/client/request-init.ts';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { rawServer } from './raw-server.ts';
import { testEach } from './with-client.ts';

const FROM = 'http://a/b/c?d';

test('RFC 9110 §15.4: the method after a redirect depends on the status and the method', () => {
  const method = (status: number, given: string) => {
    const to = redirectedTo(status, '/x', FROM, given);
    return to instanceof Error ? to.message : `${to.method} ${to.keepsBody ? 'with' : 'without'}`;
  };
  const rows: [status: number, given: string, expected: string][] = [
    ...[301, 302].flatMap((status): [number, string, string][] => [
      [status, 'GET', 'GET with'],
      [status, 'POST', 'GET without'],
      [status, 'PUT', 'PUT with'],
      [status, 'HEAD', 'HEAD with'],
    ]),
    [303, 'POST', 'GET without'],
    [303, 'PUT', 'GET without'],
    [303, 'GET', 'GET with'],
    [303, 'HEAD', 'HEAD with'],
    ...[307, 308].flatMap((status): [number, string, string][] => [
      [status, 'POST', 'POST with'],
      [status, 'DELETE', 'DELETE with'],
    ]),
  ];
  for (const [status, given, expected] of rows)
    assert.equal(method(status, given), expected, `${status} ${given}`);
});

test('RFC 9110 §10.2.2: Location is relative to the URL of the request', () => {
  const url = (location: string) => {
    const to = redirectedTo(302, location, FROM, 'GET');
    return to instanceof Error ? to.code : to.url;
  };
  assert.equal(url('x'), 'http://a/b/x');
  assert.equal(url('/x'), 'http://a/x');
  assert.equal(url('?y'), 'http://a/b/c?y');
  assert.equal(url('//b:8/x'), 'http://b:8/x');
  // Octets beyond ASCII, one character each, go back as they came.
  assert.equal(url('/caf\xc3\xa9?q=\xe9'), 'http://a/caf%C3%A9?q=%E9');
  assert.equal(url('http://b\xc3\xbccher.example/'), 'http://xn--bcher-kva.example/');
  for (const location of ['http://', 'javascript:alert(1)', 'file:///etc/passwd', 'http://u:p@a/', 'data:,x'])
    assert.equal(url(location), 'ERR_HTTP_REDIRECT', location);
});

test('Fetch, "HTTP-redirect fetch": another origin gets no credentials, and no fields about content that is not sent', () => {
  const fields = ['Authorization', 'Cookie', 'Host', 'Proxy-Authorization', 'Content-Type', 'X'].map(
    (name) => [name, 'v'] as const,
  );
  const names = (isCrossOrigin: boolean, keepsBody: boolean) =>
    redirectedFields(fields, { url: '', method: '', isCrossOrigin, keepsBody }).map(([name]) => name);
  assert.equal(names(false, true).length, fields.length);
  assert.deepEqual(names(true, true), ['Content-Type', 'X']);
  assert.deepEqual(names(false, false), ['Authorization', 'Cookie', 'Host', 'Proxy-Authorization', 'X']);
  assert.deepEqual(names(true, false), ['X']);
  for (const [location, isCrossOrigin] of [
    ['/x', false],
    ['http://a:80/', false],
    ['http://a:81/', true],
    ['https://a/', true],
    ['http://b/', true],
  ] as const) {
    const to = redirectedTo(307, location, FROM, 'GET');
    assert.equal(!(to instanceof Error) && to.isCrossOrigin, isCrossOrigin, location);
  }
});

/** `/302/x` redirects to `x`; `/loop` to itself; every other path answers with what the server has understood. */
async function redirecting(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, status, ...rest] = url.pathname.split('/');
  const location = url.searchParams.get('to') ?? `/${rest.join('/')}`;
  if (status === 'loop') return new ServalResponse('around', { status: 302, headers: { Location: '/loop' } });
  if (Number(status) >= 300)
    return new ServalResponse('there', { status: Number(status), headers: { Location: location } });
  const { method, headers } = request;
  return ServalResponse.json({ method, fields: Object.fromEntries(headers), text: await request.text() });
}

testEach(
  'RFC 9110 §15.4: redirects are followed, with the body if it is to be sent again',
  async (withClient) => {
    await using pair = await withClient(redirecting);
    const ask = async (path: string, init: FetchInit) => {
      const response = await pair.client.fetch(`${pair.url}${path}`, init);
      return {
        response,
        understood: (await response.json()) as {
          method: string;
          fields: Record<string, string>;
          text: string;
        },
      };
    };
    const post = { method: 'POST', body: 'hello' };
    const { response, understood } = await ask('/307/308/end', post);
    assert.deepEqual(
      [understood.method, understood.text, understood.fields['content-length']],
      ['POST', 'hello', '5'],
    );
    assert.deepEqual([response.url, response.redirected], [`${pair.url}/end`, true]);
    const { understood: other } = await ask('/301/end', post);
    assert.deepEqual([other.method, other.text, other.fields['content-type']], ['GET', '', undefined]);
    assert.equal(pair.client.connections, 1);
  },
);

testEach(
  'Fetch, "HTTP-redirect fetch": a stream can not be sent again after a redirect',
  async (withClient) => {
    await using pair = await withClient(redirecting);
    const init = { method: 'POST', body: new Blob(['hello']).stream() };
    await assert.rejects(pair.client.fetch(`${pair.url}/307/end`, init), { code: 'ERR_HTTP_REDIRECT' });
    const gone = { method: 'POST', body: new Blob(['hello']).stream() };
    assert.equal((await pair.client.fetch(`${pair.url}/303/end`, gone)).status, 200);
  },
);

testEach('Fetch, "redirect mode": manual gives the redirect itself, error refuses it', async (withClient) => {
  await using pair = await withClient(redirecting);
  const url = `${pair.url}/302/end`;
  const response = await pair.client.fetch(url, { redirect: 'manual' });
  assert.deepEqual(
    [response.status, response.headers.get('location'), await response.text()],
    [302, '/end', 'there'],
  );
  await assert.rejects(pair.client.fetch(url, { redirect: 'error' }), { code: 'ERR_HTTP_REDIRECT' });
  await assert.rejects(pair.client.fetch(url, { redirect: 'x' as 'error' }), TypeError);
  assert.equal(pair.client.connections, 1);
});

testEach(
  'Fetch, "HTTP-redirect fetch": redirects are followed up to the limit, at N and at N+1',
  async (withClient) => {
    await using pair = await withClient(redirecting, { limits: { maxRedirects: 3 } });
    await assert.rejects(pair.client.fetch(`${pair.url}/loop`), { code: 'ERR_HTTP_REDIRECT' });
    assert.equal((await pair.client.fetch(`${pair.url}/302/302/302/end`)).status, 200);
    await assert.rejects(pair.client.fetch(`${pair.url}/302/302/302/302/end`), { code: 'ERR_HTTP_REDIRECT' });
  },
);

testEach('Fetch, "HTTP-redirect fetch": credentials stay with their origin', async (withClient) => {
  await using there = await withClient(redirecting);
  await using pair = await withClient(redirecting);
  const headers = { Authorization: 'Basic eA==', Cookie: 'a=b', X: 'y' };
  const fields = async (url: string) => {
    const response = await pair.client.fetch(url, { headers });
    return ((await response.json()) as { fields: Record<string, string> }).fields;
  };
  const same = await fields(`${pair.url}/302/end`);
  assert.deepEqual([same['authorization'], same['cookie'], same['x']], ['Basic eA==', 'a=b', 'y']);
  const other = await fields(`${pair.url}/302/?to=${encodeURIComponent(`${there.url}/end`)}`);
  assert.deepEqual([other['authorization'], other['cookie'], other['x']], [undefined, undefined, 'y']);
});

test('RFC 9110 §10.2.2: a redirect to a path in UTF-8 octets leads to that path', async () => {
  await using server = await rawServer((socket, text) => {
    const target = text.split(' ')[1]!;
    const isFirst = target === '/';
    const location = isFirst ? 'Location: /caf\xc3\xa9\r\n' : '';
    socket.write(
      Buffer.from(
        `HTTP/1.1 ${isFirst ? 302 : 200} x\r\n${location}Connection: close\r\nContent-Length: ${target.length}\r\n\r\n${target}`,
        'latin1',
      ),
    );
  });
  await using client = new Client();
  assert.equal(await (await client.fetch(server.url)).text(), '/caf%C3%A9');
});
