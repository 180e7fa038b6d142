/** `options.clientError`: what the client did wrong is not the application's 500, and can be answered in its own form. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '../../src/client/index.ts';
import {
  type FetchFunction,
  isProtocolError,
  type ProtocolError,
  Response,
  type ServerContext,
  type ServerOptions,
  serve,
} from '../../src/index.ts';
import { message, withServer } from './with-server.ts';

const LIMITED = { limits: { maxRequestBodySize: 4 }, timeouts: { receive: 40 } } as const;

const echo: FetchFunction = async (request) => new Response(await request.text());

const asJson = (ctx: ServerContext, { code }: ProtocolError, status: number) =>
  Response.json({ path: ctx.path, code, status }, { status });

const chunked = (content: string) => message('POST /x', ['Transfer-Encoding: chunked'], content);

/** Each fault of the client over HTTP/1.1, with its status and code. */
const FAULTS: readonly (readonly [what: string, raw: string, status: number, code: string])[] = [
  [
    'content that grows beyond the limit',
    chunked('5\r\nhello\r\n0\r\n\r\n'),
    413,
    'ERR_HTTP_CONTENT_TOO_LARGE',
  ],
  [
    'a declared length beyond the limit',
    message('POST /x', ['Content-Length: 5'], 'hello'),
    413,
    'ERR_HTTP_CONTENT_TOO_LARGE',
  ],
  [
    'the same with Expect, whose content never comes',
    message('POST /x', ['Content-Length: 5', 'Expect: 100-continue']),
    413,
    'ERR_HTTP_CONTENT_TOO_LARGE',
  ],
  ['content that does not arrive', message('POST /x', ['Content-Length: 4'], 'he'), 408, 'ERR_HTTP_TIMEOUT'],
  ['content that is not HTTP', chunked('x\r\n'), 400, 'ERR_HTTP_PROTOCOL_ERROR'],
];

describe('a fault of the client', () => {
  for (const [what, raw, status, code] of FAULTS) {
    test(`${what} is ${status} without hooks, and with an error() that answers everything`, async () => {
      for (const options of [{}, { error: () => new Response('Sorry', { status: 500 }) }] as ServerOptions[])
        await withServer(
          echo,
          async ({ ask, faults }) => {
            assert.equal((await ask(raw)).status, status);
            assert.equal(faults.length, 0);
          },
          { ...LIMITED, ...options },
        );
    });

    test(`${what} is answered by clientError(), and the connection ends`, () =>
      withServer(
        echo,
        async ({ connect, faults }) => {
          const connection = await connect();
          await connection.send(raw);
          const { end } = await connection.receiveAll();
          assert.equal(end, 'fin', connection.transcript());
          const answers = await connection.receiveResponses(['POST']);
          assert.equal(answers.length, 1);
          assert.deepEqual(JSON.parse(answers[0]!.text), { path: '/x', code, status });
          assert.deepEqual([answers[0]!.status, answers[0]!.field('connection')], [status, 'close']);
          assert.equal(faults.length, 0);
        },
        { ...LIMITED, clientError: asJson },
      ));
  }

  test('undefined leaves the default; an error of the hook is reported, and the default sent', () =>
    withServer(
      echo,
      async ({ ask, faults }) => {
        assert.equal((await ask(FAULTS[0]![1].replace('/x', '/leave'))).status, 413);
        assert.equal(faults.length, 0);
        assert.equal((await ask(FAULTS[1]![1])).status, 413);
        assert.deepEqual([faults.length, faults[0]?.where], [1, 'clientError()']);
      },
      {
        ...LIMITED,
        clientError({ path }) {
          if (path !== '/leave') throw new Error('broken');
        },
      },
    ));

  test('exactly at the limit there is none', () =>
    withServer(
      echo,
      async ({ ask }) =>
        assert.equal(
          (await ask(message('POST /x', ['Content-Length: 4', 'Connection: close'], 'four'))).text,
          'four',
        ),
      { ...LIMITED, clientError: () => assert.fail('asked') },
    ));

  test('other errors are for error() alone, and a handler may still answer itself', () =>
    withServer(
      async (request) => {
        if (request.url.endsWith('/own')) throw new Error('own');
        try {
          return new Response(await request.text());
        } catch (error) {
          assert.ok(isProtocolError(error));
          return new Response(error.code, { status: 422 });
        }
      },
      async ({ ask }) => {
        assert.equal((await ask(message('GET /own', ['Connection: close']))).status, 500);
        for (const at of [0, 3, 4] as const) {
          const { status, text } = await ask(FAULTS[at]![1]);
          assert.deepEqual([status, text], [422, FAULTS[at]![3]]);
        }
      },
      { ...LIMITED, error: () => undefined, clientError: () => assert.fail('asked') },
    ));

  test('the handshake of a WebSocket too', () =>
    withServer(
      (_request, ctx) => {
        ctx.upgradeWebSocket();
        return new Response('unreached');
      },
      async ({ ask }) => {
        const offer = [
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Version: 7',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ];
        const { status, text } = await ask(message('GET /x', offer));
        assert.deepEqual(
          [status, JSON.parse(text)],
          [426, { path: '/x', code: 'ERR_HTTP_PROTOCOL_ERROR', status: 426 }],
        );
      },
      { clientError: asJson },
    ));

  test('over HTTP/2 the same, and the connection goes on', async () => {
    const server = serve(echo, { hostname: '127.0.0.1', port: 0, ...LIMITED, clientError: asJson });
    await server.ready;
    const client = new Client({ http2: 'prior-knowledge' });
    const post = async (body: string | ReadableStream<Uint8Array>) => {
      const response = await client.fetch(`${server.url}x`, {
        method: 'POST',
        body,
        duplex: 'half',
      } as never);
      return [response.status, await response.text()];
    };
    const tooLarge = [413, JSON.stringify({ path: '/x', code: 'ERR_HTTP_CONTENT_TOO_LARGE', status: 413 })];
    assert.deepEqual(await post('hello'), tooLarge);
    const octets = new TextEncoder().encode('hello');
    const grows = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(octets);
        },
      },
      { highWaterMark: 0 },
    );
    assert.deepEqual(await post(grows), tooLarge);
    const stuck = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(octets.subarray(0, 2));
      },
    });
    assert.deepEqual(await post(stuck), [
      408,
      JSON.stringify({ path: '/x', code: 'ERR_HTTP_TIMEOUT', status: 408 }),
    ]);
    assert.deepEqual(await post('four'), [200, 'four']);
    assert.equal(server.counts.connectionsAccepted, 1);
    await client.destroy();
    await server.close();
  });

  test('by server.fetch', async () => {
    const server = serve(echo, { ...LIMITED, clientError: asJson });
    for (const headers of [{}, { 'Content-Length': '5' }]) {
      const response = await server.fetch('/x', { method: 'POST', body: 'hello', headers });
      const { code } = (await response.json()) as { code: string };
      assert.deepEqual([response.status, code], [413, 'ERR_HTTP_CONTENT_TOO_LARGE']);
    }
    await server.close();
  });
});
