import assert from 'node:assert/strict';
import { ReadableStream } from 'node:stream/web';
import { test } from 'node:test';
import { codedResponse } from '../../src/compression/coded-response.ts';
import { settingsFor } from '../../src/compression/options.ts';
import { CODINGS, givenResponse, octetsOf, requestFor, restored, TEXT, textResponse } from './restore.ts';

const settings = settingsFor({});

function answer(
  response: Response,
  acceptEncoding?: string,
  init?: RequestInit,
): Response | Promise<Response> {
  return codedResponse(response, () => requestFor(acceptEncoding, init), settings);
}

const plain = { headers: { 'content-type': 'text/plain' } };

function inPieces(text: string, length: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += length) pieces.push(text.slice(at, at + length));
  return pieces;
}

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      controller.close();
    },
  });
}

for (const coding of CODINGS) {
  test(`RFC 9110 §8.4.1: a client restores what was coded as ${coding}`, async () => {
    const incompressible = Array.from({ length: 40_000 }, () => Math.random().toString(36)).join('');
    for (const text of [TEXT, TEXT.repeat(20), incompressible, incompressible.repeat(3)]) {
      for (const response of [
        textResponse(text),
        givenResponse(text),
        givenResponse(Buffer.from(text)),
        textResponse(streamOf(text)),
        textResponse(streamOf(...inPieces(text, 1000))),
        textResponse(streamOf('', text, '', '')),
      ]) {
        const coded = await answer(response, coding);
        assert.equal(coded.headers.get('content-encoding'), coding);
        assert.equal(coded.headers.get('vary'), 'Accept-Encoding');
        assert.ok((await restored(coded)) === text);
      }
    }
  });
}

test('RFC 9110 §8.4.1.2: deflate is the zlib format', async () => {
  const octets = await octetsOf(await answer(givenResponse(TEXT), 'deflate'));
  assert.equal(octets[0]! & 0x0f, 8);
  assert.equal(octets.readUInt16BE(0) % 31, 0);
});

test('RFC 9110 §8.6: content coded in one piece has its Content-Length, a stream has none', async () => {
  for (const text of [TEXT, TEXT.repeat(100)]) {
    const coded = await answer(givenResponse(text), 'gzip');
    assert.equal(coded.headers.get('content-length'), String((await octetsOf(coded)).length));
  }
  const headers = { ...plain.headers, 'content-length': String(TEXT.length) };
  const coded = await answer(new Response(streamOf(TEXT), { headers }), 'gzip');
  assert.equal(coded.headers.get('content-length'), null);
  assert.equal(await restored(coded), TEXT);
});

test('what is in memory and short is coded at once, without a promise', () => {
  assert.ok(answer(givenResponse(TEXT), 'gzip') instanceof Response);
});

test('at a higher level than the default, coding never holds up the thread that serves', async () => {
  const slow = settingsFor({ level: { br: 11 } });
  const coded = codedResponse(givenResponse(TEXT), () => requestFor('br'), slow);
  assert.ok(coded instanceof Promise);
  assert.equal(await restored(await coded), TEXT);
});

test('status, reason and fields are kept', async () => {
  const headers = new Headers({ 'content-type': 'text/html', 'x-a': 'b' });
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  const coded = await answer(givenResponse(TEXT, { status: 404, statusText: 'Nope', headers }), 'br');
  assert.equal(coded.status, 404);
  assert.equal(coded.statusText, 'Nope');
  assert.equal(coded.headers.get('content-type'), 'text/html');
  assert.equal(coded.headers.get('x-a'), 'b');
  assert.deepEqual(coded.headers.getSetCookie(), ['a=1', 'b=2']);
});

