/** What the properties are tried on. Everything is seeded: a run that fails fails again. */
import fc from 'fast-check';
import { cutAt, latin1 } from '../support/each-split.ts';

/** A thousand runs find what they find; the rest is for a fuzzer. */
export const RUNS = { seed: 9112, numRuns: 1_000 };

/** A place in something, as a fraction of its length. Without fast-check's bias, which is for the very beginning. */
const place = fc.noBias(fc.nat(9_999)).map((part) => part / 10_000);

const STARTS = [
  'GET / HTTP/1.1\r\nHost: a\r\n',
  'POST /p?q HTTP/1.1\r\nHost: a\r\n',
  'HEAD http://a HTTP/1.1\r\nHost: a:80\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: [::1]\r\n',
  'CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n',
  '\r\nPUT / HTTP/1.9\r\nHost: a\r\n',
  'GET / HTTP/1.0\r\n',
  'POST / HTTP/1.0\r\nConnection: keep-alive\r\n',
];
const FIELDS = [
  'X: y\r\n',
  'x:\r\n',
  'Expect: 100-continue\r\n',
  'Connection: close\r\n',
  'Connection: upgrade\r\nUpgrade: x\r\n',
];
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const ENDS = [
  '\r\n',
  'Content-Length: 0\r\n\r\n',
  'Content-Length: 5\r\n\r\nhello',
  `${CHUNKED}0\r\n\r\n`,
  `${CHUNKED}5\r\nhello\r\n0\r\n\r\n`,
  `${CHUNKED}1;a="\\""\r\nx\r\n2\r\nyz\r\n0\r\nX: y\r\nHost: b\r\n\r\n`,
];

/** What is put into a request, mostly to break it. */
const FRAGMENTS = [
  ...' \t\r\n:;,"\\\0\x7f\xff05a',
  '\r\n',
  '\r\n ',
  'Host: a\r\n',
  'Content-Length: 5\r\n',
  CHUNKED,
  '5\r\nhello\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
];

const request = fc
  .tuple(
    fc.constantFrom(...STARTS),
    fc.array(fc.constantFrom(...FIELDS), { maxLength: 2 }),
    fc.constantFrom(...ENDS),
  )
  .map(([start, fields, end]) => start + fields.join('') + end);

const change = fc.record({
  at: place,
  drop: fc.nat(2),
  put: fc.constantFrom('', ...FRAGMENTS),
});

/** A few pipelined requests, as they should be or with something put in or left out. */
export const requestLike = fc
  .tuple(fc.array(request, { minLength: 1, maxLength: 3 }), fc.array(change, { maxLength: 2 }))
  .map(([requests, changes]) => {
    let text = requests.join('');
    for (const { at, drop, put } of changes) {
      const offset = Math.floor(at * text.length);
      text = text.slice(0, offset) + put + text.slice(offset + drop);
    }
    return text;
  });

export const anyOctets = fc
  .uint8Array({ maxLength: 200 })
  .map((octets) => Array.from(octets, character).join(''));

function character(octet: number): string {
  return String.fromCharCode(octet);
}

export const cuts = fc.array(place, { maxLength: 6 });

/** The octets of a latin1 string, in pieces; some of them may be empty. */
export function piecesOf(text: string, where: readonly number[]): Uint8Array[] {
  const offsets = where.map((fraction) => Math.floor(fraction * text.length));
  return cutAt(
    latin1(text),
    offsets.sort((a, b) => a - b),
  );
}

export const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/);

/** A field value as a recipient understands it: no white space around it. */
export const fieldValue = fc
  .stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,20}$/)
  .map((value) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
