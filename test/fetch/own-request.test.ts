/** `ctx.request`: the runtime's own `Request`, for handlers of the draft and for whoever hands it on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type ServerContext } from '../../src/index.ts';
import { chunkedPost, gate, get, inHandler, message, withServer } from '../server/with-server.ts';
import { until } from '../support/until.ts';

const marked = (fetch: (ctx: ServerContext) => Response | Promise<Response>) =>
  ({ [PROTOCOL_MARKER]: 1, fetch }) as const;

describe('ctx.request', () => {
  test('it is one of the runtime’s own, the same object each time', () =>
    inHandler(get('/p'), (_, ctx) => {
      assert.ok(ctx.request instanceof Request);
      assert.equal(new Request(ctx.request).url, 'http://a/p');
      assert.equal(ctx.request, ctx.request);
    }));

  test('it has the method, url, headers and content of the request', () =>
    inHandler(message('PATCH /p?q', ['X-A: 1', 'X-A: 2'], 'hello'), async (_, { request }) => {
      assert.equal(request.method, 'PATCH');
      assert.equal(request.url, 'http://a/p?q');
      assert.equal(request.headers.get('x-a'), '1, 2');
      assert.equal(await request.text(), 'hello');
    }));

  test('it has the one content that the plain request has: who reads first, reads it', () =>
    inHandler(message('POST /', [], 'hello'), async (request, ctx) => {
      assert.equal(await ctx.request.text(), 'hello');
      assert.equal(request.bodyUsed, true);
      await assert.rejects(request.text(), TypeError);
    }));

  test('made after the plain request was read, it is used up', () =>
    inHandler(message('POST /', [], 'hello'), async (request, ctx) => {
      await request.text();
      // Whether making it throws or reading it rejects: it is a TypeError, and nobody waits.
      await assert.rejects(async () => {
        const reading = ctx.request.text();
        const late = new Promise<never>((_, reject) =>
          setTimeout(() => reject(new Error('pending')), 10_000).unref(),
        );
        await Promise.race([reading, late]);
      }, TypeError);
    }));

  test('its trailers are the request’s', () =>
    inHandler(chunkedPost(['hello'], ['X-Sum: 5']), async (_, { request }) => {
      assert.equal(await request.text(), 'hello');
      const { trailers } = request as Request & { trailers: Promise<Headers> };
      assert.deepEqual([...(await trailers)], [['x-sum', '5']]);
    }));

  test('its signal is aborted when the client goes away', async () => {
    const seen = gate<AbortSignal>();
    const handler = marked(({ request }) => {
      seen.open(request.signal);
      return new Promise<Response>(() => {});
    });
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      const signal = await seen.opened;
      connection.reset();
      await until('aborted', () => signal.aborted);
      assert.equal((signal.reason as { code?: string }).code, 'ERR_HTTP_CONNECTION_RESET');
    });
  });

  for (const method of ['GET', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH', 'PROPFIND', 'M-SEARCH']) {
    for (const content of ['', 'hello']) {
      const kind = content === '' ? 'without content' : 'with content';
      // Fetch sends no content with GET.
      const sent = method === 'GET' ? '' : content;
      test(`a ${method} ${kind} stays one in every Request that is made of it`, () =>
        inHandler(message(`${method} /p`, ['X-A: 1'], content), async (_, { request }) => {
          const clone = request.clone();
          for (const copy of [clone.clone(), new Request(clone), new Request('http://b/p', request)]) {
            assert.equal(copy.method, method);
            assert.equal(copy.headers.get('x-a'), '1');
            assert.equal(await copy.text(), sent);
          }
        }));
    }
  }

  test('a HEAD stays one in every Request that is made of it', async () => {
    let copies: Request[] = [];
    const handler = marked(({ request }) => {
      copies = [request.clone(), new Request(request), new Request('http://b/p', request)];
      return new Response();
    });
    await withServer(handler, async ({ ask }) => {
      await ask(message('HEAD /p'));
      assert.deepEqual(
        copies.map(({ method }) => method),
        ['HEAD', 'HEAD', 'HEAD'],
      );
    });
  });

  for (const method of ['get', 'Delete', 'patch']) {
    test(`its method is ${method} as it was sent, which no server upper-cases`, () =>
      inHandler(message(`${method} /`), (_, ctx) => assert.equal(ctx.request.method, method)));
  }

  for (const method of ['TRACE', 'TRACK']) {
    test(`it is there for ${method}, which a client could not make a Request of`, () =>
      inHandler(message(`${method} /x`), (_, ctx) => {
        assert.equal(ctx.request.method, method);
        assert.equal(ctx.request.url, 'http://a/x');
        assert.equal(ctx.request.body, null);
        assert.equal(ctx.request.bodyUsed, false);
      }));

    test(`nothing with another method is made of a ${method}`, () =>
      inHandler(message(`${method} /x`), async (_, ctx) => {
        assert.throws(() => new Request(ctx.request), TypeError);
        await assert.rejects(fetch(ctx.request), TypeError);
      }));
  }

  test('a GET with content has one, with its headers', () =>
    inHandler(message('GET /', ['X-A: 1'], 'hello'), (_, ctx) => {
      assert.equal(ctx.request.method, 'GET');
      assert.equal(ctx.request.headers.get('x-a'), '1');
    }));

  test('the content of a GET can be read from it', () =>
    inHandler(message('GET /', [], 'hello'), async (_, { request }) => {
      assert.equal(await request.text(), 'hello');
      assert.equal(request.bodyUsed, true);
    }));

  test('a GET with content can be forwarded, without it', () =>
    inHandler(message('GET /', [], 'hello'), (_, ctx) => {
      const copy = new Request(ctx.request);
      assert.equal(copy.body, null);
      assert.equal(copy.headers.get('content-length'), null);
    }));

  test('the content of a GET can still be read from the plain request', () =>
    inHandler(message('GET /', [], 'hello'), async (request, ctx) => {
      assert.equal(ctx.request.method, 'GET');
      assert.equal(await request.text(), 'hello');
      assert.equal(request.bodyUsed, true);
      await assert.rejects(request.text(), TypeError);
    }));
});

describe('fetch(ctx.request)', () => {
  /** A proxy in front of a server that says what it was asked; the client names that one as the host. */
  const proxied = (
    title: string,
    make: (host: string) => string,
    check: (answer: Record<string, string>) => void,
  ) =>
    test(title, () =>
      withServer(
        async (request) => {
          const content = await request.text();
          return Response.json({
            method: request.method,
            url: request.url,
            content,
            x: request.headers.get('x-a'),
          });
        },
        async ({ port }) => {
          let failure: unknown;
          const proxy = {
            ...marked(({ request }) => fetch(request)),
            error: (_: ServerContext, error: unknown) => {
              failure = (error as Error).cause ?? error;
            },
          };
          await withServer(proxy, async ({ ask }) => {
            const answer = await ask(make(`127.0.0.1:${port}`));
            assert.equal(failure, undefined);
            assert.equal(answer.status, 200);
            check(JSON.parse(answer.text));
          });
        },
      ),
    );

  proxied(
    'passes a GET on',
    (host) => `GET /p?q HTTP/1.1\r\nHost: ${host}\r\nX-A: 1\r\n\r\n`,
    (answer) => {
      assert.equal(answer['method'], 'GET');
      assert.match(answer['url'] ?? '', /\/p\?q$/);
      assert.equal(answer['x'], '1');
    },
  );

  proxied(
    'passes content of known length on',
    (host) => `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\n\r\nhello`,
    (answer) => assert.equal(answer['content'], 'hello'),
  );

  proxied(
    'passes chunked content on: what is about the hop is not the request’s (draft, "Header Filtering")',
    (host) => `POST / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`,
    (answer) => assert.equal(answer['content'], 'hello'),
  );

  proxied(
    'passes a request on that had something to say to this hop',
    (host) =>
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: keep-alive, x-b\r\nKeep-Alive: timeout=5\r\nX-B: 1\r\n\r\n`,
    (answer) => assert.equal(answer['method'], 'GET'),
  );
});
