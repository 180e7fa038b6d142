import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { xForwardedHop } from '../../../src/semantics/address/x-forwarded.ts';

interface Lines {
  readonly for?: string | string[];
  readonly proto?: string | string[];
  readonly host?: string | string[];
}

const NONE: string[] = [];

/** Proxies have addresses that begin with 10. */
function hopOf({ for: clients = NONE, proto = NONE, host = NONE }: Lines) {
  const lines = { for: [clients].flat(), proto: [proto].flat(), host: [host].flat() };
  return xForwardedHop(lines, ({ address }) => address.startsWith('10.'));
}

const clientOf = (...lines: string[]) => hopOf({ for: lines })?.client?.address;

describe('xForwardedHop', () => {
  test('X-Forwarded: without any of the fields nothing has been forwarded', () => {
    assert.equal(hopOf({}), undefined);
  });

  test('X-Forwarded-For: from the right, the first address that is no proxy of ours is the client', () => {
    assert.equal(clientOf('192.0.2.1'), '192.0.2.1');
    assert.equal(clientOf('6.6.6.6, 192.0.2.1'), '192.0.2.1');
    assert.equal(clientOf('6.6.6.6, 192.0.2.1,10.0.0.2 ,\t10.0.0.1'), '192.0.2.1');
    assert.equal(clientOf('6.6.6.6, 10.0.0.9, 192.0.2.1:5000, 10.0.0.2:80'), '192.0.2.1');
    assert.equal(clientOf('6.6.6.6', '2001:DB8::1', '10.0.0.2, 10.0.0.1'), '2001:db8::1');
    assert.deepEqual(hopOf({ for: '[2001:db8::1]:5000' })?.client, {
      address: '2001:db8::1',
      port: 5000,
      family: 'IPv6',
    });
  });

  test('X-Forwarded-For: where all are proxies of ours, the farthest is the client', () => {
    assert.equal(clientOf('10.0.0.3', '10.0.0.2,10.0.0.1'), '10.0.0.3');
  });

  test('X-Forwarded-For: at a hop that can not be read the client is unknown, whatever stands before it', () => {
    for (const hop of ['unknown', '', 'a.example', '1.2.3', '_x', '"192.0.2.1"', 'unix:']) {
      assert.equal(clientOf(`6.6.6.6, ${hop}`), undefined, hop);
      assert.equal(clientOf(`6.6.6.6, ${hop}, 10.0.0.1`), undefined, hop);
      assert.equal(clientOf(`${hop}, 192.0.2.1, 10.0.0.1`), '192.0.2.1', hop);
    }
  });

  test('X-Forwarded: where nobody says who the client is, it is unknown', () => {
    assert.deepEqual(hopOf({ proto: 'https' }), { client: undefined, scheme: 'https', host: undefined });
  });

  test('X-Forwarded-Proto, -Host: where there is one of each, it is believed, whichever hop it is for', () => {
    for (const clients of [
      '192.0.2.1',
      '6.6.6.6, 192.0.2.1',
      '192.0.2.1, 10.0.0.2',
      '192.0.2.1, 10.0.0.2, 10.0.0.1',
    ]) {
      const { client, scheme, host } = hopOf({ for: clients, proto: 'HTTPS', host: 'public.example' })!;
      assert.deepEqual([client?.address, scheme, host], ['192.0.2.1', 'https', 'public.example'], clients);
    }
  });

  test('X-Forwarded-Proto, -Host: where there are more, the one that stands where the client does is believed', () => {
    const rows: [Lines, 'http' | 'https' | undefined, string | undefined][] = [
      [
        { for: '192.0.2.1', proto: 'http, https', host: 'evil.example, public.example' },
        'https',
        'public.example',
      ],
      [
        {
          for: '192.0.2.1, 10.0.0.2',
          proto: 'http, https, http',
          host: ['evil.example', 'public.example', 'inner'],
        },
        'https',
        'public.example',
      ],
      // Too few to tell which is whose.
      [{ for: '192.0.2.1, 10.0.0.2, 10.0.0.1', proto: 'https, http', host: 'a,b' }, undefined, undefined],
    ];
    for (const [lines, expectedScheme, expectedHost] of rows) {
      const { scheme, host } = hopOf(lines)!;
      assert.deepEqual([scheme, host], [expectedScheme, expectedHost], JSON.stringify(lines));
    }
  });

  test('X-Forwarded-Proto, -Host: only http and https are schemes, only an authority is a host', () => {
    for (const proto of ['ws', 'wss', 'on', '', '"https"'])
      assert.equal(hopOf({ for: '192.0.2.1', proto })?.scheme, undefined, proto);
    for (const host of ['u@a', 'a/b', 'a b', '', 'a:99999', 'http://a'])
      assert.equal(hopOf({ for: '192.0.2.1', host })?.host, undefined, host);
  });

  test('X-Forwarded-For: a long list of proxies takes time in proportion', () => {
    const start = performance.now();
    assert.equal(clientOf(`192.0.2.1${', 10.0.0.1'.repeat(50_000)}`), '192.0.2.1');
    assert.ok(performance.now() - start < 5_000);
  });
});
