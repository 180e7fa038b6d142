import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseForwardedNode, parseXForwardedAddress } from '../../../src/semantics/address/forwarded-node.ts';

const ipv4 = (address: string, port = 0) => ({ address, port, family: 'IPv4' });
const ipv6 = (address: string, port = 0) => ({ address, port, family: 'IPv6' });

/** Both kinds of fields have these. */
const EITHER: Record<string, object> = {
  '192.0.2.43': ipv4('192.0.2.43'),
  '192.0.2.43:47011': ipv4('192.0.2.43', 47_011),
  '192.0.2.43:0': ipv4('192.0.2.43', 0),
  '192.0.2.43:65535': ipv4('192.0.2.43', 65_535),
  '192.0.2.43:00080': ipv4('192.0.2.43', 80),
  '192.0.2.43:_hidden': ipv4('192.0.2.43'),
  '[2001:db8:cafe::17]': ipv6('2001:db8:cafe::17'),
  '[2001:DB8:cafe:0::17]:4711': ipv6('2001:db8:cafe::17', 4711),
  '[::1]:_a.b-C_9': ipv6('::1'),
  '[::ffff:192.0.2.1]': ipv6('::ffff:192.0.2.1'),
};

test('RFC 7239 §6: a node is an IPv4 address, or an IPv6 address in brackets, and maybe a port', () => {
  for (const [text, node] of Object.entries(EITHER)) assert.deepEqual(parseForwardedNode(text), node, text);
});

const NEITHER = [
  // RFC 7239 §6.2, §6.3: the client is not to be known.
  ...['unknown', 'Unknown', 'unknown:80', '_gazonk', '_hidden:80'],
  ...['', ' ', 'localhost', 'a.example', '256.1.1.1', '1.2.3', '01.2.3.4', ' 1.2.3.4', '1.2.3.4 '],
  ...[
    '1.2.3.4:',
    '1.2.3.4:65536',
    '1.2.3.4:123456',
    '1.2.3.4:-1',
    '1.2.3.4:80x',
    '1.2.3.4:_',
    '1.2.3.4:_a/b',
  ],
  ...['[::1', '[::1]x', '[::1]:', '[::1]:65536', '[::1]80', '[1.2.3.4]', '[]', '[', '[::1%eth0]', '[::1]]'],
  ...['::1]', '1.2.3.4,5.6.7.8', '"1.2.3.4"', 'unix:'],
];

test('RFC 7239 §6: unknown, obfuscated and malformed nodes are not known, and nothing is guessed', () => {
  for (const text of NEITHER) assert.equal(parseForwardedNode(text), undefined, JSON.stringify(text));
});

test('RFC 7239 §6: an IPv6 address without brackets is no node, but in X-Forwarded-For it is what proxies write', () => {
  for (const text of ['2001:db8::17', '::1', '::ffff:1.2.3.4']) {
    assert.equal(parseForwardedNode(text), undefined, text);
    assert.deepEqual(parseXForwardedAddress(text), ipv6(text), text);
  }
  assert.deepEqual(parseXForwardedAddress('2001:DB8:0::17'), ipv6('2001:db8::17'));
});

test('X-Forwarded-For: what else is an address in Forwarded is one here, and what is none is none', () => {
  for (const [text, node] of Object.entries(EITHER))
    assert.deepEqual(parseXForwardedAddress(text), node, text);
  for (const text of NEITHER) assert.equal(parseXForwardedAddress(text), undefined, JSON.stringify(text));
});
