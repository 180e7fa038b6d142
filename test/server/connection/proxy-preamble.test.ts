/** `options.proxy.protocol`: connections that begin with a PROXY header, and those that must not. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, test } from 'node:test';
import { Response, type ServerContext, type SocketAddress, serve } from '../../../src/index.ts';
import type { SocketListener } from '../../../src/server/listening/listener.ts';
import { type ProxyHeaderParts, proxyHeader, tlv, withChecksum } from '../../proxy-protocol/proxy-headers.ts';
import { everyCut } from '../../support/each-split.ts';
import { assertOpen, LATE, TIMEOUTS, tell, withClock } from '../../timeouts/with-clock.ts';
import { get, message, type Running, until, within, withServer } from '../with-server.ts';

const LINE = 'PROXY TCP4 203.0.113.7 198.51.100.2 40000 443\r\n';
const TRUSTED = { proxy: { protocol: true, trusted: ['127.0.0.1'] } };
const STRANGER = { proxy: { protocol: true, trusted: ['10.0.0.0/8', '127.0.0.2', '::1', 'unix'] } };

const ends = (_: Request, ctx: ServerContext) => Response.json([ctx.remoteAddress, ctx.localAddress]);

const CLIENT = [
  { address: '203.0.113.7', port: 40_000, family: 'IPv4' },
  { address: '198.51.100.2', port: 443, family: 'IPv4' },
];

interface Rejected {
  readonly reason: string;
  readonly status: number;
  readonly section: string;
  readonly remoteAddress: SocketAddress;
}

/** Runs a server, and collects what is published on a channel. */
async function observed(
  channel: string,
  use: (running: Running, events: Rejected[]) => Promise<void>,
  options = {},
): Promise<void> {
  const events: Rejected[] = [];
  const listener = (event: unknown) => events.push(event as Rejected);
  subscribe(channel, listener);
  try {
    await withServer(ends, (running) => use(running, events), options);
  } finally {
    unsubscribe(channel, listener);
  }
}

