/** `ctx` for CONNECT and `Upgrade`: who gets such a request, and what it can do with it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ConnectContext,
  FALL_THROUGH,
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
} from '../../../src/index.ts';
import { gate, get, message, withServer } from '../with-server.ts';

const CONNECT = 'CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n';
const offer = (protocol: string, line = 'GET /chat?x') =>
  message(line, ['Connection: upgrade', `Upgrade: ${protocol}`]);

const withConnect = (connect: (ctx: ConnectContext) => unknown, use: Parameters<typeof withServer>[1]) =>
  withServer(() => new Response('from fetch'), use, { connect: connect as never });

describe('routing', () => {
  test('without connect(), CONNECT is a 501 and the end of the connection', () =>
    withServer(
      () => assert.fail('fetch() was called'),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(CONNECT);
        const { text, end } = await connection.receiveAll();
        assert.match(text, /^HTTP\/1\.1 501 /);
        assert.equal(end, 'fin');
      },
    ));

  test('without connect(), an offer to upgrade is ignored, and can be seen', () =>
    withServer(
      (request) => new Response(request.headers.get('upgrade')),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(offer('websocket') + get());
        const [first, second] = await connection.receiveResponses(['GET', 'GET']);
        assert.equal(first?.text, 'websocket');
        assert.equal(second?.status, 200);
      },
    ));

  for (const [what, text] of Object.entries({
    'an ordinary request': get(),
    'Upgrade without the connection option': message('GET /', ['Upgrade: x']),
    'Upgrade on HTTP/1.0': 'GET / HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
  })) {
    test(`${what} goes to fetch()`, () =>
      withConnect(
        () => assert.fail('connect() was called'),
        async ({ ask }) => assert.equal((await ask(text)).text, 'from fetch'),
      ));
  }
});

describe('ctx of connect()', () => {
  test('connectProtocol is the first protocol of the offer, lower-cased, and null for CONNECT', async () => {
    const seen: (string | null)[] = [];
    const connect = (ctx: ConnectContext) => {
      seen.push(ctx.connectProtocol);
      return new Response('no', { status: 403 });
    };
    await withConnect(connect, async ({ ask }) => {
      await ask(offer('WebSocket'));
      await ask(offer('h2c, websocket'));
      await ask(offer('foo/2'));
      await ask(CONNECT);
      assert.deepEqual(seen, ['websocket', 'h2c', 'foo/2', null]);
    });
  });

  test('it has all that ctx has, and the request with its method, url and Upgrade', async () => {
    const connect = (ctx: ConnectContext) =>
      Response.json([
        ctx.request.method,
        ctx.request.url,
        ctx.request.headers.get('upgrade'),
        ctx.remoteAddress.address,
        ctx.localAddress.address,
        ctx.alpnProtocol,
        ctx.autoContinue,
        ctx.clientPriority.urgency,
        ctx.receivedHead.slice(0, 3),
      ]);
    await withConnect(connect, async ({ ask, origin }) => {
      const url = `${new URL(origin).protocol}//a/chat?x`;
      const expected = ['GET', url, 'x', '127.0.0.1', '127.0.0.1', 'http/1.1', true, 3, 'GET'];
      assert.deepEqual(JSON.parse((await ask(offer('x'))).text), expected);
    });
  });

  test('ctx.request of a CONNECT has that method, and says where the client wants to go', async () => {
    let seen: readonly string[] | undefined;
    const connect = ({ request }: ConnectContext) => {
      seen = [request.method, new URL(request.url).hostname, request.headers.get('host') ?? ''];
      return new Response('no', { status: 403 });
    };
    await withConnect(connect, async ({ ask, faults }) => {
      await ask(CONNECT);
      assert.deepEqual(
        faults.map(({ error }) => String(error)),
        [],
      );
      assert.deepEqual(seen, ['CONNECT', 'b', 'b:443']);
    });
  });

  test('a Response refuses: after an upgrade the connection goes on, after CONNECT it does not', () =>
    withConnect(
      async () => new Response('no', { status: 403 }),
      async ({ connect }) => {
        const connection = await connect();
        // What follows a CONNECT may have been meant for the tunnel that there is not.
        await connection.send(offer('x') + CONNECT + get());
        assert.equal((await connection.receiveAll()).end, 'fin');
        const answers = await connection.receiveResponses(['GET', 'CONNECT', 'GET']);
        assert.deepEqual(
          answers.map(({ status }) => status),
          [403, 403],
        );
        assert.equal(answers[1]?.field('connection'), 'close');
      },
    ));

  test('RFC 9110 §9.3.6: a CONNECT with content is answered 400, and connect() is not called', () =>
    withConnect(
      () => assert.fail('connect() was called'),
      async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send('CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1\r\n\r\nx');
        assert.match((await connection.receiveAll()).text, /^HTTP\/1\.1 400 /);
        assert.deepEqual(faults, []);
      },
    ));

  test('deny() refuses with 503 and the end of the connection', () =>
    withConnect(
      (ctx) => ctx.deny(),
      async ({ connect, faults }) => {
        const connection = await connect();
        await connection.send(offer('x'));
        assert.match((await connection.receiveAll()).text, /^HTTP\/1\.1 503 /);
        assert.deepEqual(faults, []);
      },
    ));

  test('sendInformational works before the tunnel stands', () =>
    withConnect(
      async (ctx) => {
        ctx.sendInformational(103, { Link: '<x>' });
        return new Response('no', { status: 403 });
      },
      async ({ ask }) => assert.equal((await ask(offer('x'))).informational.length, 1),
    ));

  test('upgradeWebSocket of another protocol and upgradeWebTransport throw, and nothing is sent', () =>
    withConnect(
      (ctx) => {
        assert.throws(() => ctx.upgradeWebSocket(), { name: 'InvalidStateError' });
        assert.throws(() => ctx.upgradeWebTransport(), { name: 'NotSupportedError' });
        return new Response('none', { status: 501 });
      },
      async ({ ask, faults }) => {
        assert.equal((await ask(offer('chat'))).text, 'none');
        assert.deepEqual(faults, []);
      },
    ));
});

describe('fall-through', () => {
  test('the sentinel is the registered symbol of the draft', () => {
    assert.equal(FALL_THROUGH, Symbol.for('wintertc.server.fallthrough'));
  });

  test('fetch() gets the same request, with its Upgrade, and a fresh context that can do everything', async () => {
    const contexts: ServerContext[] = [];
    const work = gate();
    const handler = {
      [PROTOCOL_MARKER]: 1,
      connect(ctx: ConnectContext) {
        contexts.push(ctx);
        ctx.waitUntil(work.opened);
        ctx.deny(FALL_THROUGH);
      },
      fetch(ctx: ServerContext) {
        contexts.push(ctx);
        assert.equal(contexts[0]?.request, ctx.request);
        ctx.sendInformational(103);
        return new Response(ctx.request.headers.get('upgrade'));
      },
    } as const;
    await withServer(handler, async ({ ask, faults }) => {
      const answer = await ask(offer('x'));
      assert.equal(answer.text, 'x');
      assert.equal(answer.informational.length, 1);
      assert.notEqual(contexts[0], contexts[1]);
      assert.equal('accept' in contexts[1]!, false);
      assert.deepEqual(faults, []);
      work.open();
    });
  });

  test('fetch() is called when connect() has settled, and not before', async () => {
    const order: string[] = [];
    const handler = {
      [PROTOCOL_MARKER]: 1,
      async connect(ctx: ConnectContext) {
        ctx.deny(FALL_THROUGH);
        await new Promise((resolve) => setImmediate(resolve));
        order.push('connect');
      },
      fetch() {
        order.push('fetch');
        return new Response();
      },
    } as const;
    await withServer(handler, async ({ ask }) => {
      await ask(offer('x'));
      assert.deepEqual(order, ['connect', 'fetch']);
    });
  });

  test('the old context is inert: accept(), deny() and the upgrades throw InvalidStateError', async () => {
    const handler = {
      [PROTOCOL_MARKER]: 1,
      async connect(ctx: ConnectContext) {
        ctx.deny(FALL_THROUGH);
        assert.throws(() => ctx.deny(), { name: 'InvalidStateError' });
        assert.throws(() => ctx.deny(FALL_THROUGH), { name: 'InvalidStateError' });
        assert.throws(() => ctx.upgradeWebSocket(), { name: 'InvalidStateError' });
        await assert.rejects(ctx.accept(), { name: 'InvalidStateError' });
      },
      fetch: () => new Response('from fetch'),
    } as const;
    await withServer(handler, async ({ ask, faults }) => {
      assert.equal((await ask(offer('x'))).text, 'from fetch');
      assert.deepEqual(
        faults.map(({ error }) => String(error)),
        [],
      );
    });
  });

  test('on a CONNECT, after an interim response and after accept(), the sentinel throws InvalidStateError', async () => {
    const connect = async (ctx: ConnectContext) => {
      if (ctx.connectProtocol === 'accepted') await ctx.accept();
      else if (ctx.connectProtocol !== null) ctx.sendInformational(103);
      assert.throws(() => ctx.deny(FALL_THROUGH), { name: 'InvalidStateError' });
      if (ctx.connectProtocol !== 'accepted') return new Response('threw', { status: 403 });
      return undefined;
    };
    await withConnect(connect, async ({ ask, faults }) => {
      assert.equal((await ask(CONNECT)).text, 'threw');
      assert.equal((await ask(offer('x'))).text, 'threw');
      assert.equal((await ask(offer('accepted'))).status, 101);
      assert.deepEqual(
        faults.map(({ error }) => String(error)),
        [],
      );
    });
  });
});
