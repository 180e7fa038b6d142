import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

const native = { Request, Response, fetch };
await import('../src/globals.ts');
const { serve, Response: LightResponse } = await import('../src/index.ts');

/** Serves on a free port for as long as `use` takes. */
async function withServer(handler: (request: Request) => unknown, use: (url: string) => Promise<void>) {
  const server = serve(handler as () => Response, { port: 0, hostname: '127.0.0.1' });
  await server.ready;
  const [listener] = [...server];
  try {
    await use(`http://127.0.0.1:${listener!.address.port}/`);
  } finally {
    await server.close();
  }
}

async function rawGet(port: number, head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(head);
  let received = '';
  for await (const chunk of socket) received += chunk;
  return received;
}

test('serval/globals: Response is the light one, and knows the runtime’s own', () => {
  const response = new Response('hello', { status: 201 });
  assert.ok(response instanceof (LightResponse as unknown as typeof Response));
  assert.ok(response instanceof native.Response);
  assert.ok(new native.Response('hello') instanceof Response);
  assert.ok(new LightResponse('hello') instanceof Response);
  assert.equal({} instanceof Response, false);
  assert.equal(Response.name, 'Response');
  assert.equal(Object.prototype.toString.call(response), '[object Response]');
});

test('serval/globals: Response has the standard’s static methods', async () => {
  assert.deepEqual(await Response.json({ a: 1 }, { status: 202 }).json(), { a: 1 });
  assert.equal(Response.redirect('http://a.example/', 303).headers.get('location'), 'http://a.example/');
  assert.equal(Response.error().type, 'error');
});

test('serval/globals: a response made of a response has its status and its fields', async () => {
  const first = new Response('hello', { status: 418, headers: { 'X-A': 'b' } });
  const second = new Response(first.body, first);
  assert.equal(second.status, 418);
  assert.equal(second.headers.get('x-a'), 'b');
  assert.equal(await second.text(), 'hello');
});

test('serval/globals: what fetch() brings is a Response, and can be passed on', () =>
  withServer(
    () => new Response('from upstream', { headers: { 'X-A': 'b' } }),
    async (upstream) => {
      const passOn = async () => {
        const response = await fetch(upstream);
        assert.ok(response instanceof Response);
        return new Response(response.body, response);
      };
      await withServer(passOn, async (url) => {
        const response = await native.fetch(url);
        assert.equal(response.headers.get('x-a'), 'b');
        assert.equal(await response.text(), 'from upstream');
      });
    },
  ));

test('serval/globals: new Request() and fetch() take the request a handler is given', () =>
  withServer(
    async (request) =>
      new Response(`${request.method} ${request.headers.get('x-a')} ${await request.text()}`),
    async (upstream) => {
      const proxy = (request: Request) => {
        const copy = new Request(request, { headers: { 'X-A': 'changed' } });
        assert.ok(copy instanceof native.Request && copy instanceof Request && request instanceof Request);
        return fetch(new Request(upstream, copy));
      };
      await withServer(proxy, async (url) => {
        const response = await native.fetch(url, {
          method: 'POST',
          body: 'content',
          headers: { 'X-A': 'b' },
        });
        assert.equal(await response.text(), 'POST changed content');
      });
      // A request to the proxy that names the upstream as its host is for the upstream.
      const forward = (request: Request) => fetch(request);
      const host = new URL(upstream).host;
      await withServer(forward, async (url) => {
        const { port } = new URL(url);
        const received = await rawGet(
          Number(port),
          `GET /x HTTP/1.1\r\nHost: ${host}\r\nX-A: y\r\nConnection: close\r\n\r\n`,
        );
        assert.match(received, /^HTTP\/1\.1 200 [\s\S]*GET y /);
      });
    },
  ));
