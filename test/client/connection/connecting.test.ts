import assert from 'node:assert/strict';
import net, { type LookupFunction } from 'node:net';
import { test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { answering, rawServer } from '../raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

const to = (...addresses: string[]): { lookup: LookupFunction } => ({
  lookup: (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: net.isIP(address) })),
    ),
});

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function failureOf(options: ClientOptions, url: string): Promise<Error & { code?: string }> {
  await using client = new Client(options);
  return client.fetch(url).then(
    () => assert.fail('it is answered'),
    (error: Error) => error,
  );
}

test('RFC 8305 §5: addresses that refuse do not keep the client from the one that answers', async () => {
  await using server = await rawServer(answering(() => OK));
  await using client = new Client(to('127.0.0.2', '127.0.0.3', '127.0.0.1'));
  assert.equal(await (await client.fetch(`http://many.example:${server.port}/`)).text(), 'ok');
});

test('client: when all addresses fail, the error names each with its reason', async () => {
  const port = await closedPort();
  const error = await failureOf(to('127.0.0.1', '127.0.0.2'), `http://two.example:${port}/`);
  assert.equal(error.code, 'ERR_HTTP_CONNECT_ERROR');
  assert.equal(
    error.message,
    `No connection: connect ECONNREFUSED 127.0.0.1:${port}; connect ECONNREFUSED 127.0.0.2:${port}`,
  );
  assert.ok(error.cause instanceof AggregateError && error.cause.errors.length === 2);
  const single = await failureOf({}, `http://127.0.0.1:${port}/`);
  assert.equal(single.message, `No connection: connect ECONNREFUSED 127.0.0.1:${port}`);
  assert.equal((single.cause as { code?: string }).code, 'ECONNREFUSED');
});

test('client: a lookup that fails, throws, or gives no address fails the request', async () => {
  const rows: [lookup: LookupFunction, message: string][] = [
    [(_name, _options, callback) => callback(new Error('no such name'), ''), 'no such name'],
    [
      () => {
        throw new Error('mine');
      },
      'mine',
    ],
    [(_name, _options, callback) => callback(null, []), 'the lookup of a.example gave no address'],
    [(_name, _options, callback) => callback(null, 'a.example'), 'the lookup of a.example gave no address'],
    [(_name, _options, callback) => callback(null, '::1', 6), 'the lookup of a.example gave no address'],
  ];
  for (const [lookup, message] of rows) {
    const error = await failureOf({ lookup, family: 4 }, 'http://a.example/');
    assert.equal(error.message, `No connection: ${message}`);
    assert.equal(error.code, 'ERR_HTTP_CONNECT_ERROR');
  }
});

test('client: a lookup that fails at once fails thousands of requests', async () => {
  const lookup: LookupFunction = (_name, _options, callback) => callback(new Error('no such name'), '');
  await using client = new Client({ lookup, limits: { maxConnections: 1 } });
  const requests = Array.from({ length: 5_000 }, () => client.fetch('http://a.example/').catch(String));
  const messages = new Set(await Promise.all(requests));
  assert.deepEqual([...messages], ['TypeError: No connection: no such name']);
});

test('client: a connection that is not established in time says what it waited for', async () => {
  const timeouts = { connect: 50 };
  // A lookup that is in progress keeps the process alive.
  const alive = setTimeout(() => {}, 60_000);
  const lookup: LookupFunction = () => {};
  const unresolved = await failureOf({ lookup, timeouts }, 'http://a.example/');
  assert.equal(unresolved.code, 'ERR_HTTP_TIMEOUT');
  assert.equal(
    unresolved.message,
    'The connection to a.example:80 was not established in time: no answer to the lookup of a.example',
  );
  clearTimeout(alive);
});

test('client: a lookup may give one address alone, as without `all`', async () => {
  await using server = await rawServer(answering(() => OK));
  await using client = new Client({
    lookup: (_name, _options, callback) => callback(null, '127.0.0.1', 4),
  });
  assert.equal(await (await client.fetch(`http://one.example:${server.port}/`)).text(), 'ok');
});
