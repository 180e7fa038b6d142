/** Content that is read late, partly or never: nobody waits for ever, and nobody takes a part of it for the whole. */
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import { sleep } from '../../support/raw-client.ts';
import { inOneOf } from '../../support/until.ts';
import {
  assertNoStrays,
  assertProtocolError,
  gate,
  get,
  message,
  reasonOf,
  within,
  withServer,
} from '../with-server.ts';

after(assertNoStrays);

const head = (length: number, ...fields: string[]) =>
  message('POST /', [...fields, `Content-Length: ${length}`]);

describe('content that is read when the answer has been given', () => {
  test('is whole, if nothing of it has been thrown away', async () => {
    const read = gate<string>();
    await withServer(
      (request) => {
        setTimeout(() => request.text().then(read.open, read.open), 20);
        return new Response('ok');
      },
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(head(10));
        await connection.receiveText('ok');
        await sleep(60);
        await connection.send('1234567890');
        assert.equal(await within('text', read.opened), '1234567890');
      },
    );
  });

  for (const how of ['text', 'body'] as const) {
    test(`by ${how}: is an error, if a part of it has been thrown away`, async () => {
      const failed = gate<unknown>();
      const reader = gate();
      await withServer(
        (request) => {
          const read = () => (how === 'text' ? request.text() : request.body!.getReader().read());
          void reader.opened.then(() => read().then(() => failed.open('read'), failed.open));
          return new Response('ok');
        },
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(`${head(10)}12345`);
          await connection.receiveText('ok');
          await sleep(50);
          reader.open();
          await sleep(50);
          await connection.send('67890');
          assertProtocolError(await within('the read', failed.opened), 'ERR_HTTP_REQUEST_CANCELLED');
        },
      );
    });
  }

  test('is given up at once where the connection ends anyway', () =>
    withServer(
      () => new Response('no', { status: 403 }),
      async ({ connect }) => {
        await inOneOf(5, async () => {
          const connection = await connect();
          const start = performance.now();
          await connection.send(head(10, 'Expect: 100-continue'));
          assert.equal((await connection.receiveAll()).end, 'fin');
          assert.ok(performance.now() - start < 900, 'there is nothing to wait for');
        });
      },
    ));
});

test('content that does not fill the last element of a view is an error for its reader, and no harm to the connection', () =>
  withServer(
    async (request) => {
      const reader = request.body!.getReader({ mode: 'byob' });
      try {
        for (;;) if ((await reader.read(new Uint16Array(4))).done) break;
      } catch {
        return new Response('partial');
      }
      return new Response('whole');
    },
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(`${head(5)}12345${get()}`.replace('GET', 'POST'));
      await connection.receiveText('partial');
    },
  ));

test('a read of the content goes on after deny(), and fails when the client goes', async () => {
  const reading = gate<Promise<string>>();
  await withServer(
    {
      fetch(request, ctx) {
        const text = request.text();
        text.catch(() => {});
        // In an object, or the gate would wait for it.
        reading.open({ text } as never);
        ctx.deny();
        return undefined as never;
      },
    },
    async ({ connect }) => {
      const connection = await connect();
      await connection.send(`${head(10)}12345`);
      const { text } = (await reading.opened) as unknown as { text: Promise<string> };
      connection.reset();
      assertProtocolError(await reasonOf('the read', text), 'ERR_HTTP_CONNECTION_RESET');
    },
  );
});
