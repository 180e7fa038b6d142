/** `ctx.sendInformational()`: Early Hints, and the 100 that a client may be waiting for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response, type ServerContext } from '../../../src/index.ts';
import { until } from '../../support/until.ts';
import { gate, get, inHandler, message, withServer } from '../with-server.ts';

const EXPECTING = message('POST /', ['Expect: 100-continue', 'Content-Length: 5']);
const statuses = (answer: { informational: readonly { status: number }[] } | undefined) =>
  answer?.informational.map(({ status }) => status);

describe('sendInformational', () => {
  test('103 arrives with its fields, before the handler has answered', async () => {
    const end = gate();
    const handler = async (_: Request, ctx: ServerContext) => {
      ctx.sendInformational(103, [
        ['Link', '</a.css>; rel=preload'],
        ['Link', '</b.js>; rel=preload'],
      ]);
      await end.opened;
      return new Response('x');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(get());
      await connection.receiveText('b.js');
      end.open();
      const [answer] = await connection.receiveResponses(['GET']);
      assert.deepEqual(answer?.informational, [
        {
          status: 103,
          reason: 'Early Hints',
          fields: [
            ['Link', '</a.css>; rel=preload'],
            ['Link', '</b.js>; rel=preload'],
          ],
        },
      ]);
      assert.equal(answer?.text, 'x');
    });
  });

  test('it may be sent more than once, with any other status', () =>
    withServer(
      (_, ctx) => {
        for (const status of [102, 103, 199]) ctx.sendInformational(status);
        return new Response();
      },
      async ({ ask }) => assert.deepEqual(statuses(await ask(get())), [102, 103, 199]),
    ));

  for (const status of [101, 99, 0, 200, 500, 103.5, Number.NaN, '103']) {
    test(`${JSON.stringify(status)} is a RangeError, and nothing is sent`, async () => {
      await withServer(
        (_, ctx) => {
          assert.throws(() => ctx.sendInformational(status as number), RangeError);
          return new Response();
        },
        async ({ ask }) => {
          const answer = await ask(get());
          assert.equal(answer.status, 200);
          assert.deepEqual(statuses(answer), []);
        },
      );
    });
  }

  test('fields that can not be sent are a TypeError, nothing is sent, and the exchange is open as before', () =>
    withServer(
      (_, ctx) => {
        assert.throws(() => ctx.sendInformational(103, { Link: 'a\r\nX-Smuggled: 1' }), TypeError);
        assert.throws(() => ctx.sendInformational(103, { 'a b': '1' }), TypeError);
        ctx.deny();
        return undefined as never;
      },
      async ({ ask }) => {
        const answer = await ask(get());
        assert.equal(answer.status, 503);
        assert.deepEqual(statuses(answer), []);
      },
    ));

  test('framing fields never go out in it', () =>
    withServer(
      (_, ctx) => {
        ctx.sendInformational(103, { 'Content-Length': '5', 'Transfer-Encoding': 'chunked', Link: '<x>' });
        return new Response();
      },
      async ({ ask }) => {
        const { informational } = await ask(get());
        assert.deepEqual(informational[0]?.fields, [['Link', '<x>']]);
      },
    ));

  test('after the response has begun it throws InvalidStateError', async () => {
    let late: ServerContext | undefined;
    await inHandler(get(), (_, ctx) => {
      late = ctx;
    });
    assert.throws(() => late!.sendInformational(103), { name: 'InvalidStateError' });
    assert.throws(() => late!.sendInformational(100), { name: 'InvalidStateError' });
  });

  test('on HTTP/1.0, which has none, it throws NotSupportedError', () =>
    inHandler('GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n', (_, ctx) => {
      assert.throws(() => ctx.sendInformational(103), { name: 'NotSupportedError' });
    }));
});

describe('100 (Continue)', () => {
  test('that nobody waits for throws InvalidStateError', () =>
    inHandler(message('POST /', [], 'hello'), (_, ctx) => {
      assert.throws(() => ctx.sendInformational(100), { name: 'InvalidStateError' });
    }));

  test('may be sent by the handler, once, with fields', async () => {
    const handler = async (request: Request, ctx: ServerContext) => {
      ctx.sendInformational(100, { 'X-A': '1' });
      assert.throws(() => ctx.sendInformational(100), { name: 'InvalidStateError' });
      return new Response(await request.text());
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(EXPECTING);
      await connection.receiveText('100 Continue\r\nX-A: 1\r\n\r\n');
      await connection.send('hello');
      const [answer] = await connection.receiveResponses(['POST']);
      assert.deepEqual(statuses(answer), [100]);
      assert.equal(answer?.text, 'hello');
    });
  });

  test('goes before any other interim response by itself', async () => {
    const handler = async (request: Request, ctx: ServerContext) => {
      ctx.sendInformational(103);
      return new Response(await request.text());
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(EXPECTING);
      await connection.receiveText('103 ');
      await connection.send('hello');
      assert.deepEqual(statuses((await connection.receiveResponses(['POST']))[0]), [100, 103]);
    });
  });

  for (const [how, read] of Object.entries({
    'text()': (request: Request) => request.text(),
    'a reader': (request: Request) => request.body!.getReader().read(),
    'ctx.request': (_: Request, ctx: ServerContext) => ctx.request.text(),
  })) {
    test(`is sent when the content is first read with ${how}, and deny() is too late then`, async () => {
      const asked = gate();
      const handler = async (request: Request, ctx: ServerContext) => {
        await asked.opened;
        await Promise.all([
          read(request, ctx),
          Promise.resolve().then(() => assert.throws(() => ctx.deny())),
        ]);
        return new Response('read');
      };
      await withServer(handler, async ({ connect }) => {
        const connection = await connect();
        await connection.send(EXPECTING);
        for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        assert.equal(connection.receivedOctets, 0, 'nothing before it is read');
        asked.open();
        await connection.receiveText('100 Continue\r\n\r\n');
        await connection.send('hello');
        const [answer] = await connection.receiveResponses(['POST']);
        assert.equal(answer?.text, 'read');
        assert.deepEqual(statuses(answer), [100]);
      });
    });
  }

  test('is not sent because somebody only looks at the body', async () => {
    const handler = (request: Request, ctx: ServerContext) => {
      assert.equal(request.body?.locked, false);
      assert.equal(ctx.request.bodyUsed, false);
      return new Response('unread');
    };
    await withServer(handler, async ({ connect }) => {
      const connection = await connect();
      await connection.send(EXPECTING);
      const [answer] = await connection.receiveResponses(['POST']);
      assert.deepEqual(statuses(answer), []);
      assert.equal(answer?.text, 'unread');
    });
  });

  test('with autoContinue false it is the handler’s: neither a read nor a 103 sends it', async () => {
    let reading: Promise<string> | undefined;
    const send = gate();
    const handler = async (request: Request, ctx: ServerContext) => {
      assert.equal(ctx.autoContinue, false);
      reading = request.text();
      ctx.sendInformational(103);
      await send.opened;
      ctx.sendInformational(100);
      return new Response(await reading);
    };
    await withServer(
      handler,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(EXPECTING);
        await connection.receiveText('103 ');
        await until('the handler reads', () => reading !== undefined);
        assert.doesNotMatch(connection.soFar().toString('latin1'), / 100 /);
        send.open();
        await connection.receiveText(' 100 ');
        await connection.send('hello');
        const [answer] = await connection.receiveResponses(['POST']);
        assert.deepEqual(statuses(answer), [103, 100]);
        assert.equal(answer?.text, 'hello');
      },
      { autoContinue: false },
    );
  });

  test('is not owed after deny(): the client gets the 503 alone', () =>
    withServer(
      (_, ctx) => {
        ctx.deny();
        return undefined as never;
      },
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(EXPECTING);
        const [answer] = await connection.receiveResponses(['POST']);
        assert.equal(answer?.status, 503);
        assert.deepEqual(statuses(answer), []);
      },
    ));
});
