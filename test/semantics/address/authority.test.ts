import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hostAndPort,
  isAuthority,
  isHostAndPort,
  sameAuthority,
} from '../../../src/semantics/address/authority.ts';

const words = (text: string) => text.split(' ');

const valid: { title: string; authorities: string[] }[] = [
  {
    title: 'RFC 3986 §3.2.2: a registered name or an IPv4 address is a host',
    authorities: words("a A.b-c.example xn--bcher-kva.example a. _a ~ 127.0.0.1 !$&'()*+;= a%20b %C3%a9 %00"),
  },
  {
    title:
      'RFC 3986 §3.2.2: a name whose last label is not a number is a host, whatever its other labels are',
    authorities: words('1a 1.a 192.168.2.a 0x7f.a 1.2.3.4.example 1e3 0b1 0xg 0x1g.0x1h 1- 1.2.3.4_ %31a'),
  },
  {
    title: 'RFC 9110 §4.2.1: a port is decimal, up to 65535, and may be left out behind the colon',
    authorities: words('a:80 a:0 a:65535 a: a:00080 127.0.0.1:1 [::1]:65535 [::1]:'),
  },
  {
    title: 'RFC 3986 §3.2.2: eight groups of up to four hexadecimal digits in brackets are an IPv6 address',
    authorities: words(
      '[1:2:3:4:5:6:7:8] [0001:0002:0003:0004:0005:0006:0007:0008] [ABCD:ef01:2345:6789:abcd:EF01:0:0]',
    ),
  },
  {
    title: 'RFC 3986 §3.2.2: two colons stand for one run of groups or more, wherever it is',
    authorities: words(
      '[::] [::1] [1::] [1::8] [1::3:4:5:6:7:8] [1:2:3:4:5:6::8] [1:2:3:4:5:6:7::] [::2:3:4:5:6:7:8] [2001:db8::ff00:42:8329]',
    ),
  },
  {
    title: 'RFC 3986 §3.2.2: the last two groups of an IPv6 address may be an IPv4 address',
    authorities: words(
      '[::1.2.3.4] [::ffff:192.0.2.255] [1:2:3:4:5:6:0.0.0.0] [1::5:6:1.2.3.4] [1:2:3:4:5::1.2.3.4] [64:ff9b::192.0.2.33]',
    ),
  },
];

for (const { title, authorities } of valid) {
  test(title, () => {
    for (const authority of authorities) assert.equal(isAuthority(authority), true, authority);
  });
}

const invalid: { title: string; authorities: string[] }[] = [
  {
    title: 'RFC 9110 §4.2.1: an empty host is none, with a port or without',
    authorities: ['', ':', ':80', '[]', '[]:80'],
  },
  {
    title: 'RFC 9110 §4.2.4: userinfo has no place in an authority',
    authorities: ['u@a', 'u:p@a', '@a', 'a@', 'u@[::1]', 'u@a:80'],
  },
  {
    title: 'RFC 9112 §3.2: an authority is one host, not a list, a path or a URL',
    authorities: [
      'a,b',
      'a, b',
      'a,',
      ',a',
      'a/p',
      '/',
      'a?b',
      'a#b',
      'http://a',
      'a\\b',
      'a b',
      ' a',
      'a ',
      '\ta',
      'a\t',
    ],
  },
  {
    title: 'RFC 3986 §3.2.2: an octet outside the grammar has no place in a host',
    authorities: [
      'a"b',
      '<a>',
      'a|b',
      'a^b',
      '`',
      '{a}',
      'a\0',
      'a\r',
      'a\n',
      '\x7f',
      'caf\xe9',
      '\xa0a',
      'a\u0130',
      '\u212a',
      'a[',
      'a]',
    ],
  },
  {
    title: 'RFC 3986 §2.1: a percent sign is followed by two hexadecimal digits',
    authorities: ['%', '%2', 'a%', 'a%g0', '%0g', '%%20', '%2%20', '% 0', '%\u0661\u0661', '%2:80'],
  },
  {
    title: 'RFC 9110 §4.2.1: a port that is not decimal, or over 65535, is none',
    authorities: [
      'a:65536',
      'a:99999',
      'a:4294967376',
      `a:${'9'.repeat(400)}`,
      'a:-1',
      'a:+1',
      'a:8 0',
      'a:0x50',
      'a:b',
      'a::80',
      'a:80:80',
      'a:80a',
      'a:\u0661',
      '[::1]:65536',
      '[::1]:a',
    ],
  },
  {
    title: 'RFC 3986 §3.2.2: an IPv6 address stands in brackets, with nothing but a port behind it',
    authorities: [
      '::1',
      '[::1',
      '::1]',
      '[[::1]]',
      '[::1]a',
      '[::1]]',
      '[::1]80',
      'a[::1]',
      '[::1 ]',
      '[ ::1]',
      '[::1]/',
    ],
  },
  {
    title: 'RFC 3986 §3.2.2: an IPv6 address has neither more groups nor fewer than eight',
    authorities: words(
      '[1:2:3:4:5:6:7] [1:2:3:4:5:6:7:8:9] [1::2:3:4:5:6:7:8] [1:2:3:4:5:6:7:8::] [::1:2:3:4:5:6:7:8] [1] [1:2:3:4:5:6:7:1.2.3.4] [1:2:3:4:5:6::1.2.3.4] [1:2:3:4:5:1.2.3.4]',
    ),
  },
  {
    title:
      'RFC 3986 §3.2.2: a group of an IPv6 address is one to four hexadecimal digits, left out only once',
    authorities: words(
      '[:] [:::] [:1] [1:] [:1::] [::1:] [1::2::3] [1:::2] [12345::] [g::] [::1x] [-1::] [::%31] [1:2:3:4:5:6:7:] [:2:3:4:5:6:7:8] [::\u0661]',
    ),
  },
  {
    title:
      'RFC 3986 §3.2.2: the IPv4 part of an IPv6 address is at its end, four decimal octets without leading zeros',
    authorities: words(
      '[1.2.3.4] [1.2.3.4::] [::1.2.3.4:5] [::1.2.3] [::1.2.3.4.5] [::256.1.1.1] [::1.2.3.04] [::1.2.3.] [::.1.2.3] [::1..2.3] [::1.2.3.a] [::1.2.3.1000]',
    ),
  },
  {
    title:
      'RFC 3986 §7.4: a name that URL parsers read as an IPv4 address is no host, in whichever form it is written',
    authorities: words(
      '192.168.2 127.1 1 0 2130706433 4294967296 0x7f.1 0x7f000001 0X7F.0.0.1 0x 0177.0.0.1 010.0.0.1 127.0.0.1. 1. 1.2.3.4.5 999.1.1.1 256.1.1.1 1.2.3.04 a.1 a.0x a.0x1F a.1. 1.2.3.0x4 %31%32%37.1 127.0.0.%31 127.0.0%2e1 127%2E1 %30x7f.1 0%787f.1 1.2.3.4%2e 192.168.2:80 0x7f.1:8080 127.0.0.1.:80 1..1 .1 a..1',
    ),
  },
  {
    title: 'RFC 6874 §2: a zone is nothing that goes over the wire',
    authorities: ['[fe80::1%eth0]', '[fe80::1%25eth0]'],
  },
  {
    title: 'RFC 3986 §3.2.2: addresses of future versions are refused, as nobody has any',
    authorities: ['[v1.a]', '[vF.a:b]'],
  },
];