test('fields about the octets go when the octets change', async () => {
  const about = ['accept-ranges', 'content-md5', 'digest', 'content-digest', 'repr-digest'];
  const headers = new Headers(plain.headers);
  for (const name of about) headers.set(name, 'x');
  const coded = await answer(givenResponse(TEXT, { headers }), 'gzip');
  for (const name of about) assert.equal(coded.headers.get(name), null, name);
  const uncoded = await answer(givenResponse(TEXT, { headers }));
  for (const name of about) assert.equal(uncoded.headers.get(name), 'x', name);
});

const tags: [given: string, coded: string | null][] = [
  ['"a"', 'W/"a"'],
  ['W/"a"', 'W/"a"'],
  ['a', null],
];
for (const [given, expected] of tags) {
  test(`RFC 9110 §8.8.3.3: ETag ${given} of a coded response becomes ${expected}`, async () => {
    const headers = { ...plain.headers, etag: given };
    assert.equal((await answer(givenResponse(TEXT, { headers }), 'gzip')).headers.get('etag'), expected);
    assert.equal((await answer(givenResponse(TEXT, { headers }))).headers.get('etag'), given);
  });
}

const varies: [given: string | undefined, expected: string][] = [
  [undefined, 'Accept-Encoding'],
  ['Origin', 'Origin, Accept-Encoding'],
  ['*', '*'],
  ['Origin, ACCEPT-encoding', 'Origin, ACCEPT-encoding'],
  ['Accept-Encoding-Not', 'Accept-Encoding-Not, Accept-Encoding'],
];
for (const [given, expected] of varies) {
  test(`RFC 9110 §12.5.5: Vary ${given} becomes ${expected}, coded or not`, async () => {
    const headers = { ...plain.headers, ...(given && { vary: given }) };
    for (const acceptEncoding of [undefined, '', 'gzip', 'identity']) {
      const response = givenResponse(TEXT, { headers });
      assert.equal((await answer(response, acceptEncoding)).headers.get('vary'), expected);
    }
  });
}

test('RFC 9110 §12.5.3: without a wish for a coding the very same response is sent', () => {
  for (const acceptEncoding of [undefined, '', 'identity', 'compress']) {
    for (const response of [textResponse(TEXT), givenResponse(TEXT)]) {
      assert.equal(answer(response, acceptEncoding), response);
    }
  }
});

test('immutable fields are copied to set Vary', async () => {
  const response = textResponse(TEXT);
  const immutable = Object.defineProperty(response, 'headers', {
    value: Object.assign(new Headers(response.headers), {
      set() {
        throw new TypeError('immutable');
      },
    }),
  });
  const varied = await answer(immutable);
  assert.equal(varied.headers.get('vary'), 'Accept-Encoding');
  assert.equal(await varied.text(), TEXT);
});

const untouched: [title: string, make: () => Response][] = [
  ['RFC 9110 §15.3.5: 204', () => new Response(null, { status: 204, ...plain })],
  ['RFC 9110 §15.3.6: 205', () => new Response(null, { status: 205, ...plain })],
  ['RFC 9110 §8.4: coded already', () => withField('content-encoding', 'br')],
  ['RFC 9111 §5.2.2.6: no-transform', () => withField('cache-control', 'max-age=1, No-Transform')],
  ['a type that is compressed inside', () => withField('content-type', 'image/png')],
  ['a malformed type', () => withField('content-type', 'text')],
  ['no type', () => new Response(streamOf(TEXT))],
  ['known to be below the threshold', () => givenResponse('x'.repeat(1023))],
  ['said to be below the threshold', () => withField('content-length', '1023')],
  ['no content', () => textResponse(null)],
  ['empty content', () => givenResponse('')],
  ['a wrong Content-Length, which is the server’s to refuse', () => withField('content-length', '5000')],
  ['Response.error()', () => Response.error()],
];

function withField(name: string, value: string): Response {
  const response = givenResponse(TEXT);
  response.headers.set(name, value);
  return response;
}

for (const [title, make] of untouched) {
  test(`left as it is: ${title}`, () => {
    const response = make();
    assert.equal(answer(response, 'gzip'), response);
    assert.equal(response.headers.get('vary'), null);
  });
}

