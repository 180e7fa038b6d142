import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { rawServer } from '../client/raw-server.ts';
import { asked, CheckingClient } from './checking-client.ts';

const HELLO = Buffer.from('hello');
const PATHS = ['/fine', '/status', '/octets', '/cut', '/closed', '/surplus', '/chunked'];

/** Runs until so many requests have been sent; behind them only `/fine` is asked for. */
async function ask(
  port: number,
  requests: number,
  lanes: { keptLanes: number; singleLanes: number },
  paths: readonly string[] = ['/fine'],
) {
  let whenEnough = () => {};
  const enough = new Promise<void>((resolve) => {
    whenEnough = resolve;
  });
  const client = new CheckingClient({
    port,
    ...lanes,
    request: (number) => {
      if (number >= requests) whenEnough();
      return asked('GET', number >= requests ? '/fine' : paths[number % paths.length]!, HELLO);
    },
  });
  await enough;
  return client.stop();
}

/** Answers the last request that has come in full; says close to each third on a connection. */
function answer(socket: Socket, text: string): void {
  if (!text.endsWith('\r\n\r\n')) return;
  const path = /GET (\S+) /.exec(text.slice(text.lastIndexOf('GET ')))![1]!;
  const isLast = (text.split('GET ').length - 1) % 3 === 0;
  const head = (status: string) =>
    `HTTP/1.1 ${status}\r\nX-Worker: w1\r\n${isLast ? 'connection: close\r\n' : ''}`;
  const octets: Record<string, string> = {
    '/fine': `${head('200 OK')}content-length: 5\r\n\r\nhello`,
    '/status': `${head('503 Service Unavailable')}Content-Length: 5\r\n\r\nhello`,
    '/octets': `${head('200 OK')}Content-Length: 5\r\n\r\nhellO`,
    '/surplus': `${head('200 OK')}Content-Length: 5\r\n\r\nhello, too much`,
    '/chunked': `${head('200 OK')}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`,
    '/cut': `${head('200 OK')}Content-Length: 5\r\n\r\nhe`,
    '/closed': '',
  };
  socket.write(octets[path]!);
  if (isLast || path === '/cut' || path === '/closed') socket.end();
}

test('checking client: each answer that is not what was asked for is counted by its kind, and none is asked for again', async () => {
  await using server = await rawServer(answer);
  const report = await ask(server.port, 70, { keptLanes: 2, singleLanes: 1 }, PATHS);
  assert.deepEqual([...report.failures].sort(), [
    ['closed', 10],
    ['cut off', 10],
    ['other octets', 20],
    ['status 503', 10],
  ]);
  const asks = server.received.map((text) => text.split('GET ').length - 1);
  assert.equal(
    asks.reduce((sum, count) => sum + count, 0),
    report.requests,
  );
  assert.equal(report.failed.length, 50);
  assert.ok(report.failed.every(({ isIdempotent }) => isIdempotent));
  assert.equal(server.accepted, report.connections);
});

test('checking client: Connection: close is followed by a new connection, and is no failure', async () => {
  await using server = await rawServer(answer);
  const report = await ask(server.port, 30, { keptLanes: 1, singleLanes: 0 });
  assert.equal(report.failures.size, 0);
  assert.equal(report.connections, Math.ceil(report.requests / 3));
  assert.deepEqual([...report.answers], [['w1', report.requests]]);
});

test('checking client: a POST is sent with its body, and may not be sent again', async () => {
  await using server = await rawServer((socket) => socket.destroy());
  let requests = 0;
  const client = new CheckingClient({
    port: server.port,
    keptLanes: 1,
    singleLanes: 0,
    request: () => {
      requests++;
      return asked('POST', '/echo', HELLO, HELLO);
    },
  });
  while (client.take().requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const [inFlight] = client.inFlight();
  await client.stop();
  assert.match(server.received[0]!, /^POST \/echo HTTP\/1\.1\r\n[\s\S]*Content-Length: 5\r\n\r\nhello$/);
  assert.ok(requests > 0 && (inFlight === undefined || !inFlight.isIdempotent));
});

test('checking client: an answer that does not come is a failure', async () => {
  await using server = await rawServer(() => {});
  const request = () => asked('GET', '/', HELLO);
  const client = new CheckingClient({
    port: server.port,
    keptLanes: 2,
    singleLanes: 0,
    request,
    patience: 50,
  });
  const report = await client.stop();
  assert.deepEqual([...report.failures], [['no answer', 2]]);
});
