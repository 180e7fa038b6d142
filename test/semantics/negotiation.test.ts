import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseCoding, parseAcceptEncoding } from '../../src/semantics/negotiation.ts';

const SERVER = ['zstd', 'br', 'gzip', 'deflate'];
const NOTHING = undefined;

const choices: [section: string, field: string, chosen: string | undefined][] = [
  ['§12.5.3: one coding is chosen when it is listed', 'gzip', 'gzip'],
  ['§12.5.3: between equal weights the server decides', 'gzip, deflate, br, zstd', 'zstd'],
  ['§12.5.3: between equal weights the server decides', 'deflate, gzip;q=1.000', 'gzip'],
  ['§12.5.3: a higher weight wins over what the server likes', 'br;q=0.5, gzip;q=0.501', 'gzip'],
  ['§12.5.3: a weight of 0 refuses', 'zstd;q=0, br;q=0.000, gzip;q=0.001', 'gzip'],
  ['§12.5.3: an empty field asks for no coding', '', 'identity'],
  ['§12.5.3: codings the server has not got leave identity', 'compress, exi', 'identity'],
  ['§12.5.3: "*" stands for what is not listed', '*', 'zstd'],
  ['§12.5.3: "*" stands for what is not listed', 'zstd;q=0, *', 'br'],
  ['§12.5.3: "*" stands for what is not listed', 'gzip, *;q=0.5', 'gzip'],
  [
    '§12.5.3: "*" stands for identity too',
    'gzip;q=0.2, zstd;q=0.1, br;q=0, deflate;q=0, *;q=0.5',
    'identity',
  ],
  ['§12.5.3: "*;q=0" refuses what is not listed', 'gzip, *;q=0', 'gzip'],
  ['§12.5.3: "*;q=0" refuses identity', '*;q=0', NOTHING],
  ['§12.5.3: "*;q=0" does not refuse an identity that is listed', 'identity, *;q=0', 'identity'],
  ['§12.5.3: "identity;q=0" refuses identity', 'identity;q=0', NOTHING],
  ['§12.5.3: "identity;q=0" leaves codings acceptable', 'identity;q=0, gzip', 'gzip'],
  ['§12.5.3: "identity;q=0" with an unknown coding', 'exi, identity;q=0', NOTHING],
  ['§12.5.3: identity can be wanted most', 'identity, gzip;q=0.9', 'identity'],
  ['§12.5.3: a coding is preferred to an equal identity', 'identity, gzip', 'gzip'],
  ['§12.5.3: unmentioned identity is wanted least', 'gzip;q=0.001', 'gzip'],
  ['§8.4.1: codings are case-insensitive', 'GZip', 'gzip'],
  ['§8.4.1.3: x-gzip is gzip', 'x-gzip', 'gzip'],
  ['§12.4.2: "q" is case-insensitive', 'gzip;Q=0.5, br;q=0', 'gzip'],
  ['§12.4.2: blanks may stand around the semicolon', 'gzip \t; \tq=0.5 , br;q=0', 'gzip'],
  ['§12.4.2: "0." and "1." are weights', 'gzip;q=0., br;q=1.', 'br'],
  ['§5.6.1.2: empty members are skipped', ', ,gzip,,', 'gzip'],
  ['§12.5.3: of two mentions the lower counts', 'gzip, gzip;q=0', 'identity'],
  ['§12.5.3: of two mentions the lower counts', 'gzip;q=0, x-gzip', 'identity'],
];

for (const [title, field, chosen] of choices) {
  test(`RFC 9110 ${title}: ${JSON.stringify(field)}`, () => {
    assert.equal(chooseCoding(parseAcceptEncoding(field), SERVER), chosen);
  });
}

const malformed = [
  ...[
    'gzip;',
    'gzip;q',
    'gzip;q=',
    'gzip;q=2',
    'gzip;q=-1',
    'gzip;q=+1',
    'gzip;q=.5',
    'gzip;q=00',
    'gzip;q=01',
  ],
  ...[
    'gzip;q=0.5555',
    'gzip;q=1.001',
    'gzip;q=1.0000',
    'gzip;q=1e0',
    'gzip;q=0x1',
    'gzip;q=0,5x',
    'gzip;q=0.5 5',
  ],
  ...[
    'gzip;q = 1',
    'gzip;q= 1',
    'gzip; q=1;q=1',
    'gzip;level=9',
    'gzip;level=9;q=1',
    'gzip q=1',
    ';q=1',
    'g zip',
  ],
  ...[
    '"gzip"',
    'gzip/1',
    '\u00a0gzip',
    'gzip\u00a0',
    'gzip\v',
    'gzip;q=\u0661',
    'gzip;q="1"',
    '__proto__',
    'gz\u0131p',
  ],
];

for (const member of malformed) {
  test(`RFC 9110 §12.5.3: a malformed or unknown member is ignored: ${JSON.stringify(member)}`, () => {
    assert.equal(chooseCoding(parseAcceptEncoding(member), SERVER), 'identity');
    assert.equal(chooseCoding(parseAcceptEncoding(`${member}, deflate;q=0.5`), SERVER), 'deflate');
  });
}

test('RFC 9110 §12.5.3: what the server has not got is never chosen', () => {
  assert.equal(chooseCoding(parseAcceptEncoding('*'), []), 'identity');
  assert.equal(chooseCoding(parseAcceptEncoding('*, identity;q=0'), []), undefined);
});

test('a hundred thousand members are read in linear time', () => {
  const started = performance.now();
  assert.equal(chooseCoding(parseAcceptEncoding(`${'x;q=0.5,'.repeat(100_000)}br`), SERVER), 'br');
  // It takes some tens; in quadratic time it would be hours.
  assert.ok(performance.now() - started < 20_000);
});
