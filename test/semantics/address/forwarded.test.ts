import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { forwardedHop, parseForwarded } from '../../../src/semantics/address/forwarded.ts';

const parse = (text: string) => parseForwarded(text)?.map((element) => Object.fromEntries(element));

describe('parseForwarded', () => {
  test('RFC 7239 §4: elements are parted by commas, pairs by semicolons, names are case-insensitive', () => {
    const rows: Record<string, object[]> = {
      'for="_gazonk"': [{ for: '_gazonk' }],
      'For="[2001:db8:cafe::17]:4711"': [{ for: '[2001:db8:cafe::17]:4711' }],
      'for=192.0.2.60;proto=http;by=203.0.113.43': [{ for: '192.0.2.60', proto: 'http', by: '203.0.113.43' }],
      'for=192.0.2.43, for=198.51.100.17': [{ for: '192.0.2.43' }, { for: '198.51.100.17' }],
      'for=a,for=b\t,\t for=c': [{ for: 'a' }, { for: 'b' }, { for: 'c' }],
      'FOR=a;PrOtO=HTTPS;x-own=1': [{ for: 'a', proto: 'HTTPS', 'x-own': '1' }],
      // Empty pairs and empty elements are in the grammar. An element is a hop, even one that tells nothing.
      'for=a;': [{ for: 'a' }],
      ';for=a;;proto=http': [{ for: 'a', proto: 'http' }],
      '': [{}],
      ',for=a': [{}, { for: 'a' }],
      'for=a, ,for=b,': [{ for: 'a' }, {}, { for: 'b' }, {}],
    };
    for (const [text, expected] of Object.entries(rows)) assert.deepEqual(parse(text), expected, text);
  });

  test('RFC 9110 §5.6.4: a quoted string may hold commas, semicolons and escaped quotes', () => {
    const rows: Record<string, string> = {
      '"a,b;c=d"': 'a,b;c=d',
      '""': '',
      '"\\"\\\\\\a"': '"\\a',
      '"a\tb \xff"': 'a\tb \xff',
      '"a", for=b': 'a',
    };
    for (const [quoted, value] of Object.entries(rows))
      assert.equal(parse(`for=${quoted}`)?.[0]?.['for'], value, quoted);
  });

  test('RFC 7239 §4: nothing out of place is passed over', () => {
    const wrong = [
      ...[
        'for',
        'for=',
        'for=;proto=http',
        '=a',
        'for =a',
        'for= a',
        'for=a b',
        'for=a; proto=http',
        'for=a ;proto=http',
      ],
      ...[
        'for="a',
        'for="a\\',
        'for="a"b',
        'for="a" b',
        'for=a"b"',
        'for=1.2.3.4:80',
        'for=[::1]',
        'for=a=b',
      ],
      ...['for=a;for=b', 'For=a;fOR=a', 'f\xf6r=a', 'for="a"for="b"', 'for/x=a', 'for=a, for'],
    ];
    for (const text of wrong) assert.equal(parseForwarded(text), undefined, text);
  });

  test('RFC 7239 §4: a long list takes time in proportion', () => {
    const start = performance.now();
    assert.equal(parseForwarded(`for=${'a,for='.repeat(20_000)}a`)?.length, 20_001);
    assert.equal(parseForwarded(`for="${'\\a'.repeat(50_000)}`), undefined);
    assert.ok(performance.now() - start < 5_000);
  });
});

/** Proxies have addresses that begin with 10. */
const hopOf = (...lines: string[]) => forwardedHop(lines, ({ address }) => address.startsWith('10.'));

const client = (address: string, port = 0) => ({
  address,
  port,
  family: address.includes(':') ? 'IPv6' : 'IPv4',
});
const NOTHING = { client: undefined, scheme: undefined, host: undefined };

