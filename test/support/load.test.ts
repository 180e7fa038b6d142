import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Response as ServalResponse } from '../../src/fetch/response.ts';
import { rawServer } from '../client/raw-server.ts';
import { withClient } from '../client/with-client.ts';
import { latin1 } from './each-split.ts';
import { load, percentiles } from './load.ts';

test('load: answers that are right are counted, on as many connections as were asked for', async () => {
  const ports = new Set<number>();
  await using pair = await withClient((request, context) => {
    ports.add(context.remoteAddress.port);
    return new ServalResponse(new URL(request.url).pathname);
  });
  const request = (number: number) => ({
    url: `${pair.url}/${number}`,
    status: 200,
    content: latin1(`/${number}`),
  });
  const report = await load({ connections: 4, requests: 400, request });
  assert.deepEqual([report.requests, report.failures.size, ports.size], [400, 0, 4]);
  const { p50, p99, most } = report.latency;
  assert.ok(p50 > 0 && p50 <= p99 && p99 <= most && report.seconds > 0);
});

test('load: what is wrong is counted by its kind', async () => {
  await using server = await rawServer((socket, text) => {
    const [, path] = /GET (\S+) /.exec(text.slice(text.lastIndexOf('GET '))) ?? [];
    const status = path === '/status' ? '500' : '200';
    const content = path === '/octets' ? 'hellO' : 'hello';
    if (path === '/cut') return socket.end('HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhe');
    if (path === '/broken') return socket.end('HTTP/1.1 2000 \r\n\r\n');
    return socket.write(`HTTP/1.1 ${status} \r\nContent-Length: 5\r\n\r\n${content}`);
  });
  const paths = ['/fine', '/status', '/octets', '/cut', '/broken'];
  const report = await load({
    connections: 2,
    requests: 50,
    request: (number) => ({ url: server.url + paths[number % 5], status: 200, content: latin1('hello') }),
  });
  assert.deepEqual([...report.failures].sort(), [
    ['ERR_HTTP_CONNECTION_RESET', 10],
    ['ERR_HTTP_PROTOCOL_ERROR', 10],
    ['other octets', 10],
    ['status 500', 10],
  ]);
});

test('load: it ends in time', async () => {
  await using pair = await withClient(() => new ServalResponse('x'));
  const request = () => ({ url: pair.url, status: 200, content: latin1('x') });
  const { seconds, requests } = await load({ connections: 2, milliseconds: 100, request });
  assert.ok(seconds >= 0.1 && seconds < 30 && requests >= 2, `${requests} in ${seconds} s`);
  await assert.rejects(load({ connections: 1, request }), RangeError);
});

test('load: percentiles are of the times that there were', () => {
  const times = Array.from({ length: 1_000 }, (_, i) => 1_000 - i);
  assert.deepEqual(percentiles(times), { p50: 500, p90: 900, p99: 990, p999: 999, most: 1_000 });
  assert.deepEqual(percentiles([7]), { p50: 7, p90: 7, p99: 7, p999: 7, most: 7 });
  assert.ok(Number.isNaN(percentiles([]).p50));
});
