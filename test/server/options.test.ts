/** What `serve` and `listen` are told: each mistake is named at once, and nothing listens then. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type ServerOptions, serve } from '../../src/index.ts';
import { resolveSettings } from '../../src/server/options.ts';

const handler = () => new Response();

type Row = readonly [options: unknown, error: typeof TypeError | typeof RangeError, ...named: RegExp[]];

const WRONG: readonly Row[] = [
  [null, TypeError, /null/],
  ['8080', TypeError, /8080/],
  [8080, TypeError, /8080/],
  [{ prot: 8080 }, TypeError, /prot/],
  [{ Port: 8080 }, TypeError, /Port/],
  [{ toString: 1 }, TypeError, /toString/],
  [{ port: '80a' }, TypeError, /port/, /80a/],
  [{ port: '65536' }, RangeError, /port/, /65536/],
  [{ port: null }, TypeError, /port/, /null/],
  [{ port: 65_536 }, RangeError, /port/, /65536/],
  [{ port: -1 }, RangeError, /port/, /-1/],
  [{ port: 1.5 }, RangeError, /port/, /1\.5/],
  [{ port: Number.NaN }, RangeError, /port/, /NaN/],
  [{ hostname: 127 }, TypeError, /hostname/, /127/],
  [{ path: 1 }, TypeError, /path/, /1/],
  [{ path: '/tmp/x', port: 80 }, TypeError, /path/, /port/],
  [{ path: '/tmp/x', mode: 0o1000 }, RangeError, /mode/, /512/],
  [{ path: '/tmp/x', mode: -1 }, RangeError, /mode/, /-1/],
  [{ path: '/tmp/x', mode: '660' }, TypeError, /mode/, /660/],
  [{ mode: 0o660 }, TypeError, /mode/, /path/],
  [{ reusePort: 'yes' }, TypeError, /reusePort/, /yes/],
  [{ ipv6Only: 1 }, TypeError, /ipv6Only/, /1/],
  [{ backlog: -2 }, RangeError, /backlog/, /-2/],
  [{ backlog: '5' }, TypeError, /backlog/, /5/],
  [{ autoContinue: 'no' }, TypeError, /autoContinue/, /no/],
  [{ signal: {} }, TypeError, /signal/, /object/],
  [{ timeouts: 5 }, TypeError, /timeouts/, /5/],
  [{ timeouts: null }, TypeError, /timeouts/, /null/],
  [{ timeouts: { idel: 5 } }, TypeError, /timeouts\.idel/],
  [{ timeouts: { idle: -7 } }, RangeError, /timeouts\.idle/, /-7/],
  [{ timeouts: { idle: '5s' } }, TypeError, /timeouts\.idle/, /5s/],
  [{ timeouts: { waitUntil: Number.POSITIVE_INFINITY } }, RangeError, /timeouts\.waitUntil/, /Infinity/],
  [{ limits: [] }, TypeError, /limits/],
  [{ limits: 'x' }, TypeError, /limits/, /x/],
  [{ limits: { maxBody: 1 } }, TypeError, /limits\.maxBody/],
  [{ limits: { maxHeaderSize: 1.5 } }, RangeError, /limits\.maxHeaderSize/, /1\.5/],
  [{ limits: { maxConnections: '9' } }, TypeError, /limits\.maxConnections/, /9/],
  [{ proxy: true }, TypeError, /proxy/, /true/],
  [{ proxy: null }, TypeError, /proxy/, /null/],
  [{ proxy: { trust: [] } }, TypeError, /proxy\.trust\b/],
  [{ proxy: { trusted: '127.0.0.1', protocol: true } }, TypeError, /proxy\.trusted/, /127\.0\.0\.1/],
  [{ proxy: { trusted: [1], protocol: true } }, TypeError, /proxy\.trusted/, /1/],
  [{ proxy: { trusted: ['10.0.0.0/33'], protocol: true } }, TypeError, /proxy\.trusted/, /10\.0\.0\.0\/33/],
  [{ proxy: { trusted: ['localhost'], fields: 'forwarded' } }, TypeError, /proxy\.trusted/, /localhost/],
  [{ proxy: { trusted: ['127.0.0.1'], protocol: 'v2' } }, TypeError, /proxy\.protocol/, /v2/],
  [{ proxy: { trusted: ['127.0.0.1'], fields: 'Forwarded' } }, TypeError, /proxy\.fields/, /Forwarded/],
  [{ proxy: { trusted: ['127.0.0.1'] } }, TypeError, /proxy/, /protocol/, /fields/],
  [{ proxy: { protocol: true } }, TypeError, /proxy\.trusted/, /missing/],
  [{ proxy: { fields: 'x-forwarded' } }, TypeError, /proxy\.trusted/, /missing/],
  [{ limits: { maxWaitingConnections: -1 } }, RangeError, /limits\.maxWaitingConnections/, /-1/],
  [{ whenFull: 'queue' }, RangeError, /whenFull/, /queue/],
  [{ whenFull: null }, RangeError, /whenFull/, /null/],
];

describe('options', () => {
  for (const [options, kind, ...named] of WRONG) {
    if (Array.isArray((options as { limits?: unknown } | null)?.limits)) continue; // An empty list has no members to be wrong.
    const shown = typeof options === 'object' ? JSON.stringify(options) : String(options);
    test(`${shown} is a ${kind.name} that names the option and the value, at once`, () => {
      assert.throws(
        () => serve(handler, options as ServerOptions),
        (error: unknown) => {
          assert.ok(error instanceof kind, String(error));
          for (const pattern of named) assert.match(error.message, pattern);
          return true;
        },
      );
    });

    test(`listen: ${shown} rejects with the same`, async () => {
      const server = serve(handler);
      await assert.rejects(server.listen(options as ServerOptions), kind);
      assert.deepEqual([...server], [], 'nothing listens');
      await server.close();
    });
  }

  for (const options of [{ quic: true }, { quic: {} }]) {
    test(`${JSON.stringify(options)} is a NotSupportedError that names the option`, async () => {
      const [name] = Object.keys(options);
      const isNotSupported = (error: unknown) =>
        error instanceof DOMException && error.name === 'NotSupportedError' && error.message.includes(name!);
      assert.throws(() => serve(handler, options), isNotSupported);
      const server = serve(handler);
      await assert.rejects(server.listen(options), isNotSupported);
      await server.close();
    });
  }

  test('what is undefined, and what the draft has for other protocols, is taken for absent', async () => {
    const options = {
      tls: undefined,
      quic: false,
      altSvc: false,
      timeouts: { idle: undefined },
      limits: {},
    };
    await serve(handler, options as unknown as ServerOptions).close();
  });

  test('a port that is given as undefined is a TypeError: a server must not listen nowhere in silence', () => {
    const unset = process.env['SERVAL_NO_SUCH_PORT'];
    assert.throws(() => serve(handler, { port: unset } as never), {
      name: 'TypeError',
      message: 'options.port: expected an integer from 0 to 65535, got undefined',
    });
  });

  test('limits.maxConcurrentStreams, which the draft has, is accepted: HTTP/1.1 has no streams to limit', async () => {
    await serve(handler, { limits: { maxConcurrentStreams: 100 } } as ServerOptions).close();
  });
});

describe('resolveSettings', () => {
  test('has the defaults that are documented', () => {
    const settings = resolveSettings({}, {});
    assert.deepEqual(settings.timeouts, {
      handshake: 10_000,
      idle: 65_000,
      headers: 30_000,
      receive: 60_000,
      send: 60_000,
      tunnelIdle: 0,
      waitUntil: 30_000,
      close: 60_000,
    });
    assert.equal(settings.messageLimits.content, 16 * 2 ** 20);
    assert.equal(settings.messageLimits.fieldSection, 16_384);
    assert.equal(settings.maxConnections, Infinity);
    assert.equal(settings.maxWaitingConnections, 511);
    assert.equal(settings.whenFull, 'wait');
    assert.equal(settings.maxRequestsPerConnection, Infinity);
    assert.equal(settings.autoContinue, true);
  });

  test('what listen says wins, member by member (draft, "Timeouts")', () => {
    const settings = resolveSettings(
      {
        timeouts: { idle: 1, send: 2 },
        limits: { maxConnections: 3, maxRequestBodySize: 4 },
        whenFull: 'close',
      },
      { timeouts: { idle: 5 }, limits: { maxConnections: 6 }, whenFull: 'refuse' },
    );
    assert.equal(settings.timeouts.idle, 5);
    assert.equal(settings.timeouts.send, 2);
    assert.equal(settings.timeouts.receive, 60_000);
    assert.equal(settings.maxConnections, 6);
    assert.equal(settings.whenFull, 'refuse');
    assert.equal(resolveSettings({ whenFull: 'close' }, {}).whenFull, 'close');
    assert.equal(settings.messageLimits.content, 4);
  });

  test('what listen says about proxies replaces what serve was told', () => {
    const server = { proxy: { protocol: true, trusted: ['127.0.0.1'] } };
    assert.equal(resolveSettings({}, {}).proxy, undefined);
    assert.equal(resolveSettings(server, {}).proxy?.protocol, true);
    assert.equal(resolveSettings(server, { proxy: {} }).proxy, undefined);
    const { proxy } = resolveSettings(server, { proxy: { fields: 'forwarded', trusted: [] } });
    assert.equal(proxy?.protocol, false);
    assert.notEqual(proxy?.forwarding, undefined);
  });

  test('0 disables', () => {
    const settings = resolveSettings(
      {
        limits: {
          maxHeaderSize: 0,
          maxRequestsPerConnection: 0,
          maxConnections: 0,
          maxWaitingConnections: 0,
        },
        timeouts: { idle: 0 },
      },
      {},
    );
    assert.equal(settings.messageLimits.fieldSection, Infinity);
    assert.equal(settings.maxRequestsPerConnection, Infinity);
    assert.equal(settings.maxConnections, Infinity);
    assert.equal(settings.maxWaitingConnections, Infinity);
    assert.equal(settings.timeouts.idle, 0);
  });
});
