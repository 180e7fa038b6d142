/** `options.proxy.fields`: what trusted proxies say of the client and of what it asked for. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  PROTOCOL_MARKER,
  Response,
  type ServerContext,
  type ServerOptions,
  serve,
} from '../../../src/index.ts';
import { type Fields, headers } from '../../http2/frames.ts';
import { RawHttp2Client } from '../../http2/raw-http2-client.ts';
import { exchange } from '../../support/raw-client.ts';
import { get, withServer } from '../with-server.ts';

const believing = (fields: 'forwarded' | 'x-forwarded', ...trusted: string[]): ServerOptions => ({
  proxy: { fields, trusted: trusted.length > 0 ? trusted : ['127.0.0.1', '10.0.0.0/8'] },
});

const seen = (request: Request, ctx: ServerContext) =>
  Response.json([ctx.remoteAddress.address, request.url]);

/** The address and the URL that a handler sees. */
async function seenBy(options: ServerOptions, ...messages: string[]): Promise<[string, string][]> {
  const answers: [string, string][] = [];
  await withServer(
    seen,
    async ({ ask }) => {
      for (const message of messages) answers.push(JSON.parse((await ask(message)).text));
    },
    options,
  );
  return answers;
}

const FORWARDED = 'Forwarded: for=192.0.2.1;proto=https;host=public.example';
const X_FORWARDED = [
  'X-Forwarded-For: 192.0.2.1',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Host: public.example',
];

