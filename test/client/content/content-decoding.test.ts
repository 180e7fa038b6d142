import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import { ACCEPTED_CODINGS, decodersFor, MAX_CODINGS } from '../../../src/client/content/content-codings.ts';
import { Response as ServalResponse } from '../../../src/fetch/response.ts';
import { testEach } from '../with-client.ts';

const { zstdCompressSync } = zlib as unknown as { zstdCompressSync?: (octets: Uint8Array) => Buffer };
const TEXT = 'The cat sat on the mat. '.repeat(5_000);
const ENCODERS: Record<string, (octets: Uint8Array) => Uint8Array> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  // Where zstd can't be undone with certainty, it is not asked for.
  ...(zstdCompressSync === undefined || decodersFor('zstd').length === 0 ? {} : { zstd: zstdCompressSync }),
};

/** Content coded as the path says: `/gzip`, `/br,gzip`, with `?cut` without its last octets. */
function coded(request: Request): Response {
  const { pathname, searchParams } = new URL(request.url);
  const codings = pathname.slice(1);
  let content: Uint8Array = Buffer.from(
    searchParams.has('zeros') ? new Uint8Array(Number(searchParams.get('zeros'))) : TEXT,
  );
  for (const coding of codings.split(',')) content = ENCODERS[coding.toLowerCase()]!(content);
  if (searchParams.has('cut')) content = content.subarray(0, -9);
  if (searchParams.has('break')) content = Buffer.from(content).fill(0x55, 20);
  return new ServalResponse(content as Uint8Array<ArrayBuffer>, { headers: { 'Content-Encoding': codings } });
}

testEach(
  'RFC 9110 §8.4: each coding is offered and decoded, in any letter case, several in their order',
  async (withClient) => {
    await using pair = await withClient(coded);
    for (const codings of [...Object.keys(ENCODERS), 'GZIP', 'gzip,br', 'deflate,gzip,br']) {
      const response = await pair.client.fetch(`${pair.url}/${codings}`);
      assert.equal(await response.text(), TEXT, codings);
    }
    assert.equal(pair.client.connections, 1);
  },
);

testEach(
  'RFC 9110 §8.4: decoded content has no fields about the coded content, so that a handler can pass it on',
  async (withClient) => {
    await using upstream = await withClient(coded);
    await using pair = await withClient((request) =>
      upstream.client.fetch(new URL(new URL(request.url).pathname, upstream.url)),
    );
    for (const coding of ['gzip', 'br,gzip']) {
      const direct = await upstream.client.fetch(`${upstream.url}/${coding}`);
      assert.deepEqual(
        [direct.headers.get('content-encoding'), direct.headers.get('content-length')],
        [null, null],
      );
      const passedOn = await pair.client.fetch(`${pair.url}/${coding}`);
      assert.equal(await passedOn.text(), TEXT, coding);
    }
    // Nothing is decoded of a response without content.
    const head = await upstream.client.fetch(`${upstream.url}/gzip`, { method: 'HEAD' });
    assert.equal(head.headers.get('content-encoding'), 'gzip');
  },
);

testEach(
  'RFC 9110 §12.5.3: the client offers what it can decode, unless the caller offers something',
  async (withClient) => {
    const asked: (string | null)[] = [];
    await using pair = await withClient((request) => {
      asked.push(request.headers.get('accept-encoding'));
      return new ServalResponse('x');
    });
    await pair.client.fetch(pair.url);
    await pair.client.fetch(pair.url, { headers: { 'accept-encoding': 'identity' } });
    await pair.client.fetch(pair.url, { headers: { Range: 'bytes=0-1' } });
    assert.deepEqual(asked, [ACCEPTED_CODINGS, 'identity', null]);
    assert.match(ACCEPTED_CODINGS, /^(zstd, )?br, gzip, deflate$/);
  },
);

testEach(
  'RFC 9110 §8.4: content in an unknown coding is left as it is, and so is all content with decode: false',
  async (withClient) => {
    await using pair = await withClient(
      () => new ServalResponse('as it is', { headers: { 'Content-Encoding': 'x-unknown' } }),
    );
    assert.equal(await (await pair.client.fetch(pair.url)).text(), 'as it is');
    await using plain = await withClient(coded, { decode: false });
    const octets = await (await plain.client.fetch(`${plain.url}/gzip`)).bytes();
    assert.equal(zlib.gunzipSync(octets).toString(), TEXT);
    assert.equal(
      (await plain.client.fetch(plain.url.replace(/$/, '/gzip'))).headers.get('content-encoding'),
      'gzip',
    );
  },
);

testEach(
  'RFC 9110 §8.4: content that is not in its coding, or is cut off, is an error and never shorter content',
  async (withClient) => {
    await using pair = await withClient(coded);
    for (const coding of Object.keys(ENCODERS)) {
      for (const how of ['cut', 'break']) {
        const answered = pair.client
          .fetch(`${pair.url}/${coding}?${how}`)
          .then((response) => response.text());
        await assert.rejects(
          answered,
          { name: 'TypeError', code: 'ERR_HTTP_CONTENT_CODING' },
          `${coding} ${how}`,
        );
      }
    }
    // The exchange itself was sound: nothing speaks against its connection, or the next one's answer.
    assert.equal(await (await pair.client.fetch(`${pair.url}/gzip`)).text(), TEXT);
  },
);

testEach(
  'RFC 9110 §9.3.2: a response to HEAD, and an empty one, have nothing to decode',
  async (withClient) => {
    await using pair = await withClient(
      () => new ServalResponse('', { headers: { 'Content-Encoding': 'gzip' } }),
    );
    for (const method of ['HEAD', 'GET'])
      assert.equal(await (await pair.client.fetch(pair.url, { method })).text(), '');
  },
);