describe('a connection from a trusted balancer', () => {
  for (const [name, header, expected] of [
    ['version 1', LINE, CLIENT],
    ['version 2', proxyHeader({ addresses: '\xcb\x00\x71\x07\xc6\x33\x64\x02\x9c\x40\x01\xbb' }), CLIENT],
    [
      'version 2 with a check sum',
      withChecksum({
        addresses: '\xcb\x00\x71\x07\xc6\x33\x64\x02\x9c\x40\x01\xbb',
        tlvs: tlv(2, 'a.example'),
      }),
      CLIENT,
    ],
    [
      'TCP6',
      'PROXY TCP6 2001:db8::1 2001:DB8:0::2 1 2\r\n',
      [
        { address: '2001:db8::1', port: 1, family: 'IPv6' },
        { address: '2001:db8::2', port: 2, family: 'IPv6' },
      ],
    ],
    [
      'a unix socket',
      proxyHeader({ family: 0x31, addresses: '/a'.padEnd(108, '\0') + '/b'.padEnd(108, '\0') }),
      [
        { address: '/a', port: 0, family: 'unix' },
        { address: '/b', port: 0, family: 'unix' },
      ],
    ],
  ] as const) {
    test(`PROXY §2: ${name}: the ends are those that the header names, for each request`, () =>
      withServer(
        ends,
        async ({ connect }) => {
          const connection = await connect();
          await connection.send(header + get() + get());
          const answers = await connection.receiveResponses(['GET', 'GET']);
          for (const { text } of answers) assert.deepEqual(JSON.parse(text), expected);
        },
        TRUSTED,
      ));
  }

  test('PROXY §2.2: LOCAL: the connection is the balancer’s own, and its ends are those of the socket', () =>
    withServer(
      ends,
      async ({ connect, port }) => {
        const connection = await connect();
        await connection.send(proxyHeader({ command: 0x20 }) + get());
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(JSON.parse(answer!.text), [
          { address: '127.0.0.1', port: connection.localPort, family: 'IPv4' },
          { address: '127.0.0.1', port, family: 'IPv4' },
        ]);
      },
      TRUSTED,
    ));

  const unknown = { address: '', port: 0, family: '' };
  for (const [name, header] of [
    ['UNKNOWN', 'PROXY UNKNOWN\r\n'],
    ['UNKNOWN with addresses', 'PROXY UNKNOWN 1.2.3.4 5.6.7.8 1 2\r\n'],
    ['an unspecified family', proxyHeader({ family: 0, addresses: '' })],
    ['an unspecified family with octets', proxyHeader({ family: 0, addresses: 'xxxx' })],
    ['an unspecified transport', proxyHeader({ family: 0x10 })],
  ] as const) {
    for (const [fields, lines] of [
      [
        'x-forwarded',
        ['X-Forwarded-For: 192.0.2.9', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: evil.example'],
      ],
      ['forwarded', ['Forwarded: for=192.0.2.9;proto=https;host=evil.example']],
      [undefined, ['X-Forwarded-For: 192.0.2.9']],
    ] as const) {
      test(`PROXY §2: ${name}: the client is unknown, and its ${fields ?? 'forwarding'} fields are not believed`, () =>
        withServer(
          (request, ctx) => Response.json([request.url, ctx.remoteAddress, ctx.localAddress]),
          async ({ connect, port }) => {
            const connection = await connect();
            await connection.send(header + message('GET /', lines) + message('GET /', lines));
            const answers = await connection.receiveResponses(['GET', 'GET']);
            for (const { text } of answers) {
              const local = { address: '127.0.0.1', port, family: 'IPv4' };
              assert.deepEqual(JSON.parse(text), ['http://a/', unknown, local]);
            }
          },
          { proxy: { ...TRUSTED.proxy, ...(fields && { fields }) } },
        ));
    }
  }

  test('PROXY §2.2: the forwarding fields of the balancer’s own requests are believed', () =>
    withServer(
      (request, ctx) => Response.json([request.url, ctx.remoteAddress.address]),
      async ({ connect }) => {
        const connection = await connect();
        const fields = ['X-Forwarded-For: 192.0.2.9', 'X-Forwarded-Proto: https'];
        await connection.send(proxyHeader({ command: 0x20 }) + message('GET /', fields));
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(JSON.parse(answer!.text), ['https://a/', '192.0.2.9']);
      },
      { proxy: { ...TRUSTED.proxy, fields: 'x-forwarded' } },
    ));

  test('PROXY §2: a header is understood octet by octet, and a request behind it too', () =>
    withServer(
      ends,
      async ({ connect }) => {
        for (const header of [
          LINE,
          proxyHeader({ addresses: '\xcb\x00\x71\x07\xc6\x33\x64\x02\x9c\x40\x01\xbb' }),
        ]) {
          const connection = await connect();
          const octets = header + message('POST /', [], 'x'.repeat(20));
          await connection.send(octets, { pieces: everyCut(octets.length) });
          const [answer] = await connection.receiveResponses(['POST']);
          assert.deepEqual(JSON.parse(answer!.text), CLIENT);
        }
      },
      TRUSTED,
    ));

  test('PROXY §2: content behind a header in the same piece is back-pressured as any', () =>
    withServer(
      async (request) => new Response(String((await request.text()).length)),
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(LINE + message('POST /', [], 'x'.repeat(300_000)) + get());
        const [answer] = await connection.receiveResponses(['POST', 'GET']);
        assert.equal(answer?.text, '300000');
      },
      TRUSTED,
    ));

  test('PROXY §2: a refused request behind a header is told with the address of the client', () =>
    observed(
      'serval:request:rejected',
      async ({ connect }, events) => {
        const connection = await connect();
        await connection.send(`${LINE}GET / HTTP/1.1\r\n\r\n`);
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.status, 400);
        assert.deepEqual(
          events.map(({ reason, remoteAddress }) => [reason, remoteAddress.address]),
          [['HostMissing', '203.0.113.7']],
        );
      },
      TRUSTED,
    ));

  for (const channel of ['serval:connection:open', 'serval:connection:close']) {
    test(`PROXY §2: ${channel} has the addresses of the header, once`, () =>
      observed(
        channel,
        async ({ connect }, events) => {
          const connection = await connect();
          await connection.send(LINE + get());
          await connection.receiveResponses(['GET']);
          connection.close();
          await until('published', () => events.length > 0);
          assert.deepEqual(events, [{ remoteAddress: CLIENT[0], localAddress: CLIENT[1] }]);
        },
        TRUSTED,
      ));
  }

  const refused: Record<string, [string, string]> = {
    'no header': [get(), 'ProxyHeaderMissing'],
    'a header of another kind': ['\x16\x03\x01\x02\x00\x01\x00', 'ProxyHeaderMissing'],
    'a malformed line': [LINE.replace('443', '65536') + get(), 'ProxyHeaderSyntax'],
    'an endless line': [`PROXY UNKNOWN ${'x'.repeat(200)}`, 'ProxyHeaderTooLarge'],
    'another version': [proxyHeader({ command: 0x31 }) + get(), 'ProxyHeaderSyntax'],
    'a length that is too small': [
      proxyHeader({ addresses: 'xxxx' } as ProxyHeaderParts) + get(),
      'ProxyHeaderSyntax',
    ],
    'a length that is too large': [proxyHeader({ length: 65_535 }) + get(), 'ProxyHeaderTooLarge'],
    'a wrong check sum': [`${withChecksum().slice(0, -1)}\0${get()}`, 'ProxyHeaderChecksum'],
  };
  for (const [name, [octets, reason]] of Object.entries(refused)) {
    test(`PROXY §2: ${name}: the connection is closed without a word, and the reason told`, () =>
      observed(
        'serval:request:rejected',
        async ({ connect, server }, events) => {
          const connection = await connect();
          await connection.send(octets);
          const received = await connection.receiveAll();
          assert.notEqual(received.end, 'timeout');
          assert.equal(received.text, '');
          assert.deepEqual(
            events.map(({ reason, status, remoteAddress }) => [reason, status, remoteAddress.address]),
            [[reason, 0, '127.0.0.1']],
          );
          assert.equal(server.counts.requestsRejected, 1);
          await until('forgotten', () => [...server][0]?.connectionCount === 0);
        },
        TRUSTED,
      ));
  }

  test('PROXY §2: a second header is no request', () =>
    withServer(
      ends,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(LINE + LINE);
        const [answer] = await connection.receiveResponses(['GET']);
        assert.equal(answer?.status, 400);
      },
      TRUSTED,
    ));

  test('PROXY §2: one that is ended within its header is closed and told, one that said nothing is closed', () =>
    observed(
      'serval:request:rejected',
      async ({ connect }, events) => {
        const silent = await connect();
        silent.finish();
        assert.equal((await silent.receiveAll()).text, '');
        assert.deepEqual(events, []);
        const begun = await connect();
        await begun.send('PROXY TCP4');
        begun.finish();
        assert.equal((await begun.receiveAll()).text, '');
        assert.deepEqual(
          events.map(({ reason }) => reason),
          ['ProxyHeaderIncomplete'],
        );
      },
      TRUSTED,
    ));

  test('PROXY §2: a client that ends its side behind header and request is answered', () =>
    withServer(
      ends,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(LINE + get());
        connection.finish();
        const { text, end } = await connection.receiveAll();
        assert.match(text, /203\.0\.113\.7/);
        assert.equal(end, 'fin');
      },
      TRUSTED,
    ));

  test('limits.maxConnections counts those that have not sent their header yet', () =>
    withServer(
      ends,
      async ({ connect, server }) => {
        const first = await connect();
        await first.send('PROXY');
        await until('accepted', () => [...server][0]?.connectionCount === 1);
        const second = await connect();
        assert.notEqual((await second.receiveAll()).end, 'timeout');
        await first.send(` TCP4 203.0.113.7 198.51.100.2 40000 443\r\n${get()}`);
        await first.receiveResponses(['GET']);
        assert.equal([...server][0]?.connectionCount, 1);
      },
      { ...TRUSTED, limits: { maxConnections: 1 }, whenFull: 'close' },
    ));

  test('close() closes those that have sent nothing, and waits for a header that has begun', () =>
    withServer(
      ends,
      async ({ connect, server }) => {
        const silent = await connect();
        const begun = await connect();
        const alone = await connect();
        for (const connection of [begun, alone]) await connection.send('PROXY');
        await until('accepted', () => [...server][0]?.connectionCount === 3);
        // What was sent first has arrived when what was sent later is answered.
        const other = await connect();
        await other.send(LINE + get());
        await other.receiveResponses(['GET']);
        const closed = server.close();
        assert.equal((await silent.receiveAll()).text, '');
        await begun.send(` TCP4 203.0.113.7 198.51.100.2 40000 443\r\n${get()}`);
        const [answer] = await begun.receiveResponses(['GET']);
        assert.equal(answer?.status, 503);
        begun.close();
        // Nothing came with this one's: it is idle, and would have been closed if it had been a moment earlier.
        await alone.send(' TCP4 203.0.113.7 198.51.100.2 40000 443\r\n');
        assert.equal((await alone.receiveAll()).end, 'fin');
        await within('close', closed);
      },
      TRUSTED,
    ));

  test('destroy() ends those that wait for a header', () =>
    withServer(
      ends,
      async ({ connect, server }) => {
        const connection = await connect();
        await until('accepted', () => [...server][0]?.connectionCount === 1);
        server.destroy();
        assert.notEqual((await connection.receiveAll()).end, 'timeout');
      },
      TRUSTED,
    ));
});

