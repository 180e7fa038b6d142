import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SocketAddress } from '../../../src/io/socket-address.ts';
import { askerOf, RecentFailures } from '../../../src/site/access/asker.ts';

const at = (address: string, port = 1, family: SocketAddress['family'] = 'IPv6') => ({
  address,
  port,
  family,
});

describe('askerOf', () => {
  const blocks: [SocketAddress, string][] = [
    [at('192.0.2.1', 1, 'IPv4'), '192.0.2.1'],
    [at('::ffff:192.0.2.1'), '192.0.2.1'],
    [at('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2'],
    [at('2001:db8::6'), '2001:db8:0:0'],
    [at('2001:0DB8::3:4:5:6:7'), '2001:db8:0:3'],
    [at('::1'), '0:0:0:0'],
    [at('fe80::1%eth0'), 'fe80:0:0:0'],
    [at('', 0, 'unix'), 'unix'],
    [at('', 0, ''), ''],
  ];
  for (const [remote, block] of blocks) {
    it(`counts ${remote.address || `the family "${remote.family}"`} as ${block}`, () =>
      assert.equal(askerOf(remote).address, block));
  }

  it('tells connections of one address apart', () => {
    const [a, b] = [askerOf(at('::1', 1)), askerOf(at('::1', 2))];
    assert.equal(a.address, b.address);
    assert.notEqual(a.connection, b.connection);
  });
});

describe('RecentFailures', () => {
  it('counts by address and by connection, and forgets after ten minutes', () => {
    let now = 0;
    const failures = new RecentFailures(() => now);
    const [a, b] = [askerOf(at('::1', 1)), askerOf(at('::1', 2))];
    failures.note(a);
    failures.note(b);
    assert.deepEqual([failures.of(a.address), failures.of(a.connection)], [2, 1]);
    now += 10 * 60_000 - 1;
    assert.equal(failures.of(a.address), 2);
    now += 1;
    assert.equal(failures.of(a.address), 0);
    failures.note(a);
    assert.equal(failures.of(a.address), 1);
  });

  it('remembers 4,096 addresses and connections, those of the last failures', () => {
    const failures = new RecentFailures();
    const asker = (i: number) => ({ address: `a${i}`, connection: `c${i}` });
    for (let i = 0; i < 2_048; i++) failures.note(asker(i));
    assert.equal(failures.of('a0'), 1);
    failures.note(asker(2_048));
    assert.deepEqual([failures.of('a0'), failures.of('c0'), failures.of('a1')], [0, 0, 1]);
  });
});
