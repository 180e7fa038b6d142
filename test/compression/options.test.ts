import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type CompressionOptions, compression } from '../../src/compression/index.ts';
import { settingsFor } from '../../src/compression/options.ts';
import { CODINGS, givenResponse, octetsOf, requestFor, TEXT } from './restore.ts';

const context = undefined as never;

const bad: [options: Record<string, unknown>, type: ErrorConstructor, message: RegExp][] = [
  [{ coding: ['gzip'] }, TypeError, /^options\.coding: there is no such option/],
  [{ codings: 'gzip' }, TypeError, /^options\.codings: expected an array, got "gzip"/],
  [{ codings: [] }, RangeError, /^options\.codings: .*\[\]/],
  [{ codings: [1] }, TypeError, /^options\.codings: expected a string, got 1/],
  [{ codings: ['gzip', 'compress'] }, RangeError, /^options\.codings: expected one of .*, got "compress"/],
  [{ codings: ['x-gzip'] }, RangeError, /^options\.codings: .*"x-gzip"/],
  [{ threshold: '1' }, TypeError, /^options\.threshold: .*"1"/],
  [{ threshold: -1 }, RangeError, /^options\.threshold: .*-1/],
  [{ threshold: 1.5 }, RangeError, /^options\.threshold: .*1\.5/],
  [{ threshold: Number.NaN }, RangeError, /^options\.threshold: .*NaN/],
  [{ level: 6 }, TypeError, /^options\.level: .*6/],
  [{ level: null }, TypeError, /^options\.level: .*null/],
  [{ level: { brotli: 4 } }, RangeError, /^options\.level: .*"brotli"/],
  [{ level: { gzip: '6' } }, TypeError, /^options\.level\.gzip: .*"6"/],
  [{ level: { gzip: 0 } }, RangeError, /^options\.level\.gzip: .*1 to 9, got 0/],
  [{ level: { gzip: 10 } }, RangeError, /^options\.level\.gzip: .*1 to 9, got 10/],
  [{ level: { gzip: 1.5 } }, RangeError, /^options\.level\.gzip: .*1 to 9, got 1\.5/],
  [{ level: { deflate: 10 } }, RangeError, /^options\.level\.deflate: /],
  [{ level: { br: 12 } }, RangeError, /^options\.level\.br: .*0 to 11, got 12/],
  [{ streams: -1 }, RangeError, /^options\.streams: .*got -1/],
  [{ compressible: true }, TypeError, /^options\.compressible: .*true/],
];

for (const [options, type, message] of bad) {
  test(`${type.name} for ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => compression(() => new Response(), options as CompressionOptions),
      (error: Error) => error instanceof type && message.test(error.message),
    );
  });
}

test('the order of codings decides between those a client wants equally', async () => {
  for (const coding of ['gzip', 'deflate', 'br'] as const) {
    const handler = compression(() => givenResponse(TEXT), { codings: [coding, 'gzip', 'br'] });
    const response = await handler(requestFor('br, gzip, deflate'), context, context);
    assert.equal(response.headers.get('content-encoding'), coding);
  }
});

test('by default: zstd where there is one, br, gzip, deflate', () => {
  const expected = ['zstd', 'br', 'gzip', 'deflate'].filter((coding) => CODINGS.includes(coding));
  assert.deepEqual(settingsFor({}).codings, expected);
});

test('a coding that the runtime has not got is passed over', () => {
  const expected = CODINGS.includes('zstd') ? ['zstd', 'gzip'] : ['gzip'];
  assert.deepEqual(settingsFor({ codings: ['zstd', 'gzip'] }).codings, expected);
});

test('a higher level makes it smaller', async () => {
  const text = Array.from({ length: 2000 }, (_, i) => `line ${i * i} of the text`).join('\n');
  for (const [coding, low, high] of [
    ['gzip', 1, 9],
    ['deflate', 1, 9],
    ['br', 0, 11],
  ] as const) {
    const lengths: number[] = [];
    for (const level of [low, high]) {
      const handler = compression(() => givenResponse(text), { level: { [coding]: level } });
      lengths.push((await octetsOf(await handler(requestFor(coding), context, context))).length);
    }
    assert.ok(lengths[1]! < lengths[0]!, `${coding}: ${lengths}`);
  }
});

test('RFC 9659 §3: zstd has no level whose window is larger than 8 MiB', {
  skip: !CODINGS.includes('zstd'),
}, () => {
  assert.equal(settingsFor({ level: { zstd: 19 } }).offers.get('zstd')?.level, 19);
  assert.throws(() => settingsFor({ level: { zstd: 20 } }), RangeError);
});

test('compressible decides by media type', async () => {
  const asked: string[] = [];
  const compressible = (essence: string): boolean => {
    asked.push(essence);
    return essence === 'image/png';
  };
  const answerAs = async (type: string) => {
    const handler = compression(() => givenResponse(TEXT, { headers: { 'content-type': type } }), {
      compressible,
    });
    const response = await handler(requestFor('gzip'), context, context);
    return response.headers.get('content-encoding');
  };
  assert.equal(await answerAs('Image/PNG; a=b'), 'gzip');
  assert.equal(await answerAs('text/plain'), null);
  assert.deepEqual(asked, ['image/png', 'text/plain']);
});

test('threshold 0: whatever has content is coded, also what gets no smaller by it', async () => {
  const answer = () => givenResponse('foo');
  const request = requestFor('gzip');
  const coded = await compression(answer, { threshold: 0 })(request, context, context);
  assert.equal(coded.headers.get('content-encoding'), 'gzip');
  assert.equal(gunzipSync(await coded.arrayBuffer()).toString(), 'foo');
  const plain = await compression(answer)(request, context, context);
  assert.equal(await plain.text(), 'foo');
});