describe('timeouts.headers', () => {
  for (const [name, piece] of Object.entries({ nothing: '', 'half a header': 'PROXY TCP4 1.2' })) {
    test(`PROXY §2: after ${name} of it, the header has timeouts.headers from the first moment on`, async () => {
      const reasons: string[] = [];
      const listener = (event: unknown) => reasons.push((event as Rejected).reason);
      subscribe('serval:request:rejected', listener);
      try {
        await withClock(
          () => new Response(),
          async ({ clock, connect }) => {
            const client = await connect();
            if (piece !== '') await tell(client, piece);
            clock.pass(TIMEOUTS.headers - 1);
            await new Promise((resolve) => setImmediate(resolve));
            assertOpen(client);
            assert.deepEqual(reasons, []);
            clock.pass(LATE);
            assert.deepEqual(reasons, ['ProxyHeaderTimeout']);
            assert.equal((await client.receiveAll()).text, '');
          },
          TRUSTED,
        );
      } finally {
        unsubscribe('serval:request:rejected', listener);
      }
    });
  }

  test('PROXY §2: behind the header the time for a request begins anew', () =>
    withClock(
      () => new Response('hello'),
      async ({ clock, connect }) => {
        const client = await connect();
        clock.pass(TIMEOUTS.headers - LATE);
        await tell(client, LINE);
        clock.pass(TIMEOUTS.headers);
        await tell(client, get());
        await client.receiveText('hello');
      },
      TRUSTED,
    ));
});

