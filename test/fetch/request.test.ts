/** The request that a plain handler is given: light, and yet a `Request` in every member. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { isTakenForNative } from '../../src/fetch/request.ts';
import { Response } from '../../src/index.ts';
import {
  assertProtocolError,
  chunkedPost,
  gate,
  get,
  inHandler,
  message,
  within,
  withServer,
} from '../server/with-server.ts';
import { sleep } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

type WithTrailers = Request & { readonly trailers: Promise<Headers> };

describe('request', () => {
  test('it is an instance of Request and says so', () =>
    inHandler(get(), (request) => {
      assert.ok(request instanceof Request);
      assert.equal(Object.prototype.toString.call(request), '[object Request]');
    }));

  test('what a server has nothing to say about is as a new Request has it', () =>
    inHandler(get('/x'), (request) => {
      const fresh = new Request('http://a/x');
      const names = [
        'cache',
        'credentials',
        'destination',
        'duplex',
        'integrity',
        'keepalive',
        'mode',
      ] as const;
      for (const name of [...names, 'redirect', 'referrer', 'referrerPolicy'] as const) {
        const expected = (fresh as unknown as Record<string, unknown>)[name];
        assert.equal((request as unknown as Record<string, unknown>)[name], expected, name);
      }
    }));

  test('no member of Request throws when it is read', () =>
    inHandler(message('POST /', [], 'hello'), (request) => {
      for (const name of Object.getOwnPropertyNames(Request.prototype)) {
        assert.doesNotThrow(() => Reflect.get(request, name), name);
      }
    }));

  for (const method of ['GET', 'DELETE', 'PATCH', 'PROPFIND', 'get', 'M-SEARCH']) {
    test(`method: ${method} is given as it was sent`, () =>
      inHandler(message(`${method} /`), (request) => assert.equal(request.method, method)));
  }

  test('url, headers, body and signal are the same each time', () =>
    inHandler(message('POST /', [], 'hello'), (request) => {
      for (const name of ['url', 'headers', 'body', 'signal'] as const) {
        assert.equal(request[name], request[name], name);
      }
    }));

  test('without content, body is null, bodyUsed false and every read empty', () =>
    inHandler(get(), async (request) => {
      assert.equal(request.body, null);
      assert.equal(request.bodyUsed, false);
      assert.equal(await request.text(), '');
      assert.equal((await request.arrayBuffer()).byteLength, 0);
      assert.equal((await request.blob()).size, 0);
      await assert.rejects(request.json(), SyntaxError);
      assert.equal(request.bodyUsed, false);
    }));

  test('Content-Length: 0 is no content', () =>
    inHandler(message('POST /', ['Content-Length: 0']), async (request) => {
      assert.equal(await request.text(), '');
    }));

  test('clone: both have the content, and the clone is the runtime’s own Request', () =>
    inHandler(message('POST /p', ['X-A: 1'], 'hello'), async (request) => {
      const clone = request.clone();
      assert.equal(clone.url, 'http://a/p');
      assert.equal(clone.headers.get('x-a'), '1');
      assert.equal(clone.method, 'POST');
      assert.deepEqual(await Promise.all([clone.text(), request.text()]), ['hello', 'hello']);
      assert.equal(request.bodyUsed, true);
    }));

  test('clone: throws when the content has been read', () =>
    inHandler(message('POST /', [], 'hello'), async (request) => {
      await request.text();
      assert.throws(() => request.clone(), TypeError);
    }));

  test('new Request(request.url, request) makes one of the runtime’s own with the same content', () =>
    inHandler(message('PUT /p?q', ['X-A: 1', 'X-A: 2', 'Content-Type: text/x'], 'hello'), async (request) => {
      const copy = new Request(request.url, request);
      assert.equal(copy.method, 'PUT');
      assert.equal(copy.url, 'http://a/p?q');
      assert.equal(copy.headers.get('x-a'), '1, 2');
      assert.equal(copy.headers.get('content-type'), 'text/x');
      assert.equal(await copy.text(), 'hello');
      assert.equal(request.bodyUsed, true);
    }));

  test('new Request(request.url, request) works without content', () =>
    inHandler(get('/p'), (request) => {
      const copy = new Request(request.url, request);
      assert.equal(copy.method, 'GET');
      assert.equal(copy.body, null);
    }));
});

/** Node 24 and later look for private fields in what they are given; see `isTakenForNative`. */
const isTaken = isTakenForNative();

