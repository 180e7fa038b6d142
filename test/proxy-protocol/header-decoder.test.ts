import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MESSAGE_HEAD, NEED_OCTETS, REJECTED } from '../../src/octets/results.ts';
import {
  MAX_PROXY_HEADER,
  MAX_PROXY_LINE,
  type ProxiedConnection,
  ProxyHeaderDecoder,
} from '../../src/proxy-protocol/header-decoder.ts';
import { eachSplit } from '../support/each-split.ts';
import { IPV4_ADDRESSES, type ProxyHeaderParts, proxyHeader, tlv, withChecksum } from './proxy-headers.ts';

type Understood = ProxiedConnection | 'the socket' | string;

/** The balancer passes on a connection of which it does not know the client. */
const UNKNOWN: ProxiedConnection = {
  source: { address: '', port: 0, family: '' },
  destination: undefined,
};

/** What comes out, and what is left over, joined. */
function decoded(chunks: readonly Uint8Array[]): { understood: Understood | number; rest: string } {
  const decoder = new ProxyHeaderDecoder();
  for (const [index, chunk] of chunks.entries()) {
    const result = decoder.decode(chunk);
    if (result === NEED_OCTETS) continue;
    if (result === REJECTED) return { understood: decoder.rejection.reason, rest: '' };
    assert.equal(result, MESSAGE_HEAD);
    const rest = [decoder.rest, ...chunks.slice(index + 1)].map((octets) => Buffer.from(octets));
    return {
      understood: decoder.connection ?? 'the socket',
      rest: Buffer.concat(rest).toString('latin1'),
    };
  }
  return { understood: NEED_OCTETS, rest: '' };
}

/** However it is cut, and whether a request follows or not. */
function assertUnderstood(header: string, expected: Understood): void {
  eachSplit(
    header,
    (chunks, { trailing }) => {
      const { understood, rest } = decoded(chunks);
      assert.deepEqual(understood, expected);
      if (typeof expected === 'object' || expected === 'the socket')
        assert.equal(rest, Buffer.from(trailing).toString('latin1'), 'what follows is left alone');
    },
    'GET / HTTP/1.1\r\n\r\n',
  );
}

const TCP4 = {
  source: { address: '192.0.2.1', port: 1024, family: 'IPv4' },
  destination: { address: '198.51.100.2', port: 443, family: 'IPv4' },
} as const;

