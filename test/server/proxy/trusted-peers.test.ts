import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Peer, TrustedPeers } from '../../../src/server/proxy/trusted-peers.ts';

const peer = (address: string): Peer => ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4' });

function assertTrusts(rules: readonly string[], trusted: readonly string[], others: readonly string[]): void {
  const peers = new TrustedPeers(rules);
  // Each twice: an answer that was kept is the same.
  for (let round = 0; round < 2; round++) {
    for (const address of trusted) assert.equal(peers.has(peer(address)), true, address);
    for (const address of others) assert.equal(peers.has(peer(address)), false, address);
  }
}

describe('TrustedPeers', () => {
  test('an address is itself and no other', () => {
    assertTrusts(
      ['192.0.2.1', '2001:DB8::1'],
      ['192.0.2.1', '2001:db8::1'],
      ['192.0.2.0', '192.0.2.2', '2001:db8::2'],
    );
  });

  test('a subnet is what has its first bits, to the last address and not one further', () => {
    assertTrusts(
      ['10.0.0.0/8', '192.0.2.128/25', '172.16.5.5/12'],
      ['10.0.0.0', '10.255.255.255', '192.0.2.128', '192.0.2.255', '172.16.0.0', '172.31.255.255'],
      ['9.255.255.255', '11.0.0.0', '192.0.2.127', '192.0.3.0', '172.15.255.255', '172.32.0.0'],
    );
    assertTrusts(
      ['2001:db8::/33', 'fe80::/10'],
      ['2001:db8::', '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff', 'fe80::1', 'febf::1'],
      ['2001:db8:8000::', '2001:db7:ffff::', 'fec0::1', 'fe7f::1'],
    );
    assertTrusts(['0.0.0.0/0'], ['0.0.0.0', '255.255.255.255', '::ffff:1.2.3.4'], ['::1', '2001:db8::1']);
  });

  test('RFC 4291 §2.5.5.2: an IPv4-mapped peer falls under the rule for its IPv4 address, and the other way round', () => {
    assertTrusts(
      ['127.0.0.1', '10.0.0.0/8'],
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.9.8.7'],
      ['::ffff:127.0.0.2', '::127.0.0.1', '::fffe:127.0.0.1', '::ffff:11.0.0.1', '::1'],
    );
    assertTrusts(
      ['::ffff:192.0.2.1', '::ffff:10.0.0.0/104'],
      ['192.0.2.1', '::ffff:192.0.2.1', '10.255.255.255'],
      ['192.0.2.2', '11.0.0.0', '::ffff:11.0.0.0'],
    );
  });

  test('RFC 4007 §11: the zone of a link-local address does not count', () => {
    assertTrusts(['fe80::1'], ['fe80::1%eth0', 'fe80::1'], ['fe80::2%eth0']);
  });

  test('"unix" is whoever comes by a unix socket, and nobody else', () => {
    const unix: Peer = { address: '', family: 'unix' };
    assert.equal(new TrustedPeers(['unix']).has(unix), true);
    assert.equal(new TrustedPeers(['unix']).has(peer('127.0.0.1')), false);
    assert.equal(new TrustedPeers(['127.0.0.1', '0.0.0.0/0', '::/0']).has(unix), false);
  });

  test('who has no address any more is nobody', () => {
    assert.equal(new TrustedPeers(['0.0.0.0/0', '::/0', 'unix']).has({ address: '', family: '' }), false);
  });

  test('more peers than answers are kept get the right answers all the same', () => {
    const peers = new TrustedPeers(['10.0.0.0/8']);
    for (let i = 0; i < 1_000; i++) {
      const [high, low] = [i >> 8, i & 0xff];
      assert.equal(peers.has(peer(`10.0.${high}.${low}`)), true);
      assert.equal(peers.has(peer(`192.0.${high}.${low}`)), false);
    }
  });

  for (const rule of ['', 'localhost', '10.0.0.0/33', '[::1]', '*', 'UNIX', '10.0.0.1:80']) {
    test(`${JSON.stringify(rule)} is a TypeError that names it`, () => {
      assert.throws(
        () => new TrustedPeers(['127.0.0.1', rule]),
        (error: unknown) =>
          error instanceof TypeError &&
          error.message.includes('trusted') &&
          error.message.includes(JSON.stringify(rule)),
      );
    });
  }
});