describe('a request from a trusted proxy', () => {
  test('RFC 7239 §5: Forwarded says who the client is, and what it asked for', async () => {
    assert.deepEqual(
      await seenBy(
        believing('forwarded'),
        get('/a?b', FORWARDED),
        get(
          '/',
          'Forwarded: for=6.6.6.6;host=evil.example, for="[2001:db8::1]:5000";host="a.example:8443", for=10.0.0.2',
        ),
        get('/', 'forwarded: for=6.6.6.6', 'FORWARDED: for=192.0.2.1;proto=https'),
      ),
      [
        ['192.0.2.1', 'https://public.example/a?b'],
        ['2001:db8::1', 'http://a.example:8443/'],
        ['192.0.2.1', 'https://a/'],
      ],
    );
  });

  test('X-Forwarded: so do the X-Forwarded fields', async () => {
    assert.deepEqual(
      await seenBy(
        believing('x-forwarded'),
        get('/a?b', ...X_FORWARDED),
        get('/', 'X-Forwarded-For: 6.6.6.6, 2001:db8::1, 10.0.0.2', 'X-Forwarded-Host: a.example:8443'),
        get('/', 'x-forwarded-for: 6.6.6.6', 'X-FORWARDED-FOR: 192.0.2.1', 'X-Forwarded-Proto: https'),
      ),
      [
        ['192.0.2.1', 'https://public.example/a?b'],
        ['2001:db8::1', 'http://a.example:8443/'],
        ['192.0.2.1', 'https://a/'],
      ],
    );
  });

  test('RFC 9110 §7.4: a request for another scheme than that of the connection is served only from a trusted gateway', async () => {
    const asked = (...fields: Fields) =>
      [
        [':method', 'GET'],
        [':scheme', 'https'],
        [':authority', 'a.example'],
        [':path', '/x'],
        ...fields,
      ] as Fields;
    const rows: [ServerOptions, Fields, string][] = [
      [{}, asked(), '421'],
      [believing('x-forwarded', '10.0.0.0/8'), asked(), '421'],
      [believing('x-forwarded'), asked(), '["127.0.0.1","https://a.example/x"]'],
      [
        believing('x-forwarded'),
        asked(['x-forwarded-for', '192.0.2.1']),
        '["192.0.2.1","https://a.example/x"]',
      ],
      [
        believing('forwarded'),
        asked(['forwarded', 'for=192.0.2.1;proto=http;host=b.example']),
        '["192.0.2.1","http://b.example/x"]',
      ],
      [
        believing('forwarded'),
        [
          [':method', 'GET'],
          [':scheme', 'ftp'],
          [':authority', 'a'],
          [':path', '/'],
        ],
        '421',
      ],
    ];
    for (const [options, fields, expected] of rows) {
      await withServer(
        seen,
        async ({ port }) => {
          const client = await RawHttp2Client.connect({ port });
          client.send(headers(1, fields));
          await client.line(/^DATA 1 END_STREAM/);
          const received = client.lines.join('\n');
          assert.ok(received.includes(expected), `${expected} in ${received}`);
          client.close();
        },
        options,
      );
    }
  });

  test('RFC 7239 §8.1: only the fields that were named are believed, since a client can send the others', async () => {
    assert.deepEqual(
      await seenBy(
        believing('forwarded'),
        get('/', ...X_FORWARDED),
        get('/', FORWARDED, 'X-Forwarded-For: 6.6.6.6'),
      ),
      [
        ['127.0.0.1', 'http://a/'],
        ['192.0.2.1', 'https://public.example/'],
      ],
    );
    assert.deepEqual(
      await seenBy(
        believing('x-forwarded'),
        get('/', FORWARDED),
        get('/', 'Forwarded: for=6.6.6.6', ...X_FORWARDED),
      ),
      [
        ['127.0.0.1', 'http://a/'],
        ['192.0.2.1', 'https://public.example/'],
      ],
    );
  });

  test('RFC 7239 §5: without the field it speaks for itself, also after one that had it', async () => {
    await withServer(
      seen,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(get('/', FORWARDED) + get('/') + get('/', FORWARDED));
        const answers = await connection.receiveResponses(['GET', 'GET', 'GET']);
        assert.deepEqual(
          answers.map(({ text }) => JSON.parse(text)),
          [
            ['192.0.2.1', 'https://public.example/'],
            ['127.0.0.1', 'http://a/'],
            ['192.0.2.1', 'https://public.example/'],
          ],
        );
      },
      believing('forwarded'),
    );
  });

  test('RFC 7239 §6.3: a client that is not named has no address: it is not the proxy', async () => {
    let address: unknown;
    await withServer(
      (_, ctx) => {
        address = ctx.remoteAddress;
        return new Response();
      },
      async ({ ask }) => {
        for (const value of ['for=unknown', 'for=_x', 'for=6.6.6.6, for="', 'proto=https']) {
          await ask(get('/', `Forwarded: ${value}`));
          assert.deepEqual(address, { address: '', port: 0, family: '' }, value);
        }
      },
      believing('forwarded'),
    );
  });

  test("RFC 7239 §5.3: a host that is none, or is no URL's, leaves the Host field", async () => {
    const hosts = ['u@evil.example', 'a/b', '1.2.3.4.5', 'a%00', ''];
    assert.deepEqual(
      await seenBy(
        believing('forwarded'),
        ...hosts.map((host) => get('/', `Forwarded: for=192.0.2.1;host="${host}"`)),
      ),
      hosts.map(() => ['192.0.2.1', 'http://a/']),
    );
  });

  test('RFC 9110 §7.4: an https target in absolute-form is still misdirected on a plain connection', () =>
    withServer(
      seen,
      async ({ ask }) => {
        assert.equal((await ask(`GET https://a/ HTTP/1.1\r\nHost: a\r\n${FORWARDED}\r\n\r\n`)).status, 421);
        assert.equal((await ask(`GET http://a/ HTTP/1.1\r\nHost: a\r\n${FORWARDED}\r\n\r\n`)).status, 200);
      },
      believing('forwarded'),
    ));

  test('RFC 9112 §3.2: what is forwarded makes no Host of one that is missing or malformed', () =>
    withServer(
      seen,
      async ({ ask }) => {
        for (const host of ['', 'Host: a\r\nHost: a\r\n', 'Host: a b\r\n'])
          assert.equal((await ask(`GET / HTTP/1.1\r\n${host}${FORWARDED}\r\n\r\n`)).status, 400);
      },
      believing('forwarded'),
    ));

  test('RFC 9110 §9.3.6: the target of a CONNECT stays what it is', () =>
    withServer(
      {
        [PROTOCOL_MARKER]: 1,
        fetch: () => new Response(),
        connect: (ctx) => Response.json([ctx.remoteAddress.address, ctx.request.url], { status: 403 }),
      },
      async ({ ask }) => {
        const { text } = await ask(
          `CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n${FORWARDED}\r\n\r\n`,
        );
        assert.deepEqual(JSON.parse(text), ['192.0.2.1', 'http://b.example:443/']);
      },
      believing('forwarded'),
    ));

  test('the native request and the URL of an upgrade have them too', () =>
    withServer(
      {
        [PROTOCOL_MARKER]: 1,
        fetch: () => new Response(),
        connect: (ctx) => Response.json([ctx.remoteAddress.address, ctx.request.url], { status: 403 }),
      },
      async ({ ask }) => {
        const { text } = await ask(get('/', 'Connection: upgrade', 'Upgrade: x', FORWARDED));
        assert.deepEqual(JSON.parse(text), ['192.0.2.1', 'https://public.example/']);
      },
      believing('forwarded'),
    ));

  test('the connection itself is not encrypted, and its local end is its own', () =>
    withServer(
      (_, ctx) => Response.json([ctx.encrypted, ctx.localAddress.address]),
      async ({ ask }) => {
        assert.deepEqual(JSON.parse((await ask(get('/', FORWARDED))).text), [false, '127.0.0.1']);
      },
      believing('forwarded'),
    ));
});