describe('the PROXY protocol, version 1', () => {
  test('PROXY §2.1: TCP4 names two IPv4 addresses and two ports', () => {
    assertUnderstood('PROXY TCP4 192.0.2.1 198.51.100.2 1024 443\r\n', TCP4);
    assertUnderstood('PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n', {
      source: { address: '255.255.255.255', port: 65_535, family: 'IPv4' },
      destination: { address: '0.0.0.0', port: 0, family: 'IPv4' },
    });
  });

  test('PROXY §2.1: TCP6 names two IPv6 addresses, which come out in one spelling', () => {
    assertUnderstood('PROXY TCP6 2001:0DB8:0:0:0:0:0:1 ::ffff:192.0.2.1 1 2\r\n', {
      source: { address: '2001:db8::1', port: 1, family: 'IPv6' },
      destination: { address: '::ffff:192.0.2.1', port: 2, family: 'IPv6' },
    });
  });

  test('PROXY §2.1: behind UNKNOWN everything up to the CRLF is ignored, and the client is unknown', () => {
    assertUnderstood('PROXY UNKNOWN\r\n', UNKNOWN);
    assertUnderstood('PROXY UNKNOWN \r\n', UNKNOWN);
    assertUnderstood('PROXY UNKNOWN 1.2.3.4 nonsense \x00\xff\r\n', UNKNOWN);
  });

  test(`PROXY §2.1: a line has at most ${MAX_PROXY_LINE} octets, CRLF included`, () => {
    const line = (length: number) => `PROXY UNKNOWN ${'f'.repeat(length - 16)}\r\n`;
    assert.equal(line(MAX_PROXY_LINE).length, MAX_PROXY_LINE);
    assertUnderstood(line(MAX_PROXY_LINE), UNKNOWN);
    assertUnderstood(line(MAX_PROXY_LINE + 1), 'ProxyHeaderTooLarge');
    assertUnderstood(line(MAX_PROXY_LINE + 2), 'ProxyHeaderTooLarge');
  });

  test('PROXY §2: what does not begin with a PROXY header is none, at its first wrong octet', () => {
    for (const text of [
      'GET / HTTP/1.1\r\n',
      'PROXX TCP4',
      'proxy TCP4',
      'PROXY\tTCP4',
      'PROXYTCP4',
      '\0',
      'PR\r\n',
    ])
      assertUnderstood(text, 'ProxyHeaderMissing');
    assert.equal(decoded([Uint8Array.of(0x47)]).understood, 'ProxyHeaderMissing');
  });

  test('PROXY §2.1: any sequence that does not match exactly is refused', () => {
    const line = (...words: string[]) => `PROXY ${words.join(' ')}\r\n`;
    const wrong = [
      line('TCP4'),
      line('TCP4', '1.2.3.4', '1.2.3.5', '1'),
      line('TCP4', '1.2.3.4', '1.2.3.5', '1', '2', '3'),
      line('TCP4', '1.2.3.4', '1.2.3.5', '1', '2', ''),
      line('TCP4', '', '1.2.3.4', '1.2.3.5', '1', '2'),
      line('', 'TCP4', '1.2.3.4', '1.2.3.5', '1', '2'),
      line('TCP4\t1.2.3.4', '1.2.3.5', '1', '2'),
      line('tcp4', '1.2.3.4', '1.2.3.5', '1', '2'),
      line('TCP5', '1.2.3.4', '1.2.3.5', '1', '2'),
      line('UDP4', '1.2.3.4', '1.2.3.5', '1', '2'),
      line('UNKNOWN4'),
      line('unknown'),
      line(''),
    ];
    for (const text of wrong) assertUnderstood(text, 'ProxyHeaderSyntax');
  });

  test('PROXY §2.1: an address is of the family that was named, without heading zeros', () => {
    const wrong = {
      TCP4: [
        '1.2.3',
        '1.2.3.256',
        '01.2.3.4',
        '1.2.3.04',
        '::1',
        '1.2.3.4.',
        '1.2.3.x',
        '0x1.2.3.4',
        'localhost',
      ],
      TCP6: ['1.2.3.4', '1:2:3:4:5:6:7', '1::2::3', ':::', '[::1]', '::1%eth0', '12345::', '::g'],
    };
    for (const [family, addresses] of Object.entries(wrong)) {
      const right = family === 'TCP4' ? '1.2.3.4' : '::1';
      for (const address of addresses) {
        assertUnderstood(`PROXY ${family} ${address} ${right} 1 2\r\n`, 'ProxyHeaderSyntax');
        assertUnderstood(`PROXY ${family} ${right} ${address} 1 2\r\n`, 'ProxyHeaderSyntax');
      }
    }
  });

  test('PROXY §2.1: a port is decimal, from 0 to 65535, without heading zeros', () => {
    for (const port of ['65536', '99999', '100000', '00', '01', '-1', '+1', '1.0', '0x1', 'a', '1_0']) {
      assertUnderstood(`PROXY TCP4 1.2.3.4 1.2.3.5 ${port} 2\r\n`, 'ProxyHeaderSyntax');
      assertUnderstood(`PROXY TCP4 1.2.3.4 1.2.3.5 1 ${port}\r\n`, 'ProxyHeaderSyntax');
    }
  });

  test('PROXY §2.1: a CR or an LF alone neither ends the line nor stands in it', () => {
    for (const end of ['\n', '\r', '\r\r\n', '\n\r', '\rx\r\n']) {
      const text = `PROXY TCP4 192.0.2.1 198.51.100.2 1024 443${end}`;
      // A CR at the very end of what there is may still be followed by its LF.
      const octets = end === '\r' ? `${text}G` : text;
      assertUnderstood(octets, 'ProxyHeaderSyntax');
    }
    assertUnderstood('PROXY UNKNOWN \r \r\n', 'ProxyHeaderSyntax');
    assertUnderstood('PROXY UNKNOWN \n', 'ProxyHeaderSyntax');
    assertUnderstood('PROXY \n', 'ProxyHeaderSyntax');
  });
});

