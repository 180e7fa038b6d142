import assert from 'node:assert/strict';
import { isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isAuthority, isHostAndPort, sameAuthority } from '../../src/semantics/address/authority.ts';
import { RUNS } from './arbitraries.ts';

const group = fc.constantFrom(
  '0',
  '1',
  'ab',
  'F00D',
  '0000',
  '12345',
  'g',
  '',
  '1.2.3.4',
  '256.0.0.1',
  '1.2.3',
);
const addressLike = fc.array(fc.tuple(group, fc.constantFrom(':', ':', ':', '::')), { maxLength: 9 });

test('property: what stands in brackets is a host when the runtime takes it for an IPv6 address', () => {
  let addresses = 0;
  const holds = fc.property(addressLike, fc.boolean(), (parts, open) => {
    const text = parts.flat().join('');
    const address = open ? text : text.replace(/:+$/, '');
    addresses += Number(isIPv6(address));
    assert.equal(isAuthority(`[${address}]`), isIPv6(address), address);
  });
  fc.assert(holds, { ...RUNS, numRuns: 20_000 });
  assert.ok(addresses > 300, `${addresses} addresses`);
});

const piece = fc.constantFrom(
  'a',
  'B',
  '1',
  '.',
  '-',
  '%41',
  '%',
  '[::1]',
  '[',
  ']',
  ':',
  '80',
  '65536',
  '@',
  ',',
  '/',
  ' ',
  '\xe9',
);
const authorityLike = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

test('property: an authority has no octet that ends one in a URL, and is the same as itself', () => {
  const holds = fc.property(authorityLike, (text) => {
    if (isHostAndPort(text)) assert.ok(isAuthority(text) && /:\d+$/.test(text), text);
    if (!isAuthority(text)) return;
    assert.doesNotMatch(text, /[^!-~]|[@,/?#\\"<>^`{|}]/);
    assert.ok(sameAuthority(text, text.toUpperCase(), '80'));
  });
  fc.assert(holds, { ...RUNS, numRuns: 5_000 });
});
