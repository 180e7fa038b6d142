/** Applications of other people’s frameworks, as they are: `serve(app)`, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getRouterParam, H3, HTTPError, onError as onH3Error, readBody } from 'h3';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { methodOverride } from 'hono/method-override';
import { stream } from 'hono/streaming';
import {
  type Handler,
  PROTOCOL_MARKER,
  Response,
  type Server,
  type ServerContext,
  serve,
} from '../../src/index.ts';
import { get } from '../server/with-server.ts';
import { RawConnection } from '../support/raw-client.ts';

const pieces = ['one ', 'two ', 'three'];

function streamOf(texts: readonly string[]): ReadableStream<Uint8Array> {
  const left = [...texts];
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setImmediate(resolve));
      const text = left.shift();
      if (text === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(text));
    },
  });
}

function honoApp(background: Promise<unknown>[]) {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('X-Middleware', 'was here');
  });
  app.get('/', (c) => c.text('hello'));
  app.get('/users/:name', (c) => c.json({ name: c.req.param('name'), q: c.req.query('q') ?? null }));
  app.post('/json', async (c) => c.json({ got: await c.req.json() }, 201));
  app.post('/form', async (c) => c.json(await c.req.parseBody()));
  app.get('/header', (c) => c.text(c.req.header('x-in') ?? 'none', 200, { 'X-Out': 'out' }));
  app.get('/cookies', (c) => {
    c.header('Set-Cookie', 'a=1', { append: true });
    c.header('Set-Cookie', 'b=2', { append: true });
    return c.text('cookies');
  });
  app.get('/stream', (c) =>
    stream(c, async (out) => {
      for (const piece of pieces) await out.write(piece);
    }),
  );
  app.get('/redirect', (c) => c.redirect('/', 303));
  app.get('/denied', () => {
    throw new HTTPException(403, { message: 'denied' });
  });
  app.get('/fails', () => {
    throw new Error('SECRET');
  });
  app.get('/background', (c) => {
    background.push(Promise.resolve());
    c.executionCtx.waitUntil(background[0]!);
    return c.text('in the background');
  });
  app.post('/limited', bodyLimit({ maxSize: 5 }), async (c) => c.text(await c.req.text()));
  app.use('/overridden/*', methodOverride({ app }));
  app.use('/by-header', methodOverride({ app, header: 'X-Method' }));
  for (const path of ['/overridden/form', '/by-header']) {
    app.post(path, (c) => c.text('POST'));
    app.delete(path, async (c) => c.text(`DELETE ${JSON.stringify(await c.req.parseBody())}`));
  }
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    return c.text('sorry', 500);
  });
  return app;
}

function h3App() {
  const app = new H3();
  app.use(async (event, next) => {
    event.res.headers.set('X-Middleware', 'was here');
    return next();
  });
  app.use(
    onH3Error((error) =>
      error.status === 500 ? new globalThis.Response('sorry', { status: 500 }) : undefined,
    ),
  );
  app.get('/', () => 'hello');
  app.get('/users/:name', (event) => ({
    name: getRouterParam(event, 'name', { decode: true }),
    q: event.url.searchParams.get('q'),
  }));
  app.post('/json', async (event) => {
    event.res.status = 201;
    return { got: await readBody(event) };
  });
  app.post('/form', async (event) => Object.fromEntries(await event.req.formData()));
  app.get('/header', (event) => {
    event.res.headers.set('X-Out', 'out');
    return event.req.headers.get('x-in') ?? 'none';
  });
  app.get('/cookies', (event) => {
    event.res.headers.append('Set-Cookie', 'a=1');
    event.res.headers.append('Set-Cookie', 'b=2');
    return 'cookies';
  });
  app.get('/stream', () => streamOf(pieces));
  app.get('/redirect', () => new globalThis.Response(null, { status: 303, headers: { location: '/' } }));
  app.get('/denied', () => {
    throw new HTTPError({ status: 403, message: 'denied' });
  });
  app.get('/fails', () => {
    throw new Error('SECRET');
  });
  return app;
}

/** The same application, written for the draft. */
function draftHandler(): Handler {
  const json = (value: unknown, status = 200) => Response.json(value, { status });
  return {
    [PROTOCOL_MARKER]: 1,
    async fetch({ request }: ServerContext) {
      const answer = await this.route(request);
      answer.headers.set('X-Middleware', 'was here');
      return answer;
    },
    async route(request: Request): Promise<globalThis.Response> {
      const url = new URL(request.url);
      const name = /^\/users\/([^/]+)$/.exec(url.pathname)?.[1];
      if (name !== undefined) return json({ name: decodeURIComponent(name), q: url.searchParams.get('q') });
      switch (`${request.method} ${url.pathname}`) {
        case 'GET /':
        case 'HEAD /':
          return new Response('hello');
        case 'POST /json':
          return json({ got: await request.json() }, 201);
        case 'POST /form':
          return json(Object.fromEntries(await request.formData()));
        case 'GET /header':
          return new Response(request.headers.get('x-in') ?? 'none', { headers: { 'X-Out': 'out' } });
        case 'GET /cookies': {
          const headers: [string, string][] = [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
          ];
          return new Response('cookies', { headers });
        }
        case 'GET /stream':
          return new Response(streamOf(pieces));
        case 'GET /redirect':
          return Response.redirect(new URL('/', url), 303);
        case 'GET /denied':
          return new Response('denied', { status: 403 });
        case 'GET /fails':
          throw new Error('SECRET');
        default:
          return new Response('not found', { status: 404 });
      }
    },
    error: () => new Response('sorry', { status: 500, headers: { 'X-Middleware': 'was here' } }),
  } as Handler & { route(request: Request): Promise<globalThis.Response> };
}

