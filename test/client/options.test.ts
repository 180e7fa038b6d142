import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../src/client/client.ts';
import { targetOf } from '../../src/client/connection/destination.ts';
import { type ClientOptions, resolveClientSettings } from '../../src/client/options.ts';
import { type FailedAttempt, mayRetry } from '../../src/client/retry.ts';

test('client options: members that are missing or undefined have their defaults', () => {
  const { timeouts, limits, decode, userAgent, family } = resolveClientSettings({
    timeouts: { idle: 5, ...({ send: undefined } as object) },
  });
  assert.deepEqual(timeouts, {
    connect: 10_000,
    continue: 1_000,
    headers: 300_000,
    receive: 300_000,
    send: 60_000,
    idle: 5,
  });
  assert.deepEqual(
    [limits.maxConnections, limits.maxRedirects, decode, userAgent, family],
    [128, 20, true, 'serval', 0],
  );
});

test('client options: the limits reach the decoder, and 0 disables', () => {
  const limitsOf = (limits: ClientOptions['limits'] & object) =>
    resolveClientSettings({ limits }).responseLimits;
  assert.equal(limitsOf({ maxHeaderSize: 7 }).fieldSection, 7);
  assert.equal(limitsOf({ maxHeaderSize: 0 }).fieldSection, Number.POSITIVE_INFINITY);
  assert.equal(limitsOf({ maxResponseSize: 7 }).content, 7);
});

test('client options: a bad option throws at once and names the option and the value', () => {
  const rows: [options: unknown, error: typeof TypeError | typeof RangeError, message: string][] = [
    [null, TypeError, 'options: expected an object, got null'],
    [{ timeout: 1 }, TypeError, 'options.timeout: there is no such option'],
    [
      { timeouts: { idle: -1 } },
      RangeError,
      'options.timeouts.idle: expected an integer from 0 to 9007199254740991, got -1',
    ],
    [
      { timeouts: { idle: '1' } },
      TypeError,
      'options.timeouts.idle: expected an integer from 0 to 9007199254740991, got "1"',
    ],
    [{ timeouts: { x: 1 } }, TypeError, 'options.timeouts.x: there is no such option'],
    [{ timeouts: 5 }, TypeError, 'options.timeouts: expected an object, got 5'],
    [
      { limits: { maxQueue: 1.5 } },
      RangeError,
      'options.limits.maxQueue: expected an integer from 0 to 9007199254740991, got 1.5',
    ],
    [
      { limits: { maxConnections: 0 } },
      RangeError,
      'options.limits.maxConnections: expected an integer from 1 to 9007199254740991, got 0',
    ],
    [{ family: 5 }, RangeError, 'options.family: expected one of 0, 4, 6, got 5'],
    [
      { connectionAttemptDelay: -1 },
      RangeError,
      'options.connectionAttemptDelay: expected an integer from 0 to 2147483647, got -1',
    ],
    [{ decode: 'no' }, TypeError, 'options.decode: expected a boolean, got "no"'],
    [{ userAgent: 1 }, TypeError, 'options.userAgent: expected a string, got 1'],
    [{ path: 1 }, TypeError, 'options.path: expected a string, got 1'],
    [{ lookup: 1 }, TypeError, 'options.lookup: expected a function, got 1'],
  ];
  for (const [options, error, message] of rows)
    assert.throws(
      () => new Client(options as ClientOptions),
      (thrown) => thrown instanceof error && thrown.message === message,
      JSON.stringify(options),
    );
});

test('RFC 9110 §4.2.3: URLs of one origin share their connections, however they are written', () => {
  const key = (url: string) => targetOf(url).destination.key;
  assert.equal(key('http://a/x'), key('HTTP://A:80/y#z'));
  for (const other of ['http://a:81/', 'http://b/', 'http://a.b/'])
    assert.notEqual(key('http://a/'), key(other));
});

test('RFC 9110 §7.2: Host has no default port, and brackets that a lookup must not get', () => {
  const { destination, path, href } = targetOf('http://[::1]:80/a?b#c');
  assert.deepEqual([destination.authority, destination.host, destination.port], ['[::1]', '::1', 80]);
  assert.deepEqual([path, href], ['/a?b', 'http://[::1]/a?b']);
  assert.equal(targetOf('http://a:8080').destination.authority, 'a:8080');
  assert.equal(targetOf(new URL('http://a')).path, '/');
});

test('client: targets are cached, and there may be any number of them', () => {
  for (let i = 0; i < 1_000; i++) assert.equal(targetOf(`http://a/${i}`).path, `/${i}`);
  assert.equal(targetOf('http://a/1'), targetOf('http://a/1'));
});

test('RFC 9110 §9.2.2: a request is sent again only if the server can not have acted on it, or if it is idempotent', () => {
  const attempt: FailedAttempt = {
    method: 'GET',
    wasReused: true,
    wasSent: true,
    wasAnswered: false,
    isUnprocessed: false,
    isReplayable: true,
    retries: 0,
  };
  assert.equal(mayRetry(attempt), true);
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE'])
    assert.equal(mayRetry({ ...attempt, method }), true);
  for (const method of ['POST', 'PATCH', 'get', 'X']) assert.equal(mayRetry({ ...attempt, method }), false);
  for (const change of [{ wasReused: false }, { wasAnswered: true }, { isReplayable: false }, { retries: 1 }])
    assert.equal(mayRetry({ ...attempt, ...change }), false, JSON.stringify(change));
  // Nothing was sent, so the server can't have acted on it.
  assert.equal(mayRetry({ ...attempt, method: 'POST', wasReused: false, wasSent: false }), true);
});
