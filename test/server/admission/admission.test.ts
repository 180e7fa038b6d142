/** `limits.maxConnections` and `whenFull`: who is served, who waits, who is answered 503, over real sockets. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Response } from '../../../src/index.ts';
import type { RawConnection } from '../../support/raw-client.ts';
import { assertOpen, LATE, TIMEOUTS, tell, withClock } from '../../timeouts/with-clock.ts';
import { gate, get, message, type Running, until, within, withServer } from '../with-server.ts';

const hello = () => new Response('hello');
const pathOf = (request: Request) => new Response(new URL(request.url).pathname);

/** A connection that has had one answer, and is kept. */
async function served({ connect }: Pick<Running, 'connect'>): Promise<RawConnection> {
  const connection = await connect();
  await connection.send(get('/first'));
  await connection.receiveResponses(['GET']);
  return connection;
}

describe('whenFull: wait', () => {
  test('N are served, N+1 waits unread, and is served when one has gone, in the order of arrival', () =>
    withServer(
      pathOf,
      async (running) => {
        const { connect, server } = running;
        const [listener] = server;
        const first = await served(running);
        const [second, third] = [await connect(), await connect()];
        await second.send(get('/second'));
        await until('it waits', () => listener!.waitingCount === 2);
        await third.send(get('/third'));
        assert.equal(server.counts.connectionsWaiting, 2);
        assert.equal(listener!.connectionCount, 1);
        // What is served goes on, and says close now: somebody waits for its place.
        await first.send(get('/again'));
        const [, last] = await first.receiveResponses(['GET', 'GET']);
        assert.deepEqual([last?.text, last?.field('connection')], ['/again', 'close']);
        assert.equal(second.receivedOctets, 0);
        first.close();
        const [answer] = await second.receiveResponses(['GET']);
        assert.deepEqual([answer?.text, answer?.field('connection')], ['/second', 'close']);
        second.close();
        const [alone] = await third.receiveResponses(['GET']);
        assert.deepEqual([alone?.text, alone?.field('connection')], ['/third', 'keep-alive'], 'nobody waits');
        assert.deepEqual([server.counts.requestsStarted, server.counts.connectionsRefused], [4, 0]);
      },
      { limits: { maxConnections: 1 } },
    ));

  test('a request that arrives in pieces, before and after its connection is let in, is whole', () =>
    withServer(
      async (request) => new Response(`${(await request.text()).length}`),
      async (running) => {
        const [listener] = running.server;
        const first = await served(running);
        const second = await running.connect();
        await second.send(message('POST /', ['Content-Length: 300000']));
        await second.send('x'.repeat(200_000));
        await until('it waits', () => listener!.waitingCount === 1);
        first.close();
        await until('it is let in', () => listener!.waitingCount === 0);
        await second.send('x'.repeat(100_000));
        const [answer] = await second.receiveResponses(['POST']);
        assert.equal(answer?.text, '300000');
      },
      { limits: { maxConnections: 1 } },
    ));

  test('M may wait, and one more is answered 503', () =>
    withServer(
      hello,
      async (running) => {
        const { connect, server } = running;
        const [listener] = server;
        await served(running);
        const waiting = [await connect(), await connect()];
        await until('both wait', () => listener!.waitingCount === 2);
        const surplus = await connect();
        await surplus.send(get());
        const [answer] = await surplus.receiveResponses(['GET']);
        assert.equal(answer?.status, 503);
        assert.equal(server.counts.connectionsRefused, 1);
        // One that goes before it has asked for anything makes room in the line.
        waiting[0]!.close();
        await until('it has left', () => listener!.waitingCount === 1);
        const next = await connect();
        await until('there is room again', () => listener!.waitingCount === 2);
        assert.equal(next.receivedOctets, 0);
      },
      { limits: { maxConnections: 1, maxWaitingConnections: 2 } },
    ));

  test('who has waited for timeouts.idle is answered 503', () =>
    withClock(
      () => new Promise<never>(() => {}),
      async ({ connect, clock, server }) => {
        const [first, second] = [await connect(), await connect()];
        await tell(first, get());
        await tell(second, get());
        await until('one runs', () => server.counts.requestsStarted === 1);
        await until('one waits', () => server.counts.connectionsWaiting === 1);
        clock.pass(TIMEOUTS.idle);
        assert.equal(server.counts.connectionsWaiting, 1);
        clock.pass(LATE);
        const [answer] = await second.receiveResponses(['GET']);
        assert.deepEqual([answer?.status, answer?.field('connection')], [503, 'close']);
        assert.equal(server.counts.connectionsWaiting, 0);
        assertOpen(first);
      },
      { limits: { maxConnections: 1 } },
    ));

  test('behind a balancer: the PROXY header is read when the connection is let in, or turned away', () =>
    withServer(
      (_request, ctx) => new Response(ctx.remoteAddress.address),
      async ({ connect, server }) => {
        const header = (address: string) => `PROXY TCP4 ${address} 192.0.2.9 1 80\r\n`;
        const [first, second, third] = [await connect(), await connect(), await connect()];
        await first.send(header('192.0.2.1') + get());
        await first.receiveText('192.0.2.1');
        await second.send(header('192.0.2.2') + get());
        await until('one waits', () => server.counts.connectionsWaiting === 1);
        await third.send(header('192.0.2.3') + get());
        const [refusal] = await third.receiveResponses(['GET']);
        assert.equal(refusal?.status, 503);
        first.close();
        await second.receiveText('192.0.2.2');
      },
      {
        limits: { maxConnections: 1, maxWaitingConnections: 1 },
        proxy: { protocol: true, trusted: ['127.0.0.1'] },
      },
    ));

  test('drain() serves those who wait, as there is room', () => {
    const held = gate();
    return withServer(
      async () => {
        await held.opened;
        return new Response('drained');
      },
      async ({ connect, server }) => {
        const [first, second] = [await connect(), await connect()];
        await first.send(get());
        await second.send(get());
        await until('one waits', () => server.counts.connectionsWaiting === 1);
        await until('one runs', () => server.counts.requestsStarted === 1);
        const draining = server.drain({ grace: Infinity });
        held.open();
        for (const connection of [first, second]) {
          const [answer] = await connection.receiveResponses(['GET']);
          assert.deepEqual([answer?.text, answer?.field('connection')], ['drained', 'close']);
          connection.close();
        }
        await within('drained', draining);
      },
      { limits: { maxConnections: 1 } },
    );
  });

  test('close() answers 503 to those who wait, and waits until they have it', () => {
    const held = gate();
    return withServer(
      async () => {
        await held.opened;
        return new Response('finished');
      },
      async ({ connect, server }) => {
        const [first, second, silent] = [await connect(), await connect(), await connect()];
        await first.send(get());
        await second.send(get());
        await until('two wait', () => server.counts.connectionsWaiting === 2);
        await until('one runs', () => server.counts.requestsStarted === 1);
        const closing = server.close();
        const [refusal] = await second.receiveResponses(['GET']);
        assert.deepEqual([refusal?.status, refusal?.field('connection')], [503, 'close']);
        assert.equal((await silent.receiveAll()).end, 'fin');
        held.open();
        const [answer] = await first.receiveResponses(['GET']);
        assert.equal(answer?.text, 'finished');
        for (const connection of [first, second, silent]) connection.close();
        await within('closed', closing);
      },
      { limits: { maxConnections: 1 } },
    );
  });

  test('destroy() ends those who wait', () =>
    withServer(
      hello,
      async (running) => {
        await served(running);
        const waiting = await running.connect();
        await until('it waits', () => running.server.counts.connectionsWaiting === 1);
        running.server.destroy();
        assert.notEqual((await waiting.receiveAll()).end, 'timeout');
      },
      { limits: { maxConnections: 1 } },
    ));
});