describe('forwardedHop', () => {
  test('RFC 7239 §5: without the field nothing has been forwarded', () => {
    assert.equal(hopOf(), undefined);
  });

  test('RFC 7239 §8.1: from the right, the first address that is no proxy of ours is the client', () => {
    const rows: Record<string, string> = {
      'for=192.0.2.1': '192.0.2.1',
      'for=6.6.6.6, for=192.0.2.1': '192.0.2.1',
      'for=6.6.6.6, for=192.0.2.1, for=10.0.0.2': '192.0.2.1',
      'for=6.6.6.6, for=10.0.0.9, for=192.0.2.1, for=10.0.0.2, for=10.0.0.1': '192.0.2.1',
      'for="[2001:db8::1]", for=10.0.0.2': '2001:db8::1',
    };
    for (const [line, address] of Object.entries(rows))
      assert.deepEqual(hopOf(line)?.client, client(address), line);
    assert.deepEqual(hopOf('for="192.0.2.1:5000"')?.client, client('192.0.2.1', 5000));
  });

  test('RFC 7239 §7.1: several lines are one list', () => {
    assert.deepEqual(
      hopOf('for=6.6.6.6', 'for=192.0.2.1', 'for=10.0.0.2, for=10.0.0.1')?.client,
      client('192.0.2.1'),
    );
  });

  test('RFC 7239 §8.1: where all are proxies of ours, the farthest is the client', () => {
    assert.deepEqual(hopOf('for=10.0.0.3, for=10.0.0.2', 'for=10.0.0.1')?.client, client('10.0.0.3'));
  });

  test('RFC 7239 §6.3: at a hop that does not say who asked it, the client is unknown, whatever stands before it', () => {
    for (const hidden of [
      'for=unknown',
      'for=_secret',
      'for="[::1"',
      'by=10.0.0.1',
      '',
      'for=""',
      'for=a.example',
    ]) {
      assert.equal(hopOf(`for=6.6.6.6, ${hidden}`)?.client, undefined, hidden);
      assert.equal(hopOf(`for=6.6.6.6, ${hidden}, for=10.0.0.1`)?.client, undefined, hidden);
      assert.deepEqual(hopOf(`${hidden}, for=192.0.2.1, for=10.0.0.1`)?.client, client('192.0.2.1'), hidden);
    }
  });

  test('RFC 7239 §8.1: where a line can not be read nothing in it is believed, nor what stands before it', () => {
    for (const line of ['for=6.6.6.6;host=evil.example;proto=https;', 'for=6.6.6.6, for']) {
      const broken = `${line}, for="`;
      assert.deepEqual(hopOf(broken), NOTHING);
      assert.deepEqual(hopOf('for=6.6.6.6', broken), NOTHING);
      assert.deepEqual(hopOf('for=6.6.6.6', broken, 'for=10.0.0.1'), NOTHING);
    }
    // A client can't hide what a proxy put on a line of its own.
    assert.deepEqual(hopOf('for="', 'for=192.0.2.1, for=10.0.0.1')?.client, client('192.0.2.1'));
  });

  test('RFC 7239 §8.1: a quote that a client left open swallows nothing that a proxy adds', () => {
    for (const added of [
      'for=192.0.2.1',
      'for="192.0.2.1:80"',
      'for="[::2]";host="a.example"',
      'proto=http;for=192.0.2.1',
    ])
      for (const sent of ['for="', 'for=6.6.6.6;x="', 'for="6.6.6.6', 'for=6.6.6.6;x="\\'])
        assert.deepEqual(hopOf(`${sent}, ${added}`), NOTHING, `${sent}, ${added}`);
  });

  test('RFC 7239 §5.3, §5.4: scheme and host are those that the hop with the client names', () => {
    const right = 'for=192.0.2.1;proto=HTTPS;host="public.example:8443"';
    const left = 'for=6.6.6.6;proto=http;host=evil.example';
    for (const line of [right, `${left}, ${right}`, `${right}, for=10.0.0.2;proto=http;host=inner`]) {
      assert.deepEqual(
        hopOf(line),
        { client: client('192.0.2.1'), scheme: 'https', host: 'public.example:8443' },
        line,
      );
    }
    // What the hop does not say, no other hop says for it.
    const { scheme, host } = hopOf(`${left}, for=192.0.2.1, for=10.0.0.2;proto=https;host=inner`)!;
    assert.deepEqual([scheme, host], [undefined, undefined]);
  });

  test('RFC 7239 §6.3: a hop that hides its client still says by which scheme and for which host', () => {
    assert.deepEqual(hopOf('for=_x;proto=https;host=a.example'), {
      client: undefined,
      scheme: 'https',
      host: 'a.example',
    });
    assert.deepEqual(hopOf('proto=https'), { client: undefined, scheme: 'https', host: undefined });
  });

  test('RFC 7239 §5.4: only http and https are schemes', () => {
    for (const scheme of ['ws', 'wss', 'ftp', 'httpss', '"https "', '""'])
      assert.equal(hopOf(`for=192.0.2.1;proto=${scheme}`)?.scheme, undefined, scheme);
    assert.equal(hopOf('for=192.0.2.1;proto="http"')?.scheme, 'http');
  });

  test('RFC 7239 §5.3: only an authority is a host', () => {
    for (const host of ['u@a', 'a/b', 'a b', '', 'a,b', 'a:99999', 'a?b', '[::1'])
      assert.equal(hopOf(`for=192.0.2.1;host="${host}"`)?.host, undefined, host);
    assert.equal(hopOf('for=192.0.2.1;host="[::1]:80"')?.host, '[::1]:80');
  });
});
