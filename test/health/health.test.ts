/** What a probe gets, in each state of a server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HealthReport, health } from '../../src/health/index.ts';
import { PROTOCOL_MARKER, Response, type ServerContext, serve } from '../../src/index.ts';
import { limit } from '../../src/limit/index.ts';
import { gate, get, message, until, within, withServer } from '../server/with-server.ts';

const hello = () => new Response('hello');
const JSON_PLEASE = 'Accept: application/json';

describe('health: probes', () => {
  test('/livez and /readyz answer 200 ok in plain text, not to be stored', () =>
    withServer(health(hello), async ({ ask }) => {
      for (const path of ['/livez', '/readyz', '/readyz?verbose']) {
        const answer = await ask(get(path));
        assert.deepEqual([answer.status, answer.text], [200, 'ok'], path);
        assert.equal(answer.field('cache-control'), 'no-store');
        assert.equal(answer.field('content-type'), 'text/plain; charset=utf-8');
      }
    }));

  test('/healthz answers with a report as JSON', () =>
    withServer(health(hello), async ({ ask }) => {
      const answer = await ask(get('/healthz'));
      assert.equal(answer.status, 200);
      assert.equal(answer.field('content-type'), 'application/json');
      assert.equal(answer.field('cache-control'), 'no-store');
      const report = JSON.parse(answer.text) as HealthReport;
      assert.equal(report.status, 'ready');
      assert.ok(report.uptime > 0);
      assert.ok(report.memory!.rss > report.memory!.heapUsed);
      assert.equal(report.limit, undefined);
      assert.ok(report.eventLoopDelay!.max >= report.eventLoopDelay!.p50);
    }));

  test('HEAD is answered with the head of a GET; anything else with 405', () =>
    withServer(health(hello), async ({ ask }) => {
      const head = await ask(message('HEAD /readyz'));
      assert.deepEqual([head.status, head.field('content-length'), head.text], [200, '2', '']);
      const post = await ask(message('POST /readyz'));
      assert.deepEqual([post.status, post.field('allow')], [405, 'GET, HEAD']);
    }));

  test('RFC 9110 §12.5.1: who likes JSON better than text gets the report, from any of the three; who takes anything does not', () =>
    withServer(health(hello), async ({ ask }) => {
      for (const path of ['/livez', '/readyz', '/healthz']) {
        const answer = await ask(get(path, JSON_PLEASE));
        assert.equal((JSON.parse(answer.text) as HealthReport).status, 'ready', path);
      }
      for (const accept of ['*/*', 'text/plain, application/json', 'text/*']) {
        assert.equal((await ask(get('/readyz', `Accept: ${accept}`))).text, 'ok', accept);
      }
    }));

  test("everything else is the handler's, and so is what only looks alike", () =>
    withServer(health(hello), async ({ ask }) => {
      for (const path of [
        '/',
        '/livez/',
        '/LIVEZ',
        '/a/livez',
        '/livezz',
        '/?/livez',
        '//livez',
        '/%6civez',
      ]) {
        assert.equal((await ask(get(path))).text, 'hello', path);
      }
    }));

  test('a marked handler stays marked, and its request is not made for nothing', async () => {
    const handler = health({
      [PROTOCOL_MARKER]: 1,
      fetch: () => new Response('marked'),
    });
    assert.equal(handler[PROTOCOL_MARKER], 1);
    await withServer(handler, async ({ ask }) => {
      assert.equal((await ask(get('/livez?x'))).text, 'ok');
      assert.equal((await ask(message('GET http://a/readyz'))).text, 'ok');
      assert.equal((await ask(get('/other'))).text, 'marked');
    });
    const context = {
      path: '/other',
      get request(): Request {
        return assert.fail('the request was made');
      },
    } as ServerContext;
    handler.fetch(context);
  });

  test('without a context, as in the tests of an application, it answers all the same', async () => {
    const handler = health(hello) as (request: Request) => Promise<globalThis.Response>;
    assert.equal(await (await handler(new Request('http://a.example/readyz'))).text(), 'ok');
    const report = (await (await handler(new Request('http://a.example/healthz'))).json()) as HealthReport;
    assert.deepEqual([report.status, report.server], ['ready', undefined]);
  });
});

describe('health: readiness', () => {
  test('as long as the application says no, throws or rejects, it is not ready, and alive', async () => {
    let ready: () => boolean | Promise<boolean> = () => false;
    await withServer(health(hello, { ready: () => ready() }), async ({ ask, faults }) => {
      const says: (typeof ready)[] = [
        () => false,
        async () => false,
        () => {
          throw new Error('SECRET');
        },
        () => Promise.reject(new Error('SECRET')),
      ];
      for (ready of says) {
        const answer = await ask(get('/readyz'));
        assert.deepEqual([answer.status, answer.text], [503, 'not ready']);
        assert.equal((await ask(get('/livez'))).status, 200);
        const report = await ask(get('/healthz'));
        assert.equal(report.status, 503);
        assert.equal((JSON.parse(report.text) as HealthReport).status, 'not ready');
      }
      for (ready of [() => true, async () => true]) assert.equal((await ask(get('/readyz'))).status, 200);
      assert.deepEqual(faults, []);
    });
  });

  test('from drain() on it is not ready, while everything else goes on as before for the delay', () =>
    withServer(health(hello), async ({ ask, connect, server }) => {
      const kept = await connect();
      await kept.send(get());
      await kept.receiveResponses(['GET']);
      assert.equal(server.draining, false);
      const closed = server.drain({ delay: 60_000 });
      assert.equal(server.draining, true);
      const probe = await ask(get('/readyz'));
      assert.deepEqual([probe.status, probe.text], [503, 'draining']);
      assert.equal((await ask(get('/livez'))).status, 200);
      // A new connection is accepted, and a kept one is kept.
      assert.equal((await ask(get())).text, 'hello');
      await kept.send(get());
      const [, again] = await kept.receiveResponses(['GET', 'GET']);
      assert.deepEqual([again?.text, again?.field('connection')], ['hello', 'keep-alive']);
      kept.close();
      void server.close();
      await within('closed', closed);
    }));

  test('of a server of its own, as it starts, works, is busy and ends', async () => {
    const server = serve(hello);
    await withServer(health(hello, { server }), async ({ ask }) => {
      const status = async () => (await ask(get('/readyz'))).text;
      assert.equal(await status(), 'starting');
      await server.listen({ hostname: '127.0.0.1' });
      assert.equal(await status(), 'ok');
      server.busy = true;
      assert.equal(await status(), 'busy');
      server.busy = false;
      await server.close();
      assert.equal(await status(), 'draining');
      assert.equal((await ask(get('/livez'))).status, 200);
    });
  });
});

describe('health: counts', () => {
  test('what is under way, what was finished, cut off, refused and rejected is told', async () => {
    const held = gate();
    const app = limit(
      async () => {
        await held.opened;
        return new Response('late');
      },
      { concurrency: 1, queue: 0 },
    );
    await withServer(health(app, { limit: app }), async ({ ask, connect, server }) => {
      const report = async () => JSON.parse((await ask(get('/healthz'))).text) as HealthReport;
      const waiting = await connect();
      await waiting.send(get());
      await until('it runs', () => app.counts.running === 1);
      assert.equal((await ask(get())).status, 503);
      assert.equal((await ask('NONSENSE\r\n\r\n')).status, 400);
      const gone = await connect();
      await gone.send(message('POST /', ['Content-Length: 5']));
      await until('it is known', () => server.counts.requestsStarted === 3);

      const first = await report();
      // This very request is under way as well.
      assert.deepEqual(first.limit, { running: 1, waiting: 0, refused: 2 });
      assert.equal(first.server!.requestsStarted, 4);
      assert.equal(first.server!.requestsFinished, 2);
      assert.equal(first.server!.requestsRejected, 1);
      assert.equal(first.server!.connectionsAccepted, 5);
      waiting.reset();
      await until('it is noticed', () => server.counts.requestsCutOff === 1);
      held.open();
      const second = await report();
      assert.equal(second.server!.requestsCutOff, 1);
      assert.equal(second.server!.requestsRefused, 0);
      server.busy = true;
      assert.equal((await ask(get())).status, 503);
      server.busy = false;
      assert.equal((await report()).server!.requestsRefused, 1);
    });
  });
});