for (const { title, authorities } of invalid) {
  test(title, () => {
    for (const authority of authorities)
      assert.equal(isAuthority(authority), false, JSON.stringify(authority));
  });
}

test('RFC 9112 §3.2.3: the authority-form has a host and a port, neither left out', () => {
  for (const text of words('a:80 a:0 127.0.0.1:443 [::1]:443 a%20:1'))
    assert.equal(isHostAndPort(text), true, text);
  for (const text of words('a a: a1 1 [::1] [::1]: :80 u@a:80 a:65536 [::1]1 a,b:80 a:8x 127.1:80')) {
    assert.equal(isHostAndPort(text), false, text);
  }
  assert.equal(isHostAndPort(''), false);
});

test('RFC 9110 §4.2.3: hosts are the same in any case, and with or without the default port', () => {
  for (const [a, b, defaultPort] of [
    ['a', 'a', '80'],
    ['Example.COM', 'eXample.com', '80'],
    ['a:80', 'a', '80'],
    ['a:', 'a', '80'],
    ['a:', 'a:80', '80'],
    ['a:443', 'A', '443'],
    ['a:8080', 'A:8080', '80'],
    ['[::A]:80', '[::a]', '80'],
    ['a%2F', 'a%2f', '80'],
  ] as const) {
    assert.equal(sameAuthority(a, b, defaultPort), true, `${a} ${b}`);
    assert.equal(sameAuthority(b, a, defaultPort), true, `${b} ${a}`);
  }
});

test('RFC 9110 §4.2.3: another host or another port is another authority', () => {
  for (const [a, b, defaultPort] of [
    ['a', 'b', '80'],
    ['a', 'a.', '80'],
    ['a:81', 'a', '80'],
    ['a:443', 'a', '80'],
    ['a:80', 'a', '443'],
    ['a:180', 'a:1', '80'],
    ['a1:80', 'a', '80'],
    ['[::80]', '[:]', '80'],
    ['[::1]', '[::2]', '80'],
  ] as const) {
    assert.equal(sameAuthority(a, b, defaultPort), false, `${a} ${b}`);
    assert.equal(sameAuthority(b, a, defaultPort), false, `${b} ${a}`);
  }
});

test('RFC 3986 §3.2.2: an IPv6 address before a port has brackets, and nothing else has', () => {
  assert.equal(hostAndPort('::1', 80), '[::1]:80');
  assert.equal(hostAndPort('127.0.0.1', 0), '127.0.0.1:0');
  assert.equal(hostAndPort('a.example', 8080), 'a.example:8080');
});
