import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as zlib from 'node:zlib';
import {
  type TransformInput,
  type TransformStep,
  transformedStream,
  type ZlibTransform,
} from '../../src/io/transform-source.ts';

/** Input that gives these steps, and notes how it was cancelled. */
class Steps implements TransformInput {
  readonly outputs: [octets: number, index: number][] = [];
  cancelled: unknown[] = [];
  asked = 0;
  readonly #steps: TransformStep[];
  readonly #connect: () => ZlibTransform[];

  constructor(steps: TransformStep[], connect: () => ZlibTransform[]) {
    this.#steps = steps;
    this.#connect = connect;
  }

  connect(): ZlibTransform[] {
    return this.#connect();
  }

  next(): Promise<TransformStep> {
    return Promise.resolve(this.#steps[this.asked++]);
  }

  cancel(reason: unknown): Promise<void> {
    this.cancelled.push(reason);
    return Promise.resolve();
  }

  onOutput(octets: number, index: number): void {
    this.outputs.push([octets, index]);
  }
}

const bytes = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream).arrayBuffer());
const TEXT = Buffer.from('The cat sat on the mat. '.repeat(1_000));

test('transform source: pieces go through every transform, and what comes out of each is counted', async () => {
  const coded = zlib.brotliCompressSync(zlib.gzipSync(TEXT));
  const halves = [coded.subarray(0, 20), coded.subarray(20)];
  const input = new Steps(halves, () => [zlib.createBrotliDecompress(), zlib.createGunzip()]);
  assert.deepEqual(Buffer.from(await bytes(transformedStream(input))), TEXT);
  const outputOf = (index: number) =>
    input.outputs.filter(([, from]) => from === index).reduce((sum, [octets]) => sum + octets, 0);
  assert.deepEqual([outputOf(0), outputOf(1)], [zlib.gzipSync(TEXT).length, TEXT.length]);
  assert.deepEqual(input.cancelled, []);
});

test('transform source: a number is a kind of flush', async () => {
  const input = new Steps([Buffer.from('a'), zlib.constants.Z_SYNC_FLUSH], () => [zlib.createGzip()]);
  const reader = transformedStream(input).getReader();
  const pieces: Uint8Array[] = [];
  const { finishFlush } = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  const text = () => zlib.gunzipSync(Buffer.concat(pieces), { finishFlush }).toString();
  while (pieces.length === 0 || text() !== 'a') pieces.push((await reader.read()).value!);
  for (let read = await reader.read(); !read.done; read = await reader.read()) pieces.push(read.value);
  assert.equal(zlib.gunzipSync(Buffer.concat(pieces)).toString(), 'a');
});

test('transform source: nothing is read before the stream is, and without transforms there is no content', async () => {
  const input = new Steps([undefined], () => []);
  const stream = transformedStream(input);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(input.asked, 0);
  assert.equal((await bytes(stream)).length, 0);
});

test('transform source: an error of a transform reaches the reader, translated, and ends the input', async () => {
  const input: TransformInput & Steps = new Steps([Buffer.from('no gzip')], () => [zlib.createGunzip()]);
  const error = new RangeError('mine');
  input.toError = () => error;
  await assert.rejects(bytes(transformedStream(input)), (thrown) => thrown === error);
  assert.deepEqual(input.cancelled, [error]);
});

test('transform source: what onOutput throws ends the stream, wherever in the chain', async () => {
  const zeros = zlib.gzipSync(zlib.gzipSync(new Uint8Array(1_000_000)));
  for (const refused of [0, 1]) {
    const input = new Steps([zeros], () => [zlib.createGunzip(), zlib.createGunzip()]);
    const error = new RangeError('too much');
    input.onOutput = (_octets, index) => {
      if (index === refused) throw error;
    };
    await assert.rejects(bytes(transformedStream(input)), (thrown) => thrown === error);
    assert.deepEqual(input.cancelled, [error]);
  }
});

test('transform source: cancelling destroys the transforms and cancels the input', async () => {
  const transforms: ZlibTransform[] = [];
  const input = new Steps([zlib.gzipSync(new Uint8Array(10_000_000))], () => {
    transforms.push(zlib.createGunzip());
    return transforms;
  });
  const reader = transformedStream(input).getReader();
  assert.equal((await reader.read()).done, false);
  await reader.cancel('enough');
  assert.deepEqual(input.cancelled, ['enough']);
  assert.equal(transforms[0]!.destroyed, true);
});