describe('a light request where the runtime’s own is expected', () => {
  for (const method of ['GET', 'DELETE', 'OPTIONS', 'PUT', 'PATCH', 'PROPFIND']) {
    const content = method === 'GET' ? '' : 'hello';

    test(`new Request(request), clone() and fetch(request) keep ${method}, fields, content and signal`, async () => {
      await withServer(
        async (request) => {
          const { method: sent, headers } = request;
          return Response.json([sent, headers.get('x-a'), await request.text()]);
        },
        async ({ port }) => {
          const head = message(`${method} /p`, ['X-A: 1'], content).replace(
            'Host: a',
            `Host: 127.0.0.1:${port}`,
          );
          await inHandler(head, async (request) => {
            const given = isTaken ? request : request.clone();
            const copies = [
              given.clone(),
              new Request(given.clone()),
              new Request(given.clone(), { headers: request.headers }),
              new Request(given),
            ];
            for (const copy of copies) {
              assert.equal(copy.method, method);
              assert.equal(copy.url, `http://127.0.0.1:${port}/p`);
              const answer = await fetch(copy);
              assert.deepEqual(await answer.json(), [method, '1', content]);
            }
          });
        },
      );
    });
  }

  test('new Request(request) has the content and the signal of the request', { skip: !isTaken }, async () => {
    const seen = gate<AbortSignal>();
    const handler = async (request: Request) => {
      const copy = new Request(request);
      assert.equal(request.bodyUsed, true);
      await assert.rejects(request.text(), TypeError);
      assert.equal(await copy.text(), 'hello');
      seen.open(copy.signal);
      return new Promise<Response>(() => {});
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', [], 'hello'));
      const signal = await within('the copy', seen.opened);
      connection.reset();
      await until('aborted', () => signal.aborted);
    });
  });

  test('what the handler has changed in the headers is in every copy', () =>
    inHandler(message('POST /', ['X-A: 1', 'X-B: 1', 'X-C: 1'], 'hello'), async (request, ctx) => {
      request.headers.set('X-A', '2');
      request.headers.delete('X-B');
      const first = request.clone();
      // Later changes as well.
      request.headers.append('X-C', '2');
      request.headers.set('X-D', '3');
      const second = request.clone();
      assert.equal(first.headers.get('x-a'), '2');
      assert.equal(first.headers.has('x-b'), false);
      for (const copy of [second, ctx.request]) {
        assert.deepEqual(
          ['x-a', 'x-b', 'x-c', 'x-d'].map((name) => copy.headers.get(name)),
          ['2', null, '1, 2', '3'],
        );
      }
    }));

  test('clone() twice, read in any order', () =>
    inHandler(message('POST /', [], 'hello'), async (request) => {
      const clones = [request.clone(), request.clone()];
      assert.equal(await request.text(), 'hello');
      for (const clone of clones) assert.equal(await clone.text(), 'hello');
      assert.throws(() => request.clone(), TypeError);
    }));

  test('console.log, util.inspect and String know it', () =>
    inHandler(message('POST /p?q', ['X-A: 1'], 'hello'), async (request, ctx) => {
      for (const shown of [inspect(request), inspect(ctx.request), inspect({ request }, { depth: 4 })]) {
        assert.match(shown, /Request \{[\s\S]*http:\/\/a\/p\?q/);
        assert.match(shown, /POST/);
      }
      assert.match(inspect(request.headers), /^Headers \{[^}]*'x-a': '1'/);
      assert.match(inspect(request, { depth: 4 }), /'x-a': '1'/);
      assert.equal(String(request), '[object Request]');
      assert.equal(String(request.headers), '[object Headers]');
      assert.equal(await request.text(), 'hello', 'looking at it reads nothing');
    }));

  test('it can be spread, enumerated and made JSON as the runtime’s own', () =>
    inHandler(get(), (request) => {
      const native = new Request('http://a/');
      assert.deepEqual(Object.keys({ ...request }), Object.keys({ ...native }));
      assert.equal(JSON.stringify(request), JSON.stringify(native));
      assert.equal(JSON.stringify(request.headers), JSON.stringify(native.headers));
      const names = (object: object) => {
        const found: string[] = [];
        for (const name in object) found.push(name);
        return found;
      };
      for (const name of names(native)) assert.ok(names(request).includes(name), name);
      assert.equal(request.constructor, native.constructor);
      assert.equal(request.headers.constructor, Headers);
    }));
});