describe('the PROXY protocol, version 2', () => {
  test('PROXY §2.2: TCP or UDP over IPv4 names two addresses and two ports', () => {
    assertUnderstood(proxyHeader(), TCP4);
    // A client of an HTTP/3 front end comes by UDP.
    assertUnderstood(proxyHeader({ family: 0x12 }), TCP4);
  });

  test('PROXY §2.2: so does TCP over IPv6', () => {
    const source = `\x20\x01\x0d\xb8${'\0'.repeat(11)}\x01`;
    const destination = `${'\0'.repeat(10)}\xff\xff\x0a\x00\x00\x01`;
    for (const family of [0x21, 0x22]) {
      assertUnderstood(proxyHeader({ family, addresses: `${source}${destination}\xff\xff\x00\x50` }), {
        source: { address: '2001:db8::1', port: 65_535, family: 'IPv6' },
        destination: { address: '::ffff:10.0.0.1', port: 80, family: 'IPv6' },
      });
    }
  });

  test('PROXY §2.2: AF_UNIX names two paths of up to 108 octets', () => {
    const unix = (address: string) => ({ address, port: 0, family: 'unix' }) as const;
    const full = `/${'x'.repeat(107)}`;
    const rows: [string, string][] = [
      ['/run/client', '/run/server'],
      [full, ''],
      ['', full],
      // An abstract name begins with a NUL.
      ['\0abstract', '/a'],
    ];
    for (const [source, destination] of rows) {
      const addresses = source.padEnd(108, '\0') + destination.padEnd(108, '\0');
      for (const family of [0x31, 0x32])
        assertUnderstood(proxyHeader({ family, addresses }), {
          source: unix(source),
          destination: unix(destination),
        });
    }
  });

  test('PROXY §2.2: of a LOCAL connection everything is skipped, the family too', () => {
    assertUnderstood(proxyHeader({ command: 0x20, family: 0, addresses: '' }), 'the socket');
    assertUnderstood(proxyHeader({ command: 0x20 }), 'the socket');
    assertUnderstood(proxyHeader({ command: 0x20, family: 0xff, addresses: 'anything' }), 'the socket');
    assertUnderstood(proxyHeader({ command: 0x20, family: 0x21, addresses: '' }), 'the socket');
  });

  test('PROXY §2.2: if the family or the transport is unspecified, the client is unknown', () => {
    for (const family of [0x00, 0x01, 0x02, 0x10, 0x20, 0x30])
      for (const addresses of ['', 'x', IPV4_ADDRESSES])
        assertUnderstood(proxyHeader({ family, addresses }), UNKNOWN);
  });

  test('PROXY §2.2: every octet of the signature is compared', () => {
    const right = proxyHeader();
    for (let at = 0; at < 12; at++) {
      const octet = String.fromCharCode(right.charCodeAt(at) ^ 1);
      assertUnderstood(right.slice(0, at) + octet + right.slice(at + 1), 'ProxyHeaderMissing');
    }
  });

  test('PROXY §2.2: the version is 2, the command LOCAL or PROXY, the family and the transport are known', () => {
    for (let octet = 0; octet < 256; octet++) {
      const { understood } = decoded([Buffer.from(proxyHeader({ command: octet }), 'latin1')]);
      const expected = octet === 0x20 ? 'the socket' : octet === 0x21 ? TCP4 : 'ProxyHeaderSyntax';
      assert.deepEqual(understood, expected, `command ${octet.toString(16)}`);
    }
    for (let octet = 0; octet < 256; octet++) {
      const addresses = '\0'.repeat(216);
      const { understood } = decoded([Buffer.from(proxyHeader({ family: octet, addresses }), 'latin1')]);
      const isKnown = octet >> 4 <= 3 && (octet & 0xf) <= 2;
      assert.equal(understood !== 'ProxyHeaderSyntax', isKnown, `family ${octet.toString(16)}`);
    }
    assertUnderstood(proxyHeader({ command: 0x11 }), 'ProxyHeaderSyntax');
    assertUnderstood(proxyHeader({ family: 0x13 }), 'ProxyHeaderSyntax');
    assertUnderstood(proxyHeader({ family: 0x41 }), 'ProxyHeaderSyntax');
  });

  for (const [family, octets] of [
    [0x11, 12],
    [0x21, 36],
    [0x31, 216],
  ] as const) {
    test(`PROXY §2.2: addresses of family ${family.toString(16)} have ${octets} octets, and not one less`, () => {
      const whole = proxyHeader({ family, addresses: '\0'.repeat(octets) });
      assert.equal(typeof decoded([Buffer.from(whole, 'latin1')]).understood, 'object');
      assertUnderstood(proxyHeader({ family, addresses: '\0'.repeat(octets - 1) }), 'ProxyHeaderSyntax');
      assertUnderstood(proxyHeader({ family, addresses: '' }), 'ProxyHeaderSyntax');
    });
  }

  test(`PROXY §2.2: a header has at most ${MAX_PROXY_HEADER} octets, and larger ones are refused unread`, () => {
    const padded = (length: number): ProxyHeaderParts => ({ tlvs: tlv(4, 'x'.repeat(length - 16 - 12 - 3)) });
    const largest = proxyHeader(padded(MAX_PROXY_HEADER));
    assert.equal(largest.length, MAX_PROXY_HEADER);
    assertUnderstood(largest, TCP4);
    assertUnderstood(proxyHeader(padded(MAX_PROXY_HEADER + 1)), 'ProxyHeaderTooLarge');
    // At its sixteenth octet, which says how long it is.
    const announced = proxyHeader({ addresses: '', length: MAX_PROXY_HEADER - 15 });
    assert.equal(announced.length, 16);
    assertUnderstood(announced, 'ProxyHeaderTooLarge');
    assertUnderstood(proxyHeader({ command: 0x20, addresses: '', length: 65_535 }), 'ProxyHeaderTooLarge');
  });

  test('PROXY §2.2: TLVs are skipped, whatever they are', () => {
    const many =
      tlv(1, 'h2') +
      tlv(2, 'a.example') +
      tlv(4, '') +
      tlv(0x20, '\x01\0\0\0\0') +
      tlv(0xee, '\xff'.repeat(300));
    assertUnderstood(proxyHeader({ tlvs: many }), TCP4);
  });

  test('PROXY §2.2: TLVs end where the header ends', () => {
    for (const tlvs of ['\x04', '\x04\0', '\x04\0\x01', '\x04\xff\xffxx', `${tlv(4, 'x')}\x04`])
      assertUnderstood(proxyHeader({ tlvs }), 'ProxyHeaderSyntax');
  });

  test('PROXY §2.2.3: a check sum is compared, over the whole header', () => {
    const right = withChecksum({ tlvs: tlv(2, 'a.example') });
    assertUnderstood(right, TCP4);
    // One octet of an address, of a TLV, and of the sum itself.
    for (const at of [16, right.length - 10, right.length - 1]) {
      const octet = String.fromCharCode(right.charCodeAt(at) ^ 1);
      assertUnderstood(right.slice(0, at) + octet + right.slice(at + 1), 'ProxyHeaderChecksum');
    }
  });

  test('PROXY §2.2.3: a check sum has four octets', () => {
    for (const value of ['', 'xxx', 'xxxxx'])
      assertUnderstood(proxyHeader({ tlvs: tlv(3, value) }), 'ProxyHeaderSyntax');
  });
});