describe('a request from anybody else', () => {
  test('RFC 7239 §8.1: what it says of others is not believed', async () => {
    for (const fields of ['forwarded', 'x-forwarded'] as const) {
      assert.deepEqual(
        await seenBy(
          believing(fields, '10.0.0.0/8', '127.0.0.2', '::1', 'unix'),
          get('/', FORWARDED, ...X_FORWARDED),
          get('/', 'Forwarded: for=127.0.0.1', 'X-Forwarded-For: 10.0.0.1'),
        ),
        [
          ['127.0.0.1', 'http://a/'],
          ['127.0.0.1', 'http://a/'],
        ],
        fields,
      );
    }
  });

  test('RFC 7239 §8.1: nor from anybody without the option', async () => {
    assert.deepEqual(await seenBy({}, get('/', FORWARDED, ...X_FORWARDED)), [['127.0.0.1', 'http://a/']]);
  });
});

describe('behind a balancer that sends PROXY headers', () => {
  const options: ServerOptions = {
    proxy: { protocol: true, fields: 'forwarded', trusted: ['127.0.0.1', '10.0.0.0/8'] },
  };

  test('PROXY §2: the fields are believed when the address in the header is a trusted one', async () => {
    const header = 'PROXY TCP4 10.0.0.5 198.51.100.2 40000 80\r\n';
    await withServer(
      seen,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(header + get('/', FORWARDED));
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(JSON.parse(answer!.text), ['192.0.2.1', 'https://public.example/']);
      },
      options,
    );
  });

  test("PROXY §2: and not when it is a client's", async () => {
    const header = 'PROXY TCP4 203.0.113.7 198.51.100.2 40000 80\r\n';
    await withServer(
      seen,
      async ({ connect }) => {
        const connection = await connect();
        await connection.send(header + get('/', FORWARDED));
        const [answer] = await connection.receiveResponses(['GET']);
        assert.deepEqual(JSON.parse(answer!.text), ['203.0.113.7', 'http://a/']);
      },
      options,
    );
  });
});

describe('on a unix socket', () => {
  for (const [trusted, address] of [
    ['unix', '192.0.2.1'],
    ['127.0.0.1', ''],
  ] as const) {
    test(`RFC 7239 §8.1: with ${trusted} trusted, the client is ${address === '' ? 'nobody' : address}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'serval-'));
      const path = join(folder, 'socket');
      const server = serve(seen, { path, ...believing('forwarded', trusted) });
      try {
        await server.ready;
        const head = `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${FORWARDED}\r\n\r\n`;
        const { text } = await exchange({ path }, head);
        assert.match(text, new RegExp(`\\["${address.replaceAll('.', '\\.')}","http`));
      } finally {
        server.destroy();
        await server.closed.catch(() => {});
        await rm(folder, { recursive: true });
      }
    });
  }
});