describe('request.trailers', () => {
  test('they are there when the content has been read, apart from the headers', () =>
    inHandler(chunkedPost(['hello'], ['X-Sum: 5', 'X-Sum: 6']), async (request) => {
      assert.equal(await request.text(), 'hello');
      const trailers = await within('trailers', (request as WithTrailers).trailers);
      assert.ok(trailers instanceof Headers);
      assert.deepEqual([...trailers], [['x-sum', '5, 6']]);
      assert.equal(request.headers.has('x-sum'), false);
    }));

  test('asked for before the content is read, they wait for it', () =>
    inHandler(chunkedPost(['hello'], ['X-Sum: 5']), async (request) => {
      const trailers = (request as WithTrailers).trailers;
      await request.text();
      assert.equal((await within('trailers', trailers)).get('x-sum'), '5');
    }));

  test('without content there are none', () =>
    inHandler(get(), async (request) => {
      assert.deepEqual([...(await (request as WithTrailers).trailers)], []);
    }));

  test('framing, routing and authentication fields in them are dropped', () =>
    inHandler(
      chunkedPost(['x'], ['Host: b', 'Content-Length: 9', 'Authorization: x', 'X-Kept: 1']),
      async (request) => {
        await request.text();
        assert.deepEqual([...(await (request as WithTrailers).trailers)], [['x-kept', '1']]);
        assert.equal(request.headers.get('host'), 'a');
        assert.equal(request.headers.get('authorization'), null);
      },
    ));
});

describe('request.signal', () => {
  test('it is aborted with ERR_HTTP_CONNECTION_RESET when the client cuts the connection off', async () => {
    const seen = gate<AbortSignal>();
    const handler = (request: Request) => {
      seen.open(request.signal);
      return new Promise<Response>(() => {});
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      const signal = await seen.opened;
      assert.equal(signal.aborted, false);
      connection.reset();
      await until('aborted', () => signal.aborted);
      assertProtocolError(signal.reason, 'ERR_HTTP_CONNECTION_RESET');
    });
  });

  test('asked for after the abort, it is aborted with the same reason as the read of the content', async () => {
    const begun = gate();
    const result = gate<{ error: unknown; signal: AbortSignal }>();
    const handler = async (request: Request) => {
      setImmediate(begun.open);
      await request.text().catch((error) => result.open({ error, signal: request.signal }));
      return new Response('nobody reads this');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Content-Length: 10'], 'hello'));
      await begun.opened;
      connection.reset();
      const { error, signal } = await within('the read', result.opened);
      assert.equal(signal.aborted, true);
      assert.equal(signal.reason, error);
      assertProtocolError(error, 'ERR_HTTP_CONNECTION_RESET');
    });
  });

  test('with halfOpen it is not aborted by the client’s FIN behind a whole request, nor after the answer', async () => {
    let signal: AbortSignal | undefined;
    const handler = async (request: Request) => {
      signal = request.signal;
      await sleep(50); // Long enough for the FIN to arrive meanwhile.
      return new Response(String(request.signal.aborted));
    };
    await withServer(
      handler,
      async ({ server, connect }) => {
        const connection = await connect();
        await connection.send(get());
        connection.finish();
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.text, 'false');
        assert.equal((await connection.receiveAll()).end, 'fin');
        await within('close', server.close());
        assert.equal(signal?.aborted, false);
      },
      { halfOpen: true },
    );
  });
});