describe('whenFull: refuse', () => {
  const options = { limits: { maxConnections: 1 }, whenFull: 'refuse' } as const;

  test('RFC 9110 §15.6.4: one more is answered 503 with Retry-After and close, readable to its end, and not asked of the handler', () => {
    let handled = 0;
    return withServer(
      () => {
        handled++;
        return hello();
      },
      async (running) => {
        const first = await served(running);
        const second = await running.connect();
        // More than the kernel holds is on its way when the answer comes: a reset would destroy it.
        await second.send(message('POST /', ['Content-Length: 3000000'], 'x'.repeat(3_000_000)));
        const [answer] = await second.receiveResponses(['POST']);
        assert.deepEqual([answer?.status, answer?.field('connection')], [503, 'close']);
        assert.match(answer?.field('retry-after') ?? '', /^\d+$/);
        assert.equal((await second.receiveAll()).end, 'fin');
        assert.equal(handled, 1);
        const { connectionsAccepted, connectionsRefused, requestsRefused } = running.server.counts;
        assert.deepEqual([connectionsAccepted, connectionsRefused, requestsRefused], [2, 1, 1]);
        // Those that are refused take nobody's place.
        first.close();
        await until('there is room', () => [...running.server][0]!.connectionCount === 0);
        assert.equal((await running.ask(get())).text, 'hello');
      },
      options,
    );
  });

  test('it is not answered before it asks, and closed when it does not', () =>
    withClock(
      hello,
      async ({ connect, clock, server }) => {
        const first = await connect();
        const second = await connect();
        await until('both are known', () => server.counts.connectionsAccepted === 2);
        clock.pass(4_000);
        assertOpen(second);
        assert.equal(second.receivedOctets, 0);
        clock.pass(3_000);
        const { end, text } = await second.receiveAll();
        assert.deepEqual([end, text], ['fin', '']);
        assertOpen(first);
      },
      options,
    ));

  test('a thousand are answered at the same time, and one more is closed without a word', () =>
    withClock(
      hello,
      async ({ server }) => {
        const [listener] = server;
        const { MemorySocket } = await import('../../support/memory-socket.ts');
        const sockets = Array.from({ length: 1_002 }, () => new MemorySocket());
        for (const socket of sockets) listener!.accept(socket.asSocket);
        assert.equal(server.counts.connectionsRefused, 1_001);
        assert.deepEqual(
          [sockets[0]!.destroyed, sockets[1_000]!.destroyed, sockets[1_001]!.destroyed],
          [false, false, true],
        );
        sockets[1_000]!.feed(Buffer.from(get()));
        await sockets[1_000]!.until(() => sockets[1_000]!.written.includes('503'));
      },
      options,
    ));

  test('HEAD is answered without content, and nonsense with 400', () =>
    withServer(
      hello,
      async (running) => {
        await served(running);
        const head = await running.ask(message('HEAD /'));
        assert.deepEqual([head.status, head.text], [503, '']);
        assert.equal((await running.ask('NONSENSE\r\n\r\n')).status, 400);
      },
      options,
    ));
});
