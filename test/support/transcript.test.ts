import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latin1 } from './each-split.ts';
import { transcript } from './transcript.ts';

test('transcript: reads like the examples in the RFCs, with every octet visible', () => {
  const passages = [
    { direction: '>', octets: latin1('GET / HTTP/1.1\r\nX: \x00\xe9\t\\\n') },
    { direction: '<', octets: latin1('HTTP/1.1 400 Bad Request\r\n\r\n') },
    { direction: '<', octets: latin1('') },
  ] as const;
  assert.equal(
    transcript(passages),
    [
      '> GET / HTTP/1.1␍␊',
      '> X: \\x00\\xe9\\t\\\\␊',
      '< HTTP/1.1 400 Bad Request␍␊',
      '< ␍␊',
      '< (nothing)',
    ].join('\n'),
  );
});

test('transcript: the middle of a long passage is left out', () => {
  const text = transcript([{ direction: '>', octets: latin1('x'.repeat(1_000_000)) }]);
  assert.ok(text.length < 2_500);
  assert.match(text, /… 998000 octets …/);
});
