/** What a scrape gets. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { PROTOCOL_MARKER, Response, type ServerContext, serve } from '../../src/index.ts';
import { limit } from '../../src/limit/index.ts';
import { metrics, setRoute } from '../../src/metrics/index.ts';
import { MOST_SERIES } from '../../src/metrics/request-figures.ts';
import { gate, get, message, type Running, until, withServer } from '../server/with-server.ts';

const hello = () => new Response('hello');
const notFound = () => new Response(null, { status: 404 });

/** The values of a scrape by series. */
function valuesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

async function scrape({ ask }: Pick<Running, 'ask'>): Promise<Map<string, number>> {
  return valuesOf((await ask(get('/metrics'))).text);
}

/** A server of its own for the metrics of another one. */
async function observed(
  handler: Parameters<typeof withServer>[0],
  use: (running: Running, read: () => Promise<Map<string, number>>) => Promise<void>,
  options: Parameters<typeof withServer>[2] = {},
): Promise<void> {
  await withServer(
    handler,
    async (running) => {
      const watching = serve(metrics(notFound, { server: running.server }), { port: 0 });
      await watching.ready;
      try {
        await use(running, async () => valuesOf(await (await fetch(`${watching.url}metrics`)).text()));
      } finally {
        await watching.close();
      }
    },
    options,
  );
}

const DURATION_COUNT = 'http_server_request_duration_seconds_count';

