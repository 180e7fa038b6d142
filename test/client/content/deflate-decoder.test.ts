import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { DeflateDecoder } from '../../../src/client/content/deflate-decoder.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { withClient } from '../with-client.ts';

const TEXT = 'The cat sat on the mat. '.repeat(500);
const FORMATS: [name: string, encode: (text: string | Uint8Array) => Buffer][] = [
  ['the zlib format', zlib.deflateSync],
  ['deflate data alone', zlib.deflateRawSync],
  ['a stored block alone', (text) => zlib.deflateRawSync(text, { level: 0 })],
];

async function decoded(pieces: Iterable<Uint8Array>): Promise<string> {
  const decoder = new DeflateDecoder();
  for (const piece of pieces) decoder.write(piece);
  decoder.end();
  let text = '';
  for await (const octets of decoder) text += String(octets);
  return text;
}

for (const [name, encode] of FORMATS) {
  test(`RFC 9110 §8.4.1.2: deflate content as ${name} is decoded, whole and octet by octet`, async () => {
    const content = encode(TEXT);
    assert.equal(await decoded([content]), TEXT);
    assert.equal(await decoded([...content].map((octet) => Uint8Array.of(octet))), TEXT);
    assert.equal(await decoded([encode('')]), '');
  });

  test(`RFC 9110 §8.4.1.2: deflate content as ${name} that breaks off is an error`, async () => {
    await assert.rejects(decoded([encode(TEXT).subarray(0, -9)]), { code: 'Z_BUF_ERROR' });
  });

  test(`RFC 9110 §8.4.1.2: deflate content as ${name} waits for its reader`, async () => {
    const decoder = new DeflateDecoder();
    decoder.write(encode(new Uint8Array(50_000_000)));
    decoder.end();
    await once(decoder, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(decoder.readableLength < 1_000_000, `${decoder.readableLength} bytes`);
    let octets = 0;
    for await (const piece of decoder) octets += (piece as Uint8Array).length;
    assert.equal(octets, 50_000_000);
  });

  test(`RFC 9110 §8.4.1.2: the client decodes deflate as ${name}, below another coding too`, async () => {
    await using pair = await withClient((request) => {
      const codings = new URL(request.url).pathname.slice(1);
      const content = codings === 'deflate' ? encode(TEXT) : zlib.gzipSync(encode(TEXT));
      return new ServalResponse(content, { headers: { 'Content-Encoding': codings } });
    });
    for (const codings of ['deflate', 'deflate,gzip'])
      assert.equal(await (await pair.client.fetch(`${pair.url}/${codings}`)).text(), TEXT);
  });
}

test('RFC 9110 §8.4.1.2: deflate content without any octets is empty, and noise is an error', async () => {
  assert.equal(await decoded([]), '');
  await assert.rejects(decoded([Buffer.from('\x07 no deflate data')]), { code: 'Z_DATA_ERROR' });
});