test('a response that is left as it is does not ask for the request', () => {
  const response = withField('content-type', 'image/png');
  assert.equal(
    codedResponse(response, () => assert.fail(), settings),
    response,
  );
});

test('RFC 9110 §8.4.1: Content-Encoding: identity is no coding', async () => {
  const coded = await answer(withField('content-encoding', 'Identity'), 'gzip');
  assert.equal(coded.headers.get('content-encoding'), 'gzip');
});

test('RFC 9110 §15.3.7: a range is not coded, but has its Vary', () => {
  for (const [status, range] of [
    [206, 'bytes 0-1/5000'],
    [206, undefined],
    [416, 'bytes */5000'],
  ] as const) {
    const headers = { ...plain.headers, ...(range && { 'content-range': range }) };
    const response = givenResponse(TEXT, { status, headers });
    assert.equal(answer(response, 'gzip'), response);
    assert.equal(response.headers.get('vary'), 'Accept-Encoding');
  }
});

test('RFC 9110 §15.3.7: the ranges of a multipart/byteranges may be of a type that is coded', () => {
  const response = givenResponse(TEXT, {
    status: 206,
    headers: { 'content-type': 'multipart/byteranges; boundary=a' },
  });
  assert.equal(answer(response, 'gzip'), response);
  assert.equal(response.headers.get('vary'), 'Accept-Encoding');
});

test('RFC 9110 §15.4.5: a 304 or a 206 of a type that is not coded has no Vary', () => {
  for (const status of [206, 304]) {
    const response = new Response(null, { status, headers: { 'content-type': 'image/png', etag: '"a"' } });
    assert.equal(answer(response, 'gzip', { headers: { 'if-none-match': 'W/"a"' } }), response);
    assert.deepEqual([response.headers.get('vary'), response.headers.get('etag')], [null, '"a"']);
  }
});

const notModified: [ifNoneMatch: string, acceptEncoding: string, etag: string][] = [
  ['W/"a"', 'gzip', 'W/"a"'],
  ['"b", W/"a"', 'gzip', 'W/"a"'],
  ['"a"', 'gzip', '"a"'],
  ['W/"a"', '', '"a"'],
  ['W/"ab"', 'gzip', '"a"'],
  ['*', 'gzip', '"a"'],
];
for (const [ifNoneMatch, acceptEncoding, etag] of notModified) {
  test(`RFC 9110 §15.4.5: a 304 to If-None-Match: ${ifNoneMatch} with coding '${acceptEncoding}' has ${etag}`, () => {
    const response = new Response(null, { status: 304, headers: { etag: '"a"' } });
    const init = { headers: { 'if-none-match': ifNoneMatch } };
    assert.equal(answer(response, acceptEncoding, init), response);
    assert.equal(response.headers.get('etag'), etag);
    assert.equal(response.headers.get('vary'), 'Accept-Encoding');
  });
}

test('RFC 9111 §5.2.1.6: a request may forbid the coding', () => {
  const response = givenResponse(TEXT);
  assert.equal(answer(response, 'gzip', { headers: { 'cache-control': 'no-transform' } }), response);
  assert.equal(response.headers.get('vary'), 'Accept-Encoding');
});

test('the threshold is the first length that is coded', async () => {
  for (const [length, coding] of [
    [1023, null],
    [1024, 'gzip'],
  ] as const) {
    const text = 'x'.repeat(length);
    for (const response of [
      givenResponse(text),
      textResponse(text),
      textResponse(streamOf(...text)),
      new Response(streamOf(text), { headers: { ...plain.headers, 'content-length': String(length) } }),
    ]) {
      const sent = await answer(response, 'gzip');
      assert.equal(sent.headers.get('content-encoding'), coding);
      assert.equal(await restored(sent), text);
    }
  }
});

