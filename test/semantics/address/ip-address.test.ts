import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOctets,
  canonicalIPv6,
  isIPv4,
  isIPv6,
  mappedIPv4,
  serializeIPv6,
} from '../../../src/semantics/address/ip-address.ts';

const words = (text: string) => text.split(' ');

test('RFC 3986 §3.2.2: an IPv4 address is four decimal numbers up to 255', () => {
  for (const text of words('0.0.0.0 1.2.3.4 127.0.0.1 255.255.255.255'))
    assert.equal(isIPv4(text), true, text);
});

test('RFC 3986 §3.2.2: three numbers, 256, a leading zero, a sign or white space make no IPv4 address', () => {
  const wrong = [
    ...words(
      '1.2.3 1.2.3.4.5 1.2.3.256 01.2.3.4 1.2.3.00 1.2.3.0x4 -1.2.3.4 +1.2.3.4 1.2.3. .1.2.3 1..2.3 a',
    ),
    ...['', ' 1.2.3.4', '1.2.3.4 ', '1.2.3.4\n', '1.2.3.1000', '::1', '1.2.3.٤'],
  ];
  for (const text of wrong) assert.equal(isIPv4(text), false, JSON.stringify(text));
});

test('RFC 5952 §4: an IPv6 address has one canonical spelling', () => {
  const rows: Record<string, string> = {
    '::': '::',
    '0:0:0:0:0:0:0:0': '::',
    '::1': '::1',
    '1::': '1::',
    '2001:0DB8:0000:0000:0000:ff00:0042:8329': '2001:db8::ff00:42:8329',
    // §4.2.2 and §4.2.3: not a single group, the longest run, and the first of two.
    '2001:db8:0:1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
    '2001:db8::1:1:1:1:1': '2001:db8:0:1:1:1:1:1',
    '2001:0:0:1:0:0:0:1': '2001:0:0:1::1',
    '2001:db8:0:0:1:0:0:1': '2001:db8::1:0:0:1',
    '1:2:3:4:5:6:7:8': '1:2:3:4:5:6:7:8',
    '0:2:3:4:5:6:7:0': '0:2:3:4:5:6:7:0',
    '1:2:3:4:5:6:1.2.3.4': '1:2:3:4:5:6:102:304',
    '::ffff:c000:0280': '::ffff:192.0.2.128',
    '::FFFF:192.0.2.128': '::ffff:192.0.2.128',
    '0:0:0:0:0:ffff:0:0': '::ffff:0.0.0.0',
  };
  for (const [text, canonical] of Object.entries(rows)) {
    assert.equal(canonicalIPv6(text), canonical, text);
    assert.equal(isIPv6(text), true, text);
    assert.equal(canonicalIPv6(canonical), canonical, 'it is its own canonical spelling');
  }
});

test('RFC 3986 §3.2.2: what is no IPv6 address has none', () => {
  const wrong = [
    ...words(
      '1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::2::3 ::: 1: :1 1:2:3:4:5:6:7: 12345:: g:: 1.2.3.4 1.2.3.4::',
    ),
    ...words(
      '::1.2.3 ::1.2.3.256 ::1.2.3.4:5 1:2:3:4:5:6:7:1.2.3.4 1:2:3:4:5:6:7::8 fe80::1%eth0 [::1] ::1/64',
    ),
    ...['', ' ::1', '::1 ', ':'],
  ];
  for (const text of wrong) {
    assert.equal(canonicalIPv6(text), undefined, JSON.stringify(text));
    assert.equal(isIPv6(text), false, JSON.stringify(text));
  }
});

test('RFC 4291 §2.5.5.2: an IPv4-mapped address is the IPv4 address, in every spelling', () => {
  for (const text of words('::ffff:10.0.0.1 ::FFFF:a00:1 0:0:0:0:0:ffff:0a00:0001'))
    assert.equal(mappedIPv4(text), '10.0.0.1', text);
  for (const text of words('::10.0.0.1 ::fffe:10.0.0.1 1::ffff:10.0.0.1 ::ffff:0:10.0.0.1 10.0.0.1 ::1 x'))
    assert.equal(mappedIPv4(text), undefined, text);
});

test('RFC 5952 §4: groups are written as the text of the same address is', () => {
  assert.equal(serializeIPv6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]), '2001:db8::1');
  assert.equal(serializeIPv6([0, 0, 0, 0, 0, 0xffff, 0xc0a8, 0x101]), '::ffff:192.168.1.1');
  assert.equal(serializeIPv6([0xffff, 0xffff, 0, 0, 0, 0, 0, 0]), 'ffff:ffff::');
});

test('RFC 791 §3.1, RFC 8200 §3: an address has four octets, or sixteen', () => {
  const octets = (text: string) => Buffer.from(addressOctets(text) ?? []).toString('hex');
  assert.equal(octets('192.168.0.255'), 'c0a800ff');
  assert.equal(octets('2001:db8::1'), '20010db8000000000000000000000001');
  assert.equal(octets('::ffff:10.0.0.1'), '00000000000000000000ffff0a000001');
  for (const text of ['', '1.2.3', 'fe80::1%eth0', '/run/socket'])
    assert.equal(addressOctets(text), undefined);
});
