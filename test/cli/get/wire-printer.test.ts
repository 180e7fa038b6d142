import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visible, WirePrinter } from '../../../src/cli/get/wire-printer.ts';

function printed(columns: number, colour = false): { printer: WirePrinter; lines: () => string[] } {
  let text = '';
  const print = (piece: string): void => {
    text += piece;
  };
  return { printer: new WirePrinter({ print, colour, columns }), lines: () => text.split('\n').slice(0, -1) };
}

const HEAD = 'HTTP/1.1 200 OK\r\nETag: "a"\r\nX-Own: b\r\n\r\n';

test('serval get -v: a note that does not fit beside its line is wrapped below it', () => {
  for (const [columns, expected] of [
    [
      200,
      ['< ETag: "a"                                   An identifier for this version. (RFC 9110 §8.8.3)'],
    ],
    [95, ['< ETag: "a"                                   An identifier for this version. (RFC 9110 §8.8.3)']],
    [94, ['< ETag: "a"', '      An identifier for this version. (RFC 9110 §8.8.3)']],
    [55, ['< ETag: "a"', '      An identifier for this version. (RFC 9110 §8.8.3)']],
    [40, ['< ETag: "a"', '      An identifier for this version.', '      (RFC 9110 §8.8.3)']],
  ] as const) {
    const { printer, lines } = printed(columns);
    printer.onResponseHead(HEAD);
    const at = lines().findIndex((line) => line.startsWith('< ETag'));
    assert.deepEqual(lines().slice(at, -2), expected, String(columns));
    assert.equal(lines().at(-2), '< X-Own: b');
    for (const line of lines()) assert.ok(line.length <= columns, line);
  }
});

test('serval get -v: credentials are not printed', () => {
  const { printer, lines } = printed(200);
  printer.onRequestHead(
    [
      ...['GET / HTTP/1.1', 'Host: a', 'Authorization: Basic czNjcmV0', 'Proxy-Authorization: s3cret'],
      ...['Cookie: sid=s3cret; other=s3cret', 'X-Api-Key: s3cret', 'X-Own: shown', '', ''],
    ].join('\r\n'),
  );
  printer.onResponseHead(
    [
      ...['HTTP/1.1 200 OK', 'Set-Cookie: sid=s3cret; Path=/; HttpOnly', 'WWW-Authenticate: Basic realm="x"'],
      ...['Access-Control-Allow-Credentials: true', '', ''],
    ].join('\r\n'),
  );
  printer.onRequestHead(
    ':method: GET\r\n:scheme: https\r\n:authority: a\r\n:path: /\r\nauthorization: Bearer s3cret\r\n\r\n',
  );
  printer.onRedirect('https://ann:s3cret@a.test/b@c', 302);
  const text = lines().join('\n');
  assert.doesNotMatch(text, /s3cret|czNjcmV0/);
  for (const shown of [
    ...['> Authorization: Basic (hidden)', '> Proxy-Authorization: (hidden)', '> X-Api-Key: (hidden)'],
    ...['> Cookie: sid=(hidden); other=(hidden)', '> X-Own: shown', '> :authority: a'],
    ...['< Set-Cookie: sid=(hidden); Path=/; HttpOnly', '< WWW-Authenticate: Basic realm="x"'],
    ...['< Access-Control-Allow-Credentials: true', '> authorization: Bearer (hidden)'],
    '* 302 leads to https://(hidden)@a.test/b@c',
  ])
    assert.ok(text.includes(shown), `${shown}\n${text}`);
});

test('serval get -v: colour only where there is colour', () => {
  const plain = printed(200);
  plain.printer.onRequestHead('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.ok(!plain.lines().join('').includes('\x1b'));
  const coloured = printed(200, true);
  coloured.printer.onRequestHead('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.ok(coloured.lines()[0]!.startsWith('\x1b[1m> GET / HTTP/1.1\x1b[0m'));
});

test('serval get -v: a frame is one line', () => {
  const { printer, lines } = printed(200);
  const frame = { direction: 'received', type: 'GOAWAY', flags: [], stream: 0, length: 8 } as const;
  printer.onFrame({ ...frame, detail: 'NO_ERROR, last stream 1' });
  printer.onFrame({ ...frame, direction: 'sent', type: '0xfa', stream: 3, detail: '' });
  assert.deepEqual(lines(), [
    '* ← GOAWAY, the connection, 8 bytes, NO_ERROR, last stream 1',
    '* → 0xfa, stream 3, 8 bytes',
  ]);
});

test('serval get -v: what a terminal would act on is shown and not sent', () => {
  for (let code = 0; code < 256; code++) {
    const shown = visible(String.fromCharCode(code));
    assert.doesNotMatch(shown, /[\x00-\x1f\x7f-\x9f]/, String(code));
  }
  assert.equal(visible('a\x1b[2Jb\x9bc\td\xe9'), 'a\\x1b[2Jb\\x9bc d\xe9');
});
