import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSubnet } from '../../../src/semantics/address/ip-subnet.ts';

test('RFC 4632 §3.1: an address with a prefix is a subnet, and an address alone one of itself', () => {
  assert.deepEqual(parseSubnet('10.0.0.0/8'), { address: '10.0.0.0', prefix: 8, family: 'ipv4' });
  assert.deepEqual(parseSubnet('0.0.0.0/0'), { address: '0.0.0.0', prefix: 0, family: 'ipv4' });
  assert.deepEqual(parseSubnet('192.0.2.1/32'), parseSubnet('192.0.2.1'));
  assert.deepEqual(parseSubnet('2001:db8::/32'), { address: '2001:db8::', prefix: 32, family: 'ipv6' });
  assert.deepEqual(parseSubnet('::1/128'), parseSubnet('::1'));
});

test('RFC 4291 §2.5.5.2: a subnet of IPv4-mapped addresses is one of IPv4 addresses', () => {
  assert.deepEqual(parseSubnet('::ffff:10.0.0.0/104'), { address: '10.0.0.0', prefix: 8, family: 'ipv4' });
  assert.deepEqual(parseSubnet('::ffff:10.0.0.1'), { address: '10.0.0.1', prefix: 32, family: 'ipv4' });
  assert.deepEqual(parseSubnet('::ffff:0:0/96'), { address: '0.0.0.0', prefix: 0, family: 'ipv4' });
});

test('RFC 4632 §3.1: what is no address, or has a prefix that is none, is no subnet', () => {
  for (const text of [
    ...['', ' ', 'localhost', '10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/'],
    ...['10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/a', '10.0.0.0/8.0', '::1/129', '::/', '[::1]', '::1%eth0'],
    ...['::ffff:10.0.0.0/95', '/8', '*', '10.0.0.1:80', '10.0.0.0/255.0.0.0', '10.0.0.0 /8'],
  ])
    assert.equal(parseSubnet(text), undefined, JSON.stringify(text));
});
