import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayBeTrailer } from '../../src/semantics/trailer-fields.ts';

const forbidden: { title: string; names: string }[] = [
  {
    title: 'RFC 9110 §6.5.1: fields for framing and about this hop are too late in a trailer section',
    names: 'content-length transfer-encoding te trailer connection keep-alive proxy-connection upgrade',
  },
  {
    title: 'RFC 9110 §6.5.1: fields for routing are too late in a trailer section',
    names: 'host max-forwards forwarded x-forwarded-for x-forwarded-host x-forwarded-proto',
  },
  {
    title: 'RFC 9110 §6.5.1: fields for authentication are too late in a trailer section',
    names: 'authorization proxy-authorization www-authenticate proxy-authenticate cookie set-cookie',
  },
  {
    title: 'RFC 9110 §6.5.1: fields that modify the request are too late in a trailer section',
    names:
      'cache-control expect range if-match if-none-match if-modified-since if-unmodified-since if-range if-anything',
  },
  {
    title: 'RFC 9110 §6.5.1: fields on how to process the content are too late in a trailer section',
    names: 'content-type content-encoding content-range',
  },
];

for (const { title, names } of forbidden) {
  test(title, () => {
    for (const name of names.split(' ')) assert.equal(mayBeTrailer(name), false, name);
  });
}

test('RFC 9110 §6.5.1: checksums, signatures, measurements and what nobody knows may be trailer fields', () => {
  const names =
    'content-digest repr-digest etag server-timing signature x-sum x-host hosts if __proto__ constructor';
  for (const name of names.split(' ')) assert.equal(mayBeTrailer(name), true, name);
});
