/** A real Prometheus scrapes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Response, serve } from '../../src/index.ts';
import { metrics, setRoute } from '../../src/metrics/index.ts';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

interface Result {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

test('Prometheus scrapes: the counts, the labels and the quantiles are there', {
  timeout: 60_000,
}, async (t) => {
  const program = findProgram('prometheus');
  if (program === undefined) return t.skip('prometheus is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'serval-prometheus-'));
  const route = '/users/:id "ä" \\d+\n';
  const handler = metrics(async (_request, ctx) => {
    setRoute(ctx, route);
    await new Promise((resolve) => setTimeout(resolve, 30));
    return new Response('hello', { status: 201 });
  });
  const server = serve(handler, { port: 0 });
  await server.ready;
  const port = await freePort();
  const target = `127.0.0.1:${server.port}`;
  await writeFile(
    join(folder, 'prometheus.yml'),
    `scrape_configs: [{ job_name: serval, scrape_interval: 1s, static_configs: [{ targets: ['${target}'] }] }]\n`,
  );
  const prometheus = spawn(
    program,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(prometheus, 'exit');
  const query = async (text: string): Promise<readonly Result[]> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`;
    const answer = await fetch(url, { headers: { connection: 'close' } }).catch(() => undefined);
    if (answer?.status !== 200) return [];
    return ((await answer.json()) as { data: { result: readonly Result[] } }).data.result;
  };
  try {
    for (let requests = 0; requests < 7; requests++)
      await (await fetch(`http://${target}/users/${requests}`, { method: 'POST' })).text();
    const name = 'http_server_request_duration_seconds';
    let counts: readonly Result[] = [];
    await until('the requests have been scraped', async () => {
      counts = await query(`${name}_count{http_response_status_code="201"}`);
      return counts.length > 0;
    });
    const [{ metric, value }] = counts as [Result];
    assert.equal(value[1], '7');
    assert.deepEqual(
      [metric['http_route'], metric['http_request_method'], metric['url_scheme'], metric['job']],
      [route, 'POST', 'http', 'serval'],
    );
    const [median] = await query(`histogram_quantile(0.5, ${name}_bucket{http_response_status_code="201"})`);
    assert.ok(Number(median!.value[1]) > 0.025 && Number(median!.value[1]) < 2.5, JSON.stringify(median));
    assert.equal((await query('up'))[0]?.value[1], '1');
    const metadata = `http://127.0.0.1:${port}/api/v1/metadata?metric=${name}`;
    const { data } = (await (await fetch(metadata)).json()) as { data: Record<string, { type: string }[]> };
    assert.equal(data[name]?.[0]?.type, 'histogram');
  } finally {
    prometheus.kill();
    await exited;
    server.destroy();
    await rm(folder, { recursive: true });
  }
});