test('the threshold counts octets, not characters', async () => {
  const coded = await answer(givenResponse('é'.repeat(512)), 'gzip');
  assert.equal(coded.headers.get('content-encoding'), 'gzip');
  assert.equal(await restored(coded), 'é'.repeat(512));
});

test('a short stream of unknown length is sent with the length it turned out to have', async () => {
  const response = new Response(streamOf('a', 'b'), { status: 201, ...plain });
  const sent = await answer(response, 'gzip');
  assert.equal(sent.status, 201);
  assert.equal(sent.headers.get('content-length'), '2');
  assert.equal(sent.headers.get('vary'), 'Accept-Encoding');
  assert.equal(await sent.text(), 'ab');
});

test('a slow stream is not held up to learn how long it is', { timeout: 60_000 }, async () => {
  const never = new ReadableStream<Uint8Array>({});
  assert.equal((await answer(textResponse(never), 'gzip')).headers.get('content-encoding'), 'gzip');
});

test('content that does not get smaller is sent as it is', async () => {
  const random = crypto.getRandomValues(new Uint8Array(2000));
  const response = givenResponse(random);
  assert.equal(await answer(response, 'gzip'), response);
  assert.equal(response.headers.get('vary'), 'Accept-Encoding');
});

test('RFC 9110 §9.3.2: HEAD has the fields of GET', async () => {
  const fields = (response: Response) => [...response.headers];
  const headers = { ...plain.headers, etag: '"a"', 'content-length': String(TEXT.length) };
  const cases: (() => Response)[] = [
    () => givenResponse(TEXT, { headers }),
    () => textResponse(TEXT),
    () => textResponse('short'),
    () => new Response(streamOf(TEXT), { headers }),
  ];
  for (const make of cases) {
    const get = await answer(make(), 'gzip');
    const head = await answer(make(), 'gzip', { method: 'HEAD' });
    assert.deepEqual(fields(head), fields(get));
    await head.body?.cancel();
  }
  const get = await answer(new Response(streamOf(TEXT), { headers }), 'gzip');
  const head = await answer(new Response(null, { headers }), 'gzip', { method: 'HEAD' });
  assert.deepEqual(fields(head), fields(get));
  assert.equal(head.body, null);
});

test('RFC 9110 §9.3.2: HEAD of unknown length is not said to be coded', () => {
  const response = textResponse(null);
  assert.equal(answer(response, 'gzip', { method: 'HEAD' }), response);
  assert.deepEqual(
    [...response.headers],
    [
      ['content-type', 'text/plain'],
      ['vary', 'Accept-Encoding'],
    ],
  );
});

test('RFC 9110 §15.5.7: 406 if neither a coding nor identity is acceptable, and the source is cancelled', async () => {
  for (const method of ['GET', 'HEAD']) {
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true;
      },
    });
    for (const response of [textResponse(source), givenResponse(TEXT)]) {
      const sent = await answer(response, 'exi, identity;q=0', { method });
      assert.equal(sent.status, 406);
      assert.equal(sent.body, null);
      assert.deepEqual([...sent.headers], [['vary', 'Accept-Encoding']]);
    }
    assert.ok(cancelled);
  }
});

test('RFC 9110 §12.5.3: an error, or the answer to a POST, is not replaced by 406', () => {
  const failed = givenResponse(TEXT, { status: 500 });
  assert.equal(answer(failed, '*;q=0'), failed);
  const posted = givenResponse(TEXT);
  assert.equal(answer(posted, '*;q=0', { method: 'POST' }), posted);
});

test('content that would not be coded is sent even if identity is refused', () => {
  const image = withField('content-type', 'image/png');
  assert.equal(answer(image, 'gzip, identity;q=0'), image);
});

test('a body that somebody else reads already is left to the server', () => {
  const response = textResponse(streamOf(TEXT));
  response.body!.getReader();
  assert.equal(answer(response, 'gzip'), response);
});
