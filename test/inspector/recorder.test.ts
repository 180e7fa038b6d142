import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeptOctets } from '../../src/inspector/recorder/kept-octets.ts';
import { RateLimit } from '../../src/inspector/recorder/rate-limit.ts';
import { Recorder, type RecorderLimits } from '../../src/inspector/recorder/recorder.ts';
import type { ConnectionObserver, ObservedExchange } from '../../src/server/observer.ts';

const LIMITS: RecorderLimits = {
  ...{ maxExchanges: 10, maxConnections: 3, maxBytes: 1_000_000, maxExchangeBytes: 100, maxRate: 1_000 },
};
const ENDS = {
  remoteAddress: { address: '127.0.0.1', port: 50_000, family: 'IPv4' },
  localAddress: { address: '127.0.0.1', port: 4_221, family: 'IPv4' },
} as const;

const octetsOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function exchangeOf(path: string, hasContent = false): ObservedExchange {
  const head = {
    ...{ method: 'GET', scheme: undefined, authority: 'a', path, version: '1.1', hasContent },
    ...{ expectsContinue: false, connect: undefined, text: '', fields: new Map() },
  };
  return { head, state: 'open', status: 200 } as unknown as ObservedExchange;
}

function request(connection: ConnectionObserver, path: string): void {
  connection.onReceived(octetsOf(`GET ${path} HTTP/1.1\r\n\r\n`), 0);
  const exchange = connection.onExchange(exchangeOf(path), 0, 0);
  exchange?.onState('respond', 'committed');
  connection.onSent('HTTP/1.1 200 OK\r\n\r\n');
  exchange?.onEnd(undefined);
}

describe('KeptOctets', () => {
  for (const kind of ['text', 'octets'] as const) {
    it(`keeps as many as the limit, and counts one more: ${kind}`, () => {
      const of = (text: string) => (kind === 'text' ? text : octetsOf(text));
      const kept = new KeptOctets(4);
      assert.equal(kept.add(of('ab'), 0), 2);
      assert.equal(kept.add(of('cd'), 0), 2);
      assert.deepEqual([kept.text, kept.length, kept.kept], ['abcd', 4, 4]);
      assert.equal(kept.add(of('e'), 0), 0);
      assert.deepEqual([kept.text, kept.length, kept.kept], ['abcd', 5, 4]);
      const cut = new KeptOctets(4);
      assert.equal(cut.add(of('abc\xffe'), 0), 4);
      assert.deepEqual([cut.text, cut.length], ['abc\xff', 5]);
    });
  }

  it('copies octets that may be overwritten', () => {
    const octets = octetsOf('ab');
    const kept = new KeptOctets(4);
    kept.add(octets, 0);
    octets.fill(0);
    assert.equal(kept.text, 'ab');
  });
});

describe('KeptOctets, with their times', () => {
  it('keep nothing behind octets that were not kept: there are no gaps', () => {
    const kept = new KeptOctets(10);
    kept.add('ab', 0);
    kept.skip(3);
    assert.equal(kept.add('cd', 1), 0);
    assert.deepEqual([kept.text, kept.length, kept.kept], ['ab', 7, 2]);
  });

  it('know when they passed, as far as they are kept', () => {
    const kept = new KeptOctets(7);
    kept.add('ab', 1);
    kept.add('c', 1.05);
    kept.add('de', 2);
    kept.add('fghi', 3);
    assert.deepEqual(kept.writes, [
      { at: 1, length: 3 },
      { at: 2, length: 2 },
      { at: 3, length: 2 },
    ]);
  });

  it('tell 256 writes apart; one more counts to the last', () => {
    const kept = new KeptOctets(1_000);
    for (let at = 1; at <= 256; at++) kept.add('a', at);
    assert.equal(kept.writes.length, 256);
    kept.add('a', 257);
    assert.deepEqual([kept.writes.length, kept.writes.at(-1)], [256, { at: 256, length: 2 }]);
  });
});

describe('RateLimit', () => {
  it('lets so many pass in a tenth of a second, and counts one more', () => {
    const limit = new RateLimit(30);
    assert.deepEqual(
      [0, 1, 2, 3].map((now) => limit.take(now)),
      [true, true, true, false],
    );
    assert.equal(limit.skipped, 1);
    assert.ok(limit.take(100));
  });
});

