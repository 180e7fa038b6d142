/** `trailers` in the init of Serval's `Response`: asked for at the end of the content, sent where it is chunked. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type ResponseInit } from '../../../src/index.ts';
import { get, withServer } from '../with-server.ts';

type Trailers = NonNullable<ResponseInit['trailers']>;

const streamOf = (...pieces: readonly string[]) =>
  new Blob([...pieces]).stream() as ReadableStream<Uint8Array>;

const answers = (trailers: Trailers, use: Parameters<typeof withServer>[1]) =>
  withServer(() => new Response(streamOf('hello'), { trailers }), use);

describe('response trailers', () => {
  test('they follow the last chunk, in any form that Headers take', async () => {
    const forms: Trailers[] = [
      () => ({ 'X-Sum': '5' }),
      () => [['X-Sum', '5']],
      async () => new Headers({ 'X-Sum': '5' }),
    ];
    for (const form of forms) {
      await answers(form, async ({ ask }) => {
        const answer = await ask(get());
        assert.equal(answer.text, 'hello');
        assert.deepEqual(
          answer.trailers.map(([name, value]) => [name.toLowerCase(), value]),
          [['x-sum', '5']],
        );
      });
    }
  });

  test('they are asked for when the content has ended, and not before', async () => {
    const order: string[] = [];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        order.push('content');
        if (order.length < 3) controller.enqueue(Uint8Array.of(0x78));
        else controller.close();
      },
    });
    const trailers = () => {
      order.push('trailers');
      return {};
    };
    await withServer(
      () => new Response(body, { trailers }),
      async ({ ask }) => {
        await ask(get());
        assert.deepEqual(order, ['content', 'content', 'content', 'trailers']);
      },
    );
  });

  test('an HTTP/1.0 client, and content with a length, get none', async () => {
    await answers(
      () => ({ 'X-Sum': '5' }),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send('GET / HTTP/1.0\r\n\r\n');
        const { text } = await connection.receiveAll();
        assert.doesNotMatch(text, /x-sum/i);
        assert.match(text, /\r\n\r\nhello$/);
      },
    );
    await withServer(
      () => new Response('hello', { trailers: () => ({ 'X-Sum': '5' }) }),
      async ({ ask }) => assert.deepEqual((await ask(get())).trailers, []),
    );
  });

  test('framing, routing and content fields are not sent in them (RFC 9110 §6.5.1)', () =>
    answers(
      () => ({
        'Content-Length': '5',
        'Transfer-Encoding': 'chunked',
        Trailer: 'x',
        Host: 'b',
        'Content-Encoding': 'gzip',
        'X-Sum': '5',
      }),
      async ({ ask }) => {
        const { trailers } = await ask(get());
        assert.deepEqual(
          trailers.map(([name]) => name.toLowerCase()),
          ['x-sum'],
        );
      },
    ));

  for (const [what, trailers] of [
    ['that throw', () => assert.fail('secret')],
    ['that reject', async () => assert.fail('secret')],
    ['with a CR LF', () => ({ 'X-Sum': 'a\r\nsecret: 1' })],
  ] as [string, Trailers][]) {
    test(`trailers ${what} break the connection off, without a last-chunk and without a detail`, () =>
      answers(trailers, async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send(get());
        const { text } = await connection.receiveAll();
        assert.doesNotMatch(text, /\r\n0\r\n/);
        assert.doesNotMatch(text, /secret/);
        assert.equal(faults.length, 1);
      }));
  }
});
