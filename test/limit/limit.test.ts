/** `limit` around handlers of a real server: what is counted, who waits, who is refused, and who is never run. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type ServerContext } from '../../src/index.ts';
import { type Limited, limit } from '../../src/limit/index.ts';
import { gate, get, message, until, within, withServer } from '../server/with-server.ts';
import type { RawConnection } from '../support/raw-client.ts';

/** A handler that holds each request until it is told to let it go. */
function holding() {
  const gates: ReturnType<typeof gate<void>>[] = [];
  const paths: string[] = [];
  return {
    paths,
    handler: async (request: Request) => {
      const held = gate();
      gates.push(held);
      paths.push(new URL(request.url).pathname);
      await held.opened;
      return new Response(`answer to ${new URL(request.url).pathname}`);
    },
    /** Lets the request with this number go, in the order in which the handler got them. */
    release: (index: number) => gates[index]!.open(),
  };
}

async function statusOf(connection: RawConnection): Promise<number | undefined> {
  const [answer] = await connection.receiveResponses(['GET']);
  return answer?.status;
}

const context = (completed: Promise<void> = Promise.resolve()) => ({ completed }) as ServerContext;
const request = new Request('http://a.example/');

describe('limit', () => {
  test('N are run at once, a line of M waits in order, and one more is answered 503 with Retry-After', async () => {
    const held = holding();
    const limited = limit(held.handler, { concurrency: 2, queue: 2, retryAfter: 7 });
    await withServer(limited, async ({ connect, faults }) => {
      const connections: RawConnection[] = [];
      for (const path of ['/1', '/2', '/3', '/4']) {
        const connection = await connect();
        connections.push(connection);
        await connection.send(get(path));
        const inside = connections.length;
        await until(`${path} is in`, () => limited.counts.running + limited.counts.waiting === inside);
      }
      assert.deepEqual(limited.counts, { running: 2, waiting: 2, refused: 0 });
      assert.deepEqual(held.paths, ['/1', '/2']);

      const fifth = await connect();
      await fifth.send(get('/5'));
      const [refusal] = await fifth.receiveResponses(['GET']);
      assert.equal(refusal?.status, 503);
      assert.equal(refusal?.field('retry-after'), '7');
      assert.equal(refusal?.field('cache-control'), 'no-store');
      assert.equal(refusal?.field('connection'), 'keep-alive', 'the connection is kept');
      assert.deepEqual(limited.counts, { running: 2, waiting: 2, refused: 1 });

      held.release(1);
      assert.equal(await statusOf(connections[1]!), 200);
      await until('/3 has come in', () => held.paths.length === 3);
      assert.deepEqual(held.paths, ['/1', '/2', '/3']);
      assert.deepEqual(limited.counts, { running: 2, waiting: 1, refused: 1 });

      for (const index of [0, 2]) held.release(index);
      await until('/4 has come in', () => held.paths.length === 4);
      held.release(3);
      for (const connection of connections) assert.equal(await statusOf(connection), 200);
      // And who was refused may try again, on the same connection.
      await fifth.send(get('/6'));
      await until('/6 has come in', () => held.paths.length === 5);
      held.release(4);
      assert.equal((await fifth.receiveResponses(['GET', 'GET']))[1]?.status, 200);
      await until('all have left', () => limited.counts.running === 0);
      assert.deepEqual(faults, []);
    });
  });

  test('who has waited for maxWait is answered 503, and the handler never hears of it', async () => {
    const held = holding();
    const limited = limit(held.handler, { concurrency: 1, maxWait: 20 });
    await withServer(limited, async ({ connect }) => {
      const [first, second] = [await connect(), await connect()];
      await first.send(get('/1'));
      await until('/1 runs', () => limited.counts.running === 1);
      await second.send(get('/2'));
      assert.equal(await statusOf(second), 503);
      assert.deepEqual(limited.counts, { running: 1, waiting: 0, refused: 1 });
      held.release(0);
      assert.equal(await statusOf(first), 200);
      await until('it has left', () => limited.counts.running === 0);
      assert.deepEqual(held.paths, ['/1']);
    });
  });

  test('whose client goes away leaves the line, is not run and is not counted as refused', async () => {
    const held = holding();
    const limited = limit(held.handler, { concurrency: 1, queue: 1, maxWait: 0 });
    await withServer(limited, async ({ connect }) => {
      const [first, second, third] = [await connect(), await connect(), await connect()];
      await first.send(get('/1'));
      await until('/1 runs', () => limited.counts.running === 1);
      await second.send(get('/2'));
      await until('/2 waits', () => limited.counts.waiting === 1);
      second.reset();
      await until('/2 has left', () => limited.counts.waiting === 0);
      assert.deepEqual(limited.counts, { running: 1, waiting: 0, refused: 0 });
      // Its place in the line is free again.
      await third.send(get('/3'));
      await until('/3 waits', () => limited.counts.waiting === 1);
      held.release(0);
      await until('/3 runs', () => held.paths.length === 2);
      held.release(1);
      assert.equal(await statusOf(third), 200);
      assert.deepEqual(held.paths, ['/1', '/3']);
    });
  });

  test('a stream holds its place until it is sent, not only until the handler has returned', async () => {
    const rest = gate();
    const limited = limit(
      (asked) => {
        if (new URL(asked.url).pathname !== '/stream') return new Response('text');
        return new Response(
          new ReadableStream({
            async start(controller) {
              controller.enqueue(Buffer.from('first'));
              await rest.opened;
              controller.close();
            },
          }),
        );
      },
      { concurrency: 1, queue: 1 },
    );
    await withServer(limited, async ({ connect }) => {
      const [streaming, waiting] = [await connect(), await connect()];
      await streaming.send(get('/stream'));
      await streaming.receiveText('first');
      await waiting.send(get('/text'));
      await until('it waits', () => limited.counts.waiting === 1);
      assert.equal(waiting.receivedOctets, 0);
      rest.open();
      assert.equal(await statusOf(waiting), 200);
      assert.equal(await statusOf(streaming), 200);
      await until('both have left', () => limited.counts.running === 0);
    });
  });

  test('a handler that goes on after its client has gone holds its place until it is done', async () => {
    const held = holding();
    const limited = limit(held.handler, { concurrency: 1, queue: 0 });
    await withServer(limited, async ({ connect, ask, server }) => {
      const first = await connect();
      await first.send(get('/1'));
      await until('it runs', () => limited.counts.running === 1);
      first.reset();
      await until('the server knows', () => server.counts.requestsCutOff === 1);
      assert.equal((await ask(get('/2'))).status, 503);
      held.release(0);
      await until('it has left', () => limited.counts.running === 0);
    });
  });

  test('content of a request in line is not read, and is there when its turn comes', async () => {
    const held = holding();
    const limited = limit(
      async (asked) => {
        if (asked.method === 'GET') return held.handler(asked);
        return new Response(`got ${(await asked.text()).length}`);
      },
      { concurrency: 1 },
    );
    await withServer(limited, async ({ connect }) => {
      const [first, second] = [await connect(), await connect()];
      await first.send(get('/1'));
      await until('/1 runs', () => limited.counts.running === 1);
      await second.send(message('POST /2', [], 'x'.repeat(100_000)));
      await until('/2 waits', () => limited.counts.waiting === 1);
      held.release(0);
      const [answer] = await second.receiveResponses(['POST']);
      assert.equal(answer?.text, 'got 100000');
    });
  });

  test('whatever comes of a handler, its place is free again', async () => {
    const answers: Record<string, () => unknown> = {
      '/throw': () => {
        throw new Error('expected');
      },
      '/reject': () => Promise.reject(new Error('expected')),
      '/nothing': () => undefined,
      '/late-nothing': async () => undefined,
      '/empty': () => new Response(null, { status: 204 }),
      '/native': () => new globalThis.Response('native'),
      '/json': async () => Response.json({}),
    };
    const handler = ((asked: Request) => answers[new URL(asked.url).pathname]!()) as () => Response;
    const limited = limit(handler, { concurrency: 1, queue: 0 });
    await withServer(limited, async ({ ask }) => {
      for (const path of Object.keys(answers)) {
        assert.notEqual((await ask(get(path))).status, 503, path);
        await until(`${path} has left`, () => limited.counts.running === 0);
      }
      assert.deepEqual(limited.counts, { running: 0, waiting: 0, refused: 0 });
    });
  });

  test('in line as well: a handler that throws or rejects when its turn comes is answered 500', async () => {
    const held = holding();
    const limited = limit(
      (asked) => {
        const { pathname } = new URL(asked.url);
        if (pathname === '/throw') throw new Error('expected');
        if (pathname === '/reject') return Promise.reject(new Error('expected'));
        return held.handler(asked);
      },
      { concurrency: 1, queue: 2 },
    );
    await withServer(limited, async ({ connect, faults }) => {
      const [first, second, third] = [await connect(), await connect(), await connect()];
      await first.send(get('/hold'));
      await until('it runs', () => limited.counts.running === 1);
      await second.send(get('/throw'));
      await third.send(get('/reject'));
      await until('they wait', () => limited.counts.waiting === 2);
      held.release(0);
      assert.deepEqual([await statusOf(second), await statusOf(third)], [500, 500]);
      assert.equal(faults.length, 2);
      await until('all have left', () => limited.counts.running === 0);
    });
  });

  test('below the limit a synchronous answer stays one, and asks for no promise', () => {
    const text = new Response('text');
    const untouched = {
      get completed(): Promise<void> {
        return assert.fail('completed was asked for');
      },
    } as ServerContext;
    const limited = limit(() => text, { concurrency: 1, queue: 0 });
    for (let i = 0; i < 3; i++) assert.equal(limited(request, untouched, untouched), text);
    assert.deepEqual(limited.counts, { running: 0, waiting: 0, refused: 0 });
    const empty = limit(() => new Response(null, { status: 204 }), { concurrency: 1, queue: 0 });
    for (let i = 0; i < 3; i++)
      assert.ok(empty(request, untouched, untouched) instanceof globalThis.Response);
  });

  test('the body of a response is not touched: it would become a stream', () => {
    const answer = new Response(new ReadableStream());
    Object.defineProperty(answer, 'body', { get: () => assert.fail('body was asked for') });
    limit(() => answer, { concurrency: 1 })(request, context(), context());
  });

  test('a marked object keeps its `this`; connect and error are passed through uncounted', async () => {
    class Application {
      readonly [PROTOCOL_MARKER] = 1;
      readonly #name = 'application';
      fetch = (): globalThis.Response => new Response(this.#name);
      connect(): globalThis.Response {
        return new Response(`connected to ${this.#name}`);
      }
      error(): globalThis.Response {
        return new Response(`error of ${this.#name}`);
      }
    }
    const limited = limit(new Application(), { concurrency: 1 });
    const fetched = (await limited.fetch(context())) as globalThis.Response;
    assert.equal(await fetched.text(), 'application');
    const connected = (await limited.connect!(context() as never)) as globalThis.Response;
    assert.equal(await connected.text(), 'connected to application');
    const failed = (await limited.error!(context(), new Error())) as globalThis.Response;
    assert.equal(await failed.text(), 'error of application');
    const { counts }: Limited = limited;
    assert.deepEqual(counts, { running: 0, waiting: 0, refused: 0 });
  });

  test('a marked object stays marked, and waits as well', async () => {
    const held = holding();
    const limited = limit(
      { [PROTOCOL_MARKER]: 1, fetch: (ctx: ServerContext) => held.handler(ctx.request) },
      { concurrency: 1, queue: 1 },
    );
    assert.equal(limited[PROTOCOL_MARKER], 1);
    await withServer(limited, async ({ connect, ask }) => {
      const [first, second] = [await connect(), await connect()];
      await first.send(get('/1'));
      await until('/1 runs', () => limited.counts.running === 1);
      await second.send(get('/2'));
      await until('/2 waits', () => limited.counts.waiting === 1);
      assert.equal((await ask(get('/3'))).status, 503);
      held.release(0);
      await until('/2 runs', () => held.paths.length === 2);
      held.release(1);
      assert.deepEqual([await statusOf(first), await statusOf(second)], [200, 200]);
    });
  });

  test('a server that closes waits for those in line, and answers them', async () => {
    const held = holding();
    const limited = limit(held.handler, { concurrency: 1 });
    await withServer(limited, async ({ connect, server }) => {
      const [first, second] = [await connect(), await connect()];
      await first.send(get('/1'));
      await until('/1 runs', () => limited.counts.running === 1);
      await second.send(get('/2'));
      await until('/2 waits', () => limited.counts.waiting === 1);
      const closing = server.close();
      held.release(0);
      await until('/2 runs', () => held.paths.length === 2);
      held.release(1);
      for (const connection of [first, second]) {
        assert.equal(await statusOf(connection), 200);
        connection.close();
      }
      await within('close', closing);
    });
  });
});