test('PROXY §2: a header that is not complete waits for more, wherever it stops', () => {
  for (const header of ['PROXY TCP4 192.0.2.1 198.51.100.2 1024 443\r\n', withChecksum()]) {
    for (let length = 0; length < header.length; length++)
      assert.equal(decoded([Buffer.from(header.slice(0, length), 'latin1')]).understood, NEED_OCTETS);
  }
});

test('PROXY §2: a decoder knows whether its header has begun', () => {
  const decoder = new ProxyHeaderDecoder();
  assert.equal(decoder.started, false);
  decoder.decode(new Uint8Array(0));
  assert.equal(decoder.started, false);
  decoder.decode(Uint8Array.of(0x50));
  assert.equal(decoder.started, true);
});

test('PROXY §2: whatever one octet is changed to, a header is understood the same whole and in pieces, and never throws', () => {
  const headers = [
    'PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 1024 443\r\n',
    withChecksum({ tlvs: tlv(2, 'a.example') }),
  ];
  for (const header of headers) {
    for (let at = 0; at < header.length; at++) {
      for (const octet of ['\0', '\n', '\r', ' ', '0', ':', '\x21', '\x7f', '\xff']) {
        const octets = Buffer.from(`${header.slice(0, at)}${octet}${header.slice(at + 1)}GET /`, 'latin1');
        const pieces = [...octets].map((value) => Uint8Array.of(value));
        assert.deepEqual(decoded([octets]), decoded(pieces), `${at} ${JSON.stringify(octet)}`);
      }
    }
  }
});