describe('metrics', () => {
  test('are text for Prometheus at a path of their own; other paths are for the handler', () =>
    withServer(metrics(hello), async ({ ask }) => {
      const answer = await ask(get('/metrics?name[]=x'));
      assert.equal(answer.status, 200);
      assert.equal(answer.field('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
      assert.equal(answer.field('cache-control'), 'no-store');
      assert.ok(answer.text.endsWith('\n'));
      for (const path of ['/', '/metrics/', '/metricsx', '/x/metrics'])
        assert.equal((await ask(get(path))).text, 'hello', path);
      assert.equal((await ask(message('HEAD /metrics'))).text, '');
      const post = await ask(message('POST /metrics'));
      assert.deepEqual([post.status, post.field('allow')], [405, 'GET, HEAD']);
    }));

  test('options.path is another path, for a marked handler as well', () =>
    withServer(
      metrics({ [PROTOCOL_MARKER]: 1, fetch: hello }, { path: '/internal/figures' }),
      async ({ ask }) => {
        assert.match((await ask(get('/internal/figures?x'))).text, /^# HELP/);
        assert.equal((await ask(get('/metrics'))).text, 'hello');
      },
    ));

  test('a request has its method, scheme, version and status, and neither its path nor its query', () =>
    observed(
      () => new Response('äö', { status: 201 }),
      async ({ ask }, read) => {
        await ask(message('POST /secret/path?token=x', [], 'content'));
        const figures = await read();
        const labels =
          '{http_request_method="POST",url_scheme="http",network_protocol_version="1.1",http_response_status_code="201"}';
        assert.equal(figures.get(`${DURATION_COUNT}${labels}`), 1);
        assert.equal(figures.get(`http_server_request_body_size_bytes_sum${labels}`), 0);
        assert.equal(figures.get(`http_server_response_body_size_bytes_sum${labels}`), 4);
        const seconds = figures.get(`http_server_request_duration_seconds_sum${labels}`)!;
        assert.ok(seconds > 0 && seconds < 5, String(seconds));
        assert.doesNotMatch([...figures.keys()].join('\n'), /secret|token/);
      },
    ));

  test('the content of a request is counted as far as it was received', () =>
    observed(
      async (request) => new Response(await request.text()),
      async ({ ask }, read) => {
        await ask(message('POST /', [], 'content'));
        const sums = [...(await read())].filter(([name]) => /body_size_bytes_sum/.test(name));
        assert.deepEqual(
          sums.map(([, value]) => value),
          [7, 7],
        );
      },
    ));

  test('a method that is not known is _OTHER', () =>
    observed(hello, async ({ ask }, read) => {
      for (const method of ['BREW', 'get', 'PROPFIND', 'QUERY']) await ask(message(`${method} /`));
      const counts = [...(await read())].filter(([name]) => name.startsWith(DURATION_COUNT));
      assert.deepEqual(
        counts.map(([name, count]) => [/method="(\w+)"/.exec(name)?.[1], count]),
        [
          ['_OTHER', 3],
          ['QUERY', 1],
        ],
      );
    }));

  test('requests in progress are counted up and down', async () => {
    const started = gate();
    const finish = gate();
    const handler = async () => {
      started.open();
      await finish.opened;
      return new Response('x');
    };
    await observed(handler, async ({ ask }, read) => {
      const name = 'http_server_active_requests{http_request_method="GET",url_scheme="http"}';
      const answer = ask(get());
      await started.opened;
      assert.equal((await read()).get(name), 1);
      finish.open();
      await answer;
      assert.equal((await read()).get(name), 0);
    });
  });

  test('a fault of the server and a client that left have an error_type', async () => {
    const started = gate();
    const handler = (request: Request) => {
      if (request.url.endsWith('/throw')) throw new Error('thrown');
      started.open();
      return new Promise<Response>(() => {});
    };
    await observed(handler, async ({ ask, connect }, read) => {
      await ask(get('/throw'));
      const connection = await connect();
      await connection.send(get());
      await started.opened;
      connection.reset();
      const names = async () => [...(await read()).keys()].filter((name) => name.startsWith(DURATION_COUNT));
      await until('both are counted', async () => (await names()).length === 2);
      const [fault, left] = await names();
      assert.match(fault!, /http_response_status_code="500",error_type="500"\}$/);
      assert.match(left!, /version="1\.1",error_type="ERR_HTTP_CONNECTION_RESET"\}$/);
    });
  });

  test('a request that was in progress when counting began is not counted', async () => {
    const started = gate();
    const finish = gate();
    const handler = async () => {
      started.open();
      await finish.opened;
      return new Response('x');
    };
    // Others subscribe already, so the request has a start time.
    metrics(hello);
    await withServer(handler, async ({ ask, server }) => {
      const answer = ask(get());
      await started.opened;
      const watching = serve(metrics(notFound, { server }), { port: 0 });
      await watching.ready;
      finish.open();
      await answer;
      const text = await (await fetch(`${watching.url}metrics`)).text();
      assert.doesNotMatch(text, /http_server_active_requests|request_duration/);
      await watching.close();
    });
  });

  test('with options.server, the requests of other servers are not counted', () =>
    observed(hello, async ({ ask }, read) => {
      await read();
      await read();
      await ask(get());
      const counts = [...(await read())].filter(([name]) => name.startsWith(DURATION_COUNT));
      assert.deepEqual(
        counts.map(([, count]) => count),
        [1],
      );
    }));

  test('requests that are refused are counted by reason', () =>
    observed(hello, async ({ ask, server }, read) => {
      await ask('GET / HTTP/1.1\r\n\r\n');
      const name = 'serval_requests_rejected_total{reason="HostMissing",http_response_status_code="400"}';
      assert.equal((await read()).get(name), 1);
      server.busy = true;
      await ask(get());
      assert.equal((await read()).get('serval_requests_refused_total'), 1);
    }));

  test('http_route is what the application says, also through an object made of the context', async () => {
    const handler = (request: Request, ctx: ServerContext) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/users/')) setRoute(Object.create(ctx), '/users/:id');
      if (pathname.startsWith('/orders/')) setRoute(ctx, '/orders/:id');
      return new Response('x');
    };
    await observed(handler, async ({ ask }, read) => {
      for (const path of ['/users/1', '/users/2', '/orders/1', '/other']) await ask(get(path));
      const counts = [...(await read())].filter(([name]) => name.startsWith(DURATION_COUNT));
      assert.deepEqual(
        counts.map(([name, count]) => [/http_route="(.*?)"/.exec(name)?.[1], count]),
        [
          ['/users/:id', 2],
          ['/orders/:id', 1],
          [undefined, 1],
        ],
      );
    });
  });

  test('beyond the limit, new routes are counted together', () =>
    observed(
      (request, ctx) => {
        setRoute(ctx, new URL(request.url).pathname);
        return new Response('x');
      },
      async ({ connect }, read) => {
        const askFor = async (from: number, to: number) => {
          const connection = await connect();
          const numbers = Array.from({ length: to - from }, (_, index) => from + index);
          await connection.send(numbers.map((number) => get(`/${number}`)).join(''));
          await connection.receiveResponses(numbers.map(() => 'GET'));
        };
        const routes = async () => {
          const names = [...(await read())].filter(([name]) => name.startsWith(DURATION_COUNT));
          return new Map(names.map(([name, count]) => [/http_route="(.*?)"/.exec(name)?.[1], count]));
        };
        await askFor(0, MOST_SERIES);
        assert.equal((await routes()).size, MOST_SERIES);
        assert.equal((await routes()).has('_OTHER'), false);
        await askFor(MOST_SERIES, MOST_SERIES + 2);
        await askFor(0, 1);
        assert.equal((await routes()).size, MOST_SERIES + 1);
        assert.equal((await routes()).get('_OTHER'), 2);
        assert.equal((await routes()).get('/0'), 2);
      },
    ));

  test('the process, its event loop, its connections and a limit', async () => {
    const app = limit(hello, { concurrency: 3 });
    await withServer(metrics(app, { limit: app }), async (running) => {
      await running.ask(get());
      const figures = await scrape(running);
      assert.equal(figures.get('serval_limit_running'), 0);
      assert.equal(figures.get('serval_connections_accepted_total'), 2);
      assert.ok(figures.get('serval_connections')! >= 1);
      assert.equal(figures.get('serval_draining'), 0);
      assert.equal(figures.get('serval_tls_handshakes_total{result="failed"}'), 0);
      assert.ok(figures.get('process_cpu_seconds_total')! > 0);
      assert.ok(figures.get('process_resident_memory_bytes')! > figures.get('nodejs_heap_size_used_bytes')!);
      assert.ok(Math.abs(figures.get('process_start_time_seconds')! - Date.now() / 1_000) < 600);
      assert.ok(figures.has('nodejs_eventloop_delay_p99_seconds'));
      if (process.platform === 'linux')
        assert.ok(figures.get('process_open_fds')! < figures.get('process_max_fds')!);
    });
  });

  test('promtool finds nothing to improve', (t) => {
    if (spawnSync('promtool', ['--version']).error !== undefined) return t.skip('promtool is not installed');
    const app = limit(hello, { concurrency: 3 });
    return withServer(metrics(app, { limit: app }), async ({ ask }) => {
      await ask(get('/x'));
      await ask('GET / HTTP/1.1\r\n\r\n');
      const { text } = await ask(get('/metrics'));
      const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
      assert.deepEqual([checked.status, checked.stdout, checked.stderr], [0, '', '']);
      // It does find faults.
      const faulty = text.replaceAll('serval_connections_accepted_total', 'serval_connections_accepted');
      assert.notEqual(spawnSync('promtool', ['check', 'metrics'], { input: faulty }).status, 0);
    });
  });

  test('refuses bad options and handlers at once', () => {
    assert.throws(() => metrics(hello, { path: 'metrics' }), /options\.path: expected a path such as/);
    assert.throws(() => metrics(hello, { path: '/m?x' }), /options\.path: expected a path such as/);
    assert.throws(() => metrics(hello, { server: {} as never }), /options\.server: expected a server/);
    assert.throws(() => metrics(hello, { limit: {} as never }), /options\.limit: expected the result of/);
    assert.throws(() => metrics(hello, { port: 1 } as never), /options\.port: there is no such option/);
    assert.throws(() => metrics({} as never), TypeError);
    assert.throws(() => setRoute({} as never, 1 as never), /route: expected a string/);
  });
});