testEach('client: a bomb is noticed by its ratio, after the first megabytes', async (withClient) => {
  await using pair = await withClient(coded, { limits: { maxDecodingRatio: 50 } });
  const read = async (path: string) => {
    let octets = 0;
    const response = await pair.client.fetch(`${pair.url}${path}`);
    for await (const piece of response.body!) octets += piece.length;
    return octets;
  };
  for (const coding of ['gzip', 'br', 'gzip,gzip', 'deflate']) {
    await assert.rejects(read(`/${coding}?zeros=6000000`), { code: 'ERR_HTTP_CONTENT_CODING' }, coding);
    // Less than that may be as dense as it likes.
    assert.equal(await read(`/${coding}?zeros=4000000`), 4_000_000);
  }
});

testEach('client: decoded content has the same bound as any, at N and at N+1', async (withClient) => {
  for (const [limit, passes] of [
    [TEXT.length, true],
    [TEXT.length - 1, false],
  ] as const) {
    await using pair = await withClient(coded, { limits: { maxResponseSize: limit } });
    const answered = pair.client.fetch(`${pair.url}/gzip`).then((response) => response.text());
    if (passes) assert.equal(await answered, TEXT);
    else await assert.rejects(answered, { code: 'ERR_HTTP_CONTENT_TOO_LARGE' });
  }
});

testEach(
  'client: content that is not decoded has its bound at N and at N+1, in each framing',
  async (withClient) => {
    const stream = (request: Request) =>
      new ServalResponse(request.url.endsWith('/stream') ? new Blob(['hello']).stream() : 'hello');
    for (const path of ['/length', '/stream']) {
      await using enough = await withClient(stream, { limits: { maxResponseSize: 5 } });
      assert.equal(await (await enough.client.fetch(`${enough.url}${path}`)).text(), 'hello');
      await using less = await withClient(stream, { limits: { maxResponseSize: 4 } });
      const answered = less.client.fetch(`${less.url}${path}`).then((response) => response.text());
      await assert.rejects(answered, { code: 'ERR_HTTP_CONTENT_TOO_LARGE' });
    }
  },
);

testEach('client: decoding can be cancelled', async (withClient) => {
  await using pair = await withClient(coded);
  const response = await pair.client.fetch(`${pair.url}/gzip?zeros=90000000`);
  const reader = response.body!.getReader();
  assert.equal((await reader.read()).done, false);
  await reader.cancel();
  assert.equal(await (await pair.client.fetch(`${pair.url}/gzip`)).text(), TEXT);
});

test('RFC 9110 §8.4: content in too many codings is left as it is', () => {
  const list = (count: number) => Array(count).fill('gzip').join(', ');
  assert.equal(decodersFor(list(MAX_CODINGS)).length, MAX_CODINGS);
  assert.equal(decodersFor(list(MAX_CODINGS + 1)).length, 0);
  assert.equal(decodersFor('identity, , gzip').length, 1);
  assert.equal(decodersFor('').length, 0);
});

/** The gzip format of no content at all, in blocks that are empty: it takes time to decode, and nothing comes out. */
function emptyBlocks(octets: number): Buffer {
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  const blocks = Buffer.alloc(octets - (octets % 5), Buffer.from([0, 0, 0, 0xff, 0xff]));
  return Buffer.concat([header, blocks, Buffer.from([1, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]);
}

testEach(
  'client: what one decoder gives to the next is bounded as well, even if no content comes out',
  async (withClient) => {
    const bomb = zlib.brotliCompressSync(zlib.gzipSync(emptyBlocks(40_000_000)));
    assert.ok(bomb.length < 1_000, `${bomb.length} bytes`);
    const handler = () => new ServalResponse(bomb, { headers: { 'Content-Encoding': 'gzip, gzip, br' } });
    await using pair = await withClient(handler);
    const answered = pair.client.fetch(pair.url).then((response) => response.text());
    await assert.rejects(answered, { code: 'ERR_HTTP_CONTENT_CODING' });
  },
);

testEach('client: maxResponseSize holds between two decoders, at N and at N+1', async (withClient) => {
  const blocks = emptyBlocks(100_000);
  const content = zlib.gzipSync(blocks);
  const handler = () => new ServalResponse(content, { headers: { 'Content-Encoding': 'gzip, gzip' } });
  for (const [limit, passes] of [
    [blocks.length, true],
    [blocks.length - 1, false],
  ] as const) {
    await using pair = await withClient(handler, { limits: { maxResponseSize: limit } });
    const answered = pair.client.fetch(pair.url).then((response) => response.text());
    if (passes) assert.equal(await answered, '');
    else await assert.rejects(answered, { code: 'ERR_HTTP_CONTENT_TOO_LARGE' });
  }
});

testEach('RFC 9659 §3: a zstd window of 8 MiB is decoded, a larger one is an error', async (withClient) => {
  if (decodersFor('zstd').length === 0) return;
  /** A frame that declares a window of 2^log octets (RFC 8878 §3.1.1), with one raw block. */
  const frame = (log: number) =>
    Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, 0x29, 0, 0]),
      Buffer.from('hello'),
    ]);
  await using pair = await withClient((request) => {
    const content = frame(Number(new URL(request.url).pathname.slice(1)));
    return new ServalResponse(content, { headers: { 'Content-Encoding': 'zstd' } });
  });
  assert.equal(await (await pair.client.fetch(`${pair.url}/23`)).text(), 'hello');
  const answered = pair.client.fetch(`${pair.url}/24`).then((response) => response.text());
  await assert.rejects(answered, { code: 'ERR_HTTP_CONTENT_CODING' });
});