describe('Recorder', () => {
  it('keeps as many exchanges as it may; one more takes the place of the oldest', () => {
    const recorder = new Recorder(LIMITS);
    const connection = recorder.onConnection(ENDS)!;
    for (let i = 1; i <= 10; i++) request(connection, `/${i}`);
    assert.equal(recorder.exchanges.size, 10);
    request(connection, '/11');
    assert.deepEqual([...recorder.exchanges.keys()], [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('drops one that has ended before one that is open', () => {
    const recorder = new Recorder({ ...LIMITS, maxExchanges: 2 });
    const [open, other] = [recorder.onConnection(ENDS)!, recorder.onConnection(ENDS)!];
    open.onReceived(octetsOf('GET /open HTTP/1.1\r\n\r\n'), 0);
    open.onExchange(exchangeOf('/open'), 0, 0);
    for (const path of ['/a', '/b', '/c']) request(other, path);
    assert.deepEqual(
      [...recorder.exchanges.values()].map(({ row }) => row.path),
      ['/open', '/c'],
    );
  });

  it('keeps no more bytes than it may, however many exchanges there are', () => {
    const maxBytes = 64 * 1024;
    const limits = { ...LIMITS, maxExchanges: 1_000, maxBytes, maxExchangeBytes: 10_000, maxRate: 100_000 };
    const recorder = new Recorder(limits);
    const connection = recorder.onConnection(ENDS)!;
    for (let i = 0; i < 200; i++) {
      connection.onReceived(octetsOf(`GET /${'x'.repeat(900)} HTTP/1.1\r\n\r\n`), 0);
      const exchange = connection.onExchange(exchangeOf('/'), 0, 0);
      connection.onSent('y'.repeat(2_000));
      exchange?.onEnd(undefined);
      assert.ok(recorder.bytes <= maxBytes, `${recorder.bytes} bytes`);
    }
    assert.ok(recorder.exchanges.size > 10);
    const counted = [...recorder.exchanges.values()].reduce((sum, { kept }) => sum + kept + 1_500, 0);
    assert.equal(recorder.bytes, counted);
  });

  it('records no connection while as many are open as it may keep, and drops closed ones', () => {
    const recorder = new Recorder(LIMITS);
    const open = [1, 2, 3].map(() => recorder.onConnection(ENDS)!);
    assert.equal(recorder.onConnection(ENDS), undefined);
    open[1]!.onClose();
    assert.ok(recorder.onConnection(ENDS));
    assert.deepEqual([...recorder.connections.keys()], [1, 3, 4]);
  });

  it('keeps the keys of TLS only if secrets are asked for: 8 lines of 512 octets, and no more', () => {
    assert.equal(new Recorder(LIMITS).onConnection(ENDS)!.onKeyLog, undefined);
    const recorder = new Recorder({ ...LIMITS, secrets: true });
    const connection = recorder.onConnection(ENDS)!;
    const { keyLines } = recorder.connections.get(1)!;
    connection.onKeyLog!(new Uint8Array(513));
    assert.equal(keyLines.length, 0);
    for (let i = 0; i < 8; i++) connection.onKeyLog!(new Uint8Array(512));
    assert.equal(keyLines.length, 8);
    connection.onKeyLog!(new Uint8Array(1));
    assert.equal(keyLines.length, 8);
  });

  it('counts the exchanges that are too many at once', () => {
    const recorder = new Recorder({ ...LIMITS, maxRate: 20 }, () => 0);
    const connection = recorder.onConnection(ENDS)!;
    for (let i = 0; i < 5; i++) request(connection, '/');
    assert.equal(recorder.exchanges.size, 2);
    assert.equal(recorder.skipped, 3);
    assert.equal(recorder.connections.get(1)!.row.exchanges, 5);
  });

  it('keeps nothing of a request that arrives when there were too many, and all of the next that there is room for', () => {
    let now = 0;
    const recorder = new Recorder({ ...LIMITS, maxRate: 10 }, () => now);
    const connection = recorder.onConnection(ENDS)!;
    request(connection, '/1');
    // A pipeline of two, the second of which has content that comes later.
    connection.onReceived(octetsOf('GET /2 HTTP/1.1\r\n\r\nPOST /3 HTTP/1.1\r\n\r\n'), 0);
    assert.equal(connection.onExchange(exchangeOf('/2'), 0, 21), undefined);
    now = 150;
    assert.equal(connection.onExchange(exchangeOf('/3', true), 0, 0), undefined);
    connection.onReceived(octetsOf('abGET /4'), 0);
    connection.onRequestEnd(6);
    connection.onReceived(octetsOf(' HTTP/1.1\r\n\r\n'), 6);
    assert.equal(connection.onExchange(exchangeOf('/4'), 0, 0), undefined);
    connection.onSent('HTTP/1.1 200 OK\r\n\r\n');
    request(connection, '/5');
    assert.deepEqual(
      [...recorder.exchanges.values()].map(({ row, request: { text } }) => [row.path, text]),
      [
        ['/1', 'GET /1 HTTP/1.1\r\n\r\n'],
        ['/5', 'GET /5 HTTP/1.1\r\n\r\n'],
      ],
    );
    const { row } = recorder.connections.get(1)!;
    assert.deepEqual([recorder.skipped, row.exchanges], [3, 5]);
  });

  it('gives each request of a pipeline its octets, and says how long it waited', () => {
    let now = 0;
    const recorder = new Recorder(LIMITS, () => now);
    const connection = recorder.onConnection(ENDS)!;
    const [one, two] = ['GET /1 HTTP/1.1\r\n\r\n', 'GET /22 HTTP/1.1\r\n\r\n'];
    now = 5;
    connection.onReceived(octetsOf(one + two), 0);
    const first = connection.onExchange(exchangeOf('/1'), 0, two.length)!;
    now = 9;
    first.onEnd(undefined);
    connection.onExchange(exchangeOf('/22'), 0, 0);
    const records = [...recorder.exchanges.values()];
    assert.deepEqual(
      records.map(({ request: { text } }) => text),
      [one, two],
    );
    assert.deepEqual(
      records.map(({ row }) => [row.arrivedAt, row.beganAt]),
      [
        [5, 5],
        [5, 9],
      ],
    );
  });

  it('gives content to its request, and what follows to the next', () => {
    const recorder = new Recorder(LIMITS);
    const connection = recorder.onConnection(ENDS)!;
    connection.onReceived(octetsOf('POST / HTTP/1.1\r\n\r\nab'), 0);
    connection.onExchange(exchangeOf('/', true), 0, 2);
    connection.onReceived(octetsOf('cdGET /2'), 0);
    connection.onRequestEnd(6);
    connection.onReceived(octetsOf(' HTTP/1.1\r\n\r\n'), 6);
    connection.onExchange(exchangeOf('/2'), 0, 0);
    assert.deepEqual(
      [...recorder.exchanges.values()].map(({ request: { text } }) => text),
      ['POST / HTTP/1.1\r\n\r\nabcd', 'GET /2 HTTP/1.1\r\n\r\n'],
    );
  });
});