const background: Promise<unknown>[] = [];
const APPS: Record<string, () => Handler> = {
  Hono: () => honoApp(background),
  h3: () => h3App() as unknown as Handler,
  'the draft': draftHandler,
};

for (const [name, make] of Object.entries(APPS)) {
  describe(`an application of ${name}`, () => {
    let server: Server;
    let origin = '';

    before(async () => {
      server = serve(make());
      const { address } = await server.listen({ hostname: '127.0.0.1' });
      origin = `http://127.0.0.1:${address.port}`;
    });
    after(async () => {
      server.destroy();
      await server.closed.catch(() => {});
    });

    const ask = (path: string, init: Parameters<typeof fetch>[1] = {}) =>
      fetch(`${origin}${path}`, { redirect: 'manual', ...init });

    test('answers, with its middleware', async () => {
      const answer = await ask('/');
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('x-middleware'), 'was here');
      assert.equal(await answer.text(), 'hello');
    });

    test('has params and a query', async () => {
      const answer = await ask('/users/J%C3%B6rg?q=a%20b');
      assert.deepEqual(await answer.json(), { name: 'Jörg', q: 'a b' });
    });

    test('reads JSON', async () => {
      const answer = await ask('/json', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ a: ['é', 1] }),
      });
      assert.equal(answer.status, 201);
      assert.deepEqual(await answer.json(), { got: { a: ['é', 1] } });
    });

    test('reads forms of both types', async () => {
      const form = new FormData();
      form.append('a', 'é');
      for (const body of [form, new URLSearchParams({ a: 'é' })]) {
        assert.deepEqual(await (await ask('/form', { method: 'POST', body })).json(), { a: 'é' });
      }
    });

    test('reads a body that is streamed', async () => {
      const init = {
        method: 'POST',
        body: streamOf(['{"a":', '1}']),
        duplex: 'half',
        headers: { 'content-type': 'application/json' },
      };
      assert.deepEqual(await (await ask('/json', init as RequestInit)).json(), { got: { a: 1 } });
    });

    test('reads and sets headers', async () => {
      const answer = await ask('/header', { headers: { 'X-In': 'in' } });
      assert.equal(answer.headers.get('x-out'), 'out');
      assert.equal(await answer.text(), 'in');
    });

    test('sets cookies', async () => {
      const answer = await ask('/cookies');
      assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
      await answer.text();
    });

    test('streams', async () => {
      const answer = await ask('/stream');
      assert.equal(answer.headers.get('content-length'), null);
      assert.equal(await answer.text(), pieces.join(''));
    });

    test('redirects', async () => {
      const answer = await ask('/redirect');
      assert.equal(answer.status, 303);
      assert.equal(new URL(answer.headers.get('location') ?? '', origin).pathname, '/');
    });

    test('answers for its errors, and says nothing it did not mean to', async () => {
      assert.equal((await ask('/denied')).status, 403);
      const answer = await ask('/fails');
      assert.equal(answer.status, 500);
      assert.equal(await answer.text(), 'sorry');
    });

    test('answers 404 for what is not there', async () => {
      assert.equal((await ask('/nowhere')).status, 404);
    });

    test('answers HEAD without content', async () => {
      const answer = await ask('/', { method: 'HEAD' });
      assert.equal(answer.status, 200);
      assert.equal(await answer.text(), '');
    });

    test('answers a client that offers to upgrade to h2c', async () => {
      const connection = await RawConnection.connect({ port: Number(new URL(origin).port) });
      const offer = [
        'Connection: Upgrade, HTTP2-Settings',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQAAP__',
      ];
      await connection.send(get('/', ...offer));
      const [answer] = await connection.receiveResponses(['GET']);
      connection.close();
      assert.equal(answer?.status, 200);
      assert.equal(answer?.text, 'hello');
    });

    test('answers a hundred requests at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) => ask(`/users/${i}`).then((answer) => answer.json())),
      );
      assert.deepEqual(
        answers.map((answer) => (answer as { name: string }).name),
        answers.map((_, i) => String(i)),
      );
    });

    if (name === 'Hono') {
      test('bodyLimit counts content of known and of unknown length, and passes it on', async () => {
        const post = (text: string, isStreamed: boolean) => {
          const body = isStreamed ? streamOf([...text]) : text;
          return ask('/limited', { method: 'POST', body, duplex: 'half' } as RequestInit);
        };
        for (const isStreamed of [false, true]) {
          const answer = await post('12345', isStreamed);
          assert.equal(answer.status, 200);
          assert.equal(await answer.text(), '12345');
          assert.equal((await post('123456', isStreamed)).status, 413);
        }
      });

      test('methodOverride makes another request of a form and of a header', async () => {
        const form = new FormData();
        form.append('_method', 'DELETE');
        form.append('a', '1');
        for (const body of [form, new URLSearchParams({ _method: 'DELETE', a: '1' })]) {
          const answer = await ask('/overridden/form', { method: 'POST', body });
          assert.equal(await answer.text(), 'DELETE {"a":"1"}');
        }
        const byHeader = {
          method: 'POST',
          headers: { 'X-Method': 'DELETE' },
          body: new URLSearchParams({ a: '1' }),
        };
        assert.equal(await (await ask('/by-header', byHeader)).text(), 'DELETE {"a":"1"}');
        assert.equal(await (await ask('/by-header', { method: 'POST' })).text(), 'POST');
      });

      test('finds waitUntil where it looks for it', async () => {
        assert.equal(await (await ask('/background')).text(), 'in the background');
        assert.equal(background.length, 1);
      });
    }
  });
}

type RequestInit = NonNullable<Parameters<typeof fetch>[1]>;
