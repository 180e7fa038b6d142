/** What `serval help operate` promises to those who run it where others rely on it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import type { HealthReport } from '../../src/health/index.ts';
import { freePort } from '../support/ports.ts';
import { RawConnection } from '../support/raw-client.ts';
import { until } from '../support/until.ts';
import { ServalProcess } from './serval-process.ts';

const HASH = `scrypt.15.8.3.${Buffer.alloc(16).toString('base64url')}.${Buffer.alloc(32).toString('base64url')}`;

// Two at a time: each is a process that starts.
describe('serval, operated', { timeout: 60_000, concurrency: 2 }, () => {
  let base: string;
  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'serval-operate-'));
    await writeFile(join(base, 'index.html'), 'home');
    await writeFile(join(base, 'healthz'), 'a file of that name');
  });
  after(() => rm(base, { recursive: true }));

  it('--health answers probes without a password, under any name, and does not log them', async () => {
    const words = [base, '--health', '--log', '--auth', `ann:${HASH}`];
    await using serval = await ServalProcess.serve(words);
    assert.equal(await (await fetch(`${serval.origin}/livez`)).text(), 'ok');
    assert.equal(await (await fetch(`${serval.origin}/readyz`)).text(), 'ok');
    const probe = await RawConnection.connect({ port: serval.port });
    await probe.send('GET /readyz HTTP/1.1\r\nHost: pod.example\r\n\r\n');
    assert.equal((await probe.receiveResponses(['GET']))[0]?.status, 200);
    probe.close();
    const report = (await (await fetch(`${serval.origin}/healthz`)).json()) as HealthReport;
    assert.equal(report.status, 'ready');
    assert.equal(report.server?.requestsStarted, 4);
    assert.equal((await fetch(`${serval.origin}/`)).status, 401);
    await serval.says(/ 401 GET {2}\/ /);
    assert.doesNotMatch(serval.stdout, /GET {2}\/(livez|readyz|healthz)/);
  });

  for (const workers of [[], ['--workers', '1']]) {
    it(`--health-port answers probes on its own port only ${workers.join(' ')}`, async () => {
      const words = [base, '--health-port', '0', '--drain-delay', '60', '--auth', `ann:${HASH}`, ...workers];
      await using serval = await ServalProcess.serve(words);
      const [, probes] = /Health: {2}(http:\/\/127\.0\.0\.1:\d+\/)healthz\n/.exec(serval.stdout)!;
      assert.ok(!serval.origin.startsWith(probes!.slice(0, -1)), serval.stdout);
      assert.equal((await fetch(`${serval.origin}/healthz`)).status, 401);
      assert.equal((await fetch(`${probes}livez`)).status, 200);
      assert.equal((await fetch(probes!)).status, 404);
      const report = (await (await fetch(`${probes}healthz`)).json()) as HealthReport;
      // The report is about the server of the site.
      assert.deepEqual([report.status, report.server?.requestsStarted], ['ready', 1]);
      serval.child.kill('SIGTERM');
      await serval.says(/Not ready any more/);
      await until('it is not ready', async () => (await fetch(`${probes}readyz`)).status === 503);
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 143);
    });
  }

  for (const workers of [[], ['--workers', '2']]) {
    it(`--metrics-port answers /metrics on its own port only, for all workers ${workers.join(' ')}`, async () => {
      const words = [base, '--metrics-port', '0', '--health-port', '0', '--log', ...workers];
      await using serval = await ServalProcess.serve(words);
      const [, metrics] = /Metrics: (http:\/\/127\.0\.0\.1:\d+\/)metrics\n/.exec(serval.stdout)!;
      assert.equal((await fetch(`${serval.origin}/metrics`)).status, 404);
      assert.equal((await fetch(metrics!)).status, 404);
      assert.equal((await fetch(`${metrics}healthz`)).status, 404);
      const scrape = async () => (await fetch(`${metrics}metrics`)).text();
      // The requests to the ports of operators are not counted.
      await until('the request is counted', async () =>
        /^http_server_request_duration_seconds_count\{.*code="404"\} 1$/m.test(await scrape()),
      );
      if (workers.length > 0)
        await until('both report', async () => /^serval_workers 2$/m.test(await scrape()));
      assert.doesNotMatch(serval.stdout, /200 GET {2}\/metrics/);
      // Workers outlive a supervisor that is killed, as long as connections are kept.
      serval.child.kill('SIGTERM');
      await serval.says(/Finishing requests/);
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 143);
    });
  }

  it('--metrics-port may be the port of --health-port', async () => {
    const port = String(await freePort());
    const words = [base, '--health-port', port, '--metrics-port', `127.0.0.1:${port}`];
    await using serval = await ServalProcess.serve(words);
    assert.match(
      serval.stdout,
      new RegExp(`Health: {2}.*:${port}/healthz\n {2}Metrics: .*:${port}/metrics\n`),
    );
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/livez`)).text(), 'ok');
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    assert.match(text, /^serval_connections 0$/m);
  });

  it('--log-format: the log in formats for programs, for HTTP/1 and HTTP/2', async () => {
    const lineOf = async (format: string, ...options: string[]): Promise<string> => {
      await using serval = await ServalProcess.serve([base, '--log-format', format]);
      const asked = promisify(execFile)('curl', ['-sS', ...options, `${serval.origin}/index.html?q="x`]);
      assert.equal((await asked).stdout, 'home');
      await serval.says(/index\.html\?q.*\n/);
      return serval.stdout.split('\n').find((line) => line.includes('?q'))!;
    };
    assert.match(
      await lineOf('common'),
      /^127\.0\.0\.1 - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/index\.html\?q=%22x HTTP\/1\.1" 200 4$/,
    );
    assert.match(
      await lineOf('combined', '--http2-prior-knowledge', '-A', 'my "agent"', '-e', 'http://from.example/'),
      / HTTP\/2\.0" 200 4 "http:\/\/from\.example\/" "my \\"agent\\""$/,
    );
    const entry = JSON.parse(await lineOf('json', '-A', 'agent', '-H', 'X-Request-Id: abc-1')) as {
      readonly time: string;
      readonly durationMs: number;
    };
    assert.ok(Math.abs(Date.parse(entry.time) - Date.now()) < 60_000);
    assert.ok(entry.durationMs > 0);
    assert.deepEqual(
      { ...entry, time: '', durationMs: 0 },
      {
        ...{ time: '', id: 'abc-1', remote: '127.0.0.1', method: 'GET', path: '/index.html?q=%22x' },
        ...{ protocol: 'HTTP/1.1', status: 200, bytes: 4, durationMs: 0, userAgent: 'agent' },
      },
    );
  });

  it('limits and timeouts come from the command line and from serval.json', async () => {
    const config = join(base, 'limits.json');
    await writeFile(
      config,
      '{ "root": ".", "limits": { "maxHeaderSize": "1K" }, "timeouts": { "idle": "620s" } }',
    );
    const words = ['--config', config, '--max-request-line', '100'];
    await using serval = await ServalProcess.serve(words);
    const answerTo = async (head: string): Promise<{ status: number; keepAlive: string | undefined }> => {
      const connection = await RawConnection.connect({ port: serval.port });
      await connection.send(`${head}\r\n\r\n`);
      const [response] = await connection.receiveResponses(['GET']);
      connection.close();
      return { status: response!.status, keepAlive: response!.field('keep-alive') };
    };
    const line = (length: number) => `GET /?${'x'.repeat(length - 'GET /? HTTP/1.1'.length)} HTTP/1.1`;
    const host = '\r\nHost: localhost';
    // The section ends with an empty line.
    const fields = (length: number) =>
      `${host}\r\nX: ${'x'.repeat(length - 'Host: localhost\r\nX: \r\n\r\n'.length)}`;
    assert.equal((await answerTo(`${line(100)}${host}`)).status, 200);
    assert.equal((await answerTo(`${line(101)}${host}`)).status, 414);
    assert.equal((await answerTo(`GET / HTTP/1.1${fields(1024)}`)).status, 200);
    assert.equal((await answerTo(`GET / HTTP/1.1${fields(1025)}`)).status, 431);
    const { keepAlive } = await answerTo(`GET / HTTP/1.1${host}\r\nConnection: keep-alive`);
    if (keepAlive !== undefined) assert.match(keepAlive, /^timeout=6[01]\d/);
  });

  it('--drain-delay: after SIGTERM it is not ready and goes on for that time, alone and with workers', async () => {
    for (const workers of [[], ['--workers', '1']]) {
      // Longer than any machine takes for what comes in between; a second signal ends it.
      const words = [base, '--health', '--drain-delay', '60', ...workers];
      await using serval = await ServalProcess.serve(words);
      serval.child.kill('SIGTERM');
      await serval.says(/Not ready any more; continuing for 60 s\.\nFinishing/);
      for (let attempt = 0; (await fetch(`${serval.origin}/readyz`)).status === 200; attempt++) {
        // A worker is told by a message that may be on its way still.
        assert.ok(workers.length > 0 && attempt < 500, 'not ready any more');
      }
      const probe = await fetch(`${serval.origin}/readyz`);
      assert.deepEqual([probe.status, await probe.text()], [503, 'draining']);
      assert.equal((await fetch(`${serval.origin}/livez`)).status, 200);
      const page = await fetch(`${serval.origin}/`);
      assert.deepEqual([page.status, await page.text()], [200, 'home']);
      serval.child.kill('SIGTERM');
      assert.equal(await serval.exit(), 143);
    }
  });

  it('--drain-delay: SIGINT does not wait', async () => {
    await using serval = await ServalProcess.serve([base, '--drain-delay', '60']);
    serval.child.kill('SIGINT');
    assert.equal(await serval.exit(), 0);
    assert.doesNotMatch(serval.stdout, /Not ready/);
  });

  it('without --health a file of that name is served; and when the delay has passed, the exit code is 0', async () => {
    await using serval = await ServalProcess.serve([base, '--drain-delay', '200ms']);
    // Connections that are not kept, for which nobody who is told to stop has to wait.
    const ask = (path: string) => fetch(`${serval.origin}${path}`, { headers: { Connection: 'close' } });
    assert.equal(await (await ask('/healthz')).text(), 'a file of that name');
    assert.equal((await ask('/readyz')).status, 404);
    serval.child.kill('SIGTERM');
    assert.equal(await serval.exit(), 0);
    assert.match(serval.stdout, /continuing for 0\.2 s/);
  });

  it('--max-connections: one more waits, and is served when there is room', async () => {
    await using serval = await ServalProcess.serve([base, '--health', '--max-connections', '1']);
    const first = await RawConnection.connect({ port: serval.port });
    await first.send('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await first.receiveResponses(['GET']);
    const second = await RawConnection.connect({ port: serval.port });
    await second.send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    // Whoever is served learns that somebody waits.
    let close: string | undefined;
    for (let asked = 2; close !== 'close'; asked++) {
      assert.ok(asked < 500, first.transcript());
      await first.send('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
      close = (await first.receiveResponses(Array(asked).fill('GET'))).at(-1)?.field('connection');
    }
    assert.equal(second.receivedOctets, 0);
    first.close();
    assert.equal((await second.receiveResponses(['GET']))[0]?.text, 'home');
    second.close();
  });
});