describe('a connection from anybody else', () => {
  for (const header of [LINE, proxyHeader()]) {
    test(`PROXY §2: a header of version ${header === LINE ? 1 : 2} is a malformed request, and no address is believed`, () =>
      observed(
        'serval:request:rejected',
        async ({ connect }, events) => {
          const connection = await connect();
          await connection.send(header + get());
          const [answer] = await connection.receiveResponses(['GET']);
          assert.equal(answer?.status, 400);
          assert.deepEqual(
            events.map(({ remoteAddress }) => remoteAddress.address),
            ['127.0.0.1'],
          );
        },
        STRANGER,
      ));
  }

  test('PROXY §2: it is served as without the option', () =>
    withServer(
      ends,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get());
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(JSON.parse(answer!.text)[0], {
          address: '127.0.0.1',
          port: connection.localPort,
          family: 'IPv4',
        });
      },
      STRANGER,
    ));

  test('PROXY §2: without the protocol, nobody may send a header, trusted or not', () =>
    withServer(
      ends,
      async ({ ask }) => {
        assert.equal((await ask(`${LINE}${get()}`)).status, 400);
        assert.equal((await ask(get())).status, 200);
      },
      { proxy: { fields: 'forwarded', trusted: ['127.0.0.1'] } },
    ));
});

test('each listener has its own proxies', async () => {
  const server = serve(ends, { proxy: { protocol: true, trusted: ['127.0.0.1'] } });
  try {
    const inner = await server.listen({ hostname: '127.0.0.1' });
    const outer = await server.listen({ hostname: '127.0.0.1', proxy: {} });
    assert.equal((inner as SocketListener).settings.proxy?.protocol, true);
    assert.equal((outer as SocketListener).settings.proxy, undefined);
  } finally {
    server.destroy();
    await server.closed.catch(() => {});
  }
});
