/** Content that nobody reads to its end, and content that has none. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import {
  assertProtocolError,
  chunkedPost,
  drain,
  gate,
  get,
  message,
  within,
  withServer,
} from '../../server/with-server.ts';
import { latin1 } from '../../support/each-split.ts';

describe('request content that is left', () => {
  const answersBoth = (title: string, leave: (request: Request) => Promise<unknown>) =>
    test(title, () =>
      withServer(
        async (request) => {
          if (request.method === 'POST') await leave(request);
          return new Response(request.method);
        },
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(message('POST /', ['Content-Length: 10'], 'hello'));
          const [first] = await connection.receiveResponses(['POST']);
          assert.equal(first?.text, 'POST');
          await connection.send(`world${get()}`);
          // Kept, and the next request is served; or closed, and the client knows that at once. Not neither.
          await within('an answer or an end', connection.receiveResponses(['POST', 'GET']));
          const [, second] = await connection.receiveResponses(['POST', 'GET']);
          if (connection.ended === null) assert.equal(second?.text, 'GET', connection.transcript());
          else assert.equal(first?.field('connection'), 'close', connection.transcript());
        },
      ),
    );

  answersBoth('unread, it is thrown away and the next request is answered', async () => {});
  answersBoth('cancelled unread, it is thrown away or the connection closes', (request) =>
    request.body!.cancel(),
  );
  answersBoth(
    'left in the middle by a for await, it is thrown away or the connection closes',
    async (request) => {
      for await (const _ of request.body!) break;
    },
  );
});

describe('request content that fails', () => {
  test('beyond maxRequestBodySize, reads reject with ERR_HTTP_CONTENT_TOO_LARGE and the handler may still answer', async () => {
    let error: unknown;
    const handler = async (request: Request) => {
      error = await request.text().catch((reason: unknown) => reason);
      return new Response('all the same');
    };
    await withServer(
      handler,
      async ({ ask }) => {
        const answer = await ask(chunkedPost(['hello']));
        assert.equal(answer.text, 'all the same');
        assertProtocolError(error, 'ERR_HTTP_CONTENT_TOO_LARGE');
      },
      { limits: { maxRequestBodySize: 4 } },
    );
  });

  test('a framing error rejects the stream’s read with ERR_HTTP_PROTOCOL_ERROR, behind the content before it', async () => {
    const result = gate<{ text: string; error: unknown }>();
    const handler = async (request: Request) => {
      let text = '';
      try {
        for await (const piece of request.body!) text += Buffer.from(piece).toString('latin1');
      } catch (error) {
        result.open({ text, error });
      }
      return new Response('seen');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n'));
      await connection.send('nonsense\r\n');
      const { text, error } = await within('the failure', result.opened);
      assert.equal('hello'.startsWith(text), true, 'never more than was sent');
      assertProtocolError(error, 'ERR_HTTP_PROTOCOL_ERROR');
      assert.notEqual((await connection.receiveAll()).end, 'timeout');
    });
  });

  for (const name of ['text', 'stream', 'trailers'] as const) {
    test(`a reset in the middle rejects ${name} with ERR_HTTP_CONNECTION_RESET`, async () => {
      const begun = gate();
      const result = gate<unknown>();
      const handler = async (request: Request) => {
        const { trailers } = request as Request & { trailers: Promise<Headers> };
        const reading = name === 'stream' ? drain(request.body!) : request.text();
        setImmediate(begun.open);
        await Promise.all([
          reading.catch(() => {}),
          (name === 'trailers' ? trailers : reading).catch(result.open),
        ]);
        return new Response('nobody reads this');
      };
      await withServer(handler, async ({ connect }) => {
        const connection = await connect();
        await connection.send(message('POST /', ['Transfer-Encoding: chunked'], '5\r\nhello\r\n'));
        await begun.opened;
        connection.reset();
        assertProtocolError(await within('the failure', result.opened), 'ERR_HTTP_CONNECTION_RESET');
      });
    });
  }

  test('content cut short by a FIN rejects the read, with a code', async () => {
    const result = gate<unknown>();
    const handler = async (request: Request) => {
      await request.text().catch(result.open);
      return new Response('seen');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(latin1(message('POST /', ['Content-Length: 10'], 'hello')));
      connection.finish();
      const error = await within('the failure', result.opened);
      // A client that has said too little, or one that is lost: both are true, neither is success.
      assert.match(String((error as { code?: string }).code), /^ERR_HTTP_(PROTOCOL_ERROR|CONNECTION_RESET)$/);
    });
  });
});
