/** The client's side of the opening handshake over HTTP/1.1 (RFC 6455 §4.1). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, WebSocket, type WebSocketOptions } from '../../../src/client/index.ts';
import { until } from '../../support/until.ts';
import { eventually } from '../raw-server.ts';
import { failure, opened } from './events.ts';
import { accepting, rawWebSocketServer } from './raw-websocket-server.ts';

test('RFC 6455 §4.1: the request', async () => {
  await using server = await rawWebSocketServer((head) =>
    accepting(head, { 'sec-websocket-protocol': 'soap' }),
  );
  const socket = new WebSocket(`${server.address}/chat?room=1`, {
    protocols: ['chat', 'soap'],
    headers: { origin: 'https://a.example', authorization: 'Bearer t' },
  });
  assert.equal(socket.readyState, WebSocket.CONNECTING);
  assert.equal(socket.url, `${server.address}/chat?room=1`);
  await opened(socket);
  assert.equal(socket.protocol, 'soap');
  assert.equal(socket.extensions, '');
  const key = /^Sec-WebSocket-Key: (.+)\r$/m.exec(server.received[0]!)![1]!;
  assert.equal(Buffer.from(key, 'base64').length, 16);
  assert.equal(
    server.received[0]!.replace(key, 'KEY'),
    [
      'GET /chat?room=1 HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      'Upgrade: websocket',
      'Sec-WebSocket-Key: KEY',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: chat, soap',
      'origin: https://a.example',
      'authorization: Bearer t',
      'User-Agent: serval',
      'Connection: upgrade',
      '\r\n',
    ].join('\r\n'),
  );
  server.peers[0]!.octets.destroy();
});

test('RFC 6455 §4.1 item 7: each connection has another key', async () => {
  await using server = await rawWebSocketServer();
  for (let i = 0; i < 3; i++) await opened(new WebSocket(server.address));
  const keys = server.received.map((head) => /^Sec-WebSocket-Key: (.+)\r$/m.exec(head)![1]);
  assert.equal(new Set(keys).size, 3);
});

const answers: [
  title: string,
  answer: (head: string) => string,
  options: WebSocketOptions,
  message: RegExp,
][] = [
  [
    'item 1: another status',
    () => 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno',
    {},
    /it answered 404 \(RFC 6455 §4\.1\)/,
  ],
  [
    'item 1: a redirect, which is not followed',
    () => 'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
    {},
    /it answered 302/,
  ],
  ['item 1: 200', () => 'HTTP/1.1 200 OK\r\n\r\n', {}, /it answered 200/],
  ['item 2: no Upgrade', (head) => accepting(head, { upgrade: undefined }), {}, /RFC 9110 §7\.8/],
  [
    'item 2: another Upgrade',
    (head) => accepting(head, { upgrade: 'h2c' }),
    {},
    /Upgrade is not websocket \(RFC 6455 §4\.1\)/,
  ],
  [
    'item 3: no Connection',
    (head) => accepting(head, { connection: undefined }),
    {},
    /Connection does not name Upgrade/,
  ],
  [
    'item 3: another Connection',
    (head) => accepting(head, { connection: 'keep-alive' }),
    {},
    /Connection does not name Upgrade/,
  ],
  [
    'item 4: no Sec-WebSocket-Accept',
    (head) => accepting(head, { 'sec-websocket-accept': undefined }),
    {},
    /Sec-WebSocket-Accept does not belong/,
  ],
  [
    'item 4: the Sec-WebSocket-Accept of another key',
    (head) => accepting(head, { 'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=' }),
    {},
    /Sec-WebSocket-Accept does not belong/,
  ],
  [
    'item 5: an extension that was not offered',
    (head) => accepting(head, { 'sec-websocket-extensions': 'permessage-deflate' }),
    {},
    /an extension that was not offered \(RFC 6455 §9\.1\)/,
  ],
  [
    'item 5: another extension than the one offered',
    (head) => accepting(head, { 'sec-websocket-extensions': 'x-webkit-deflate-frame' }),
    { deflate: true },
    /an extension that was not offered/,
  ],
  [
    'item 5: an extension twice',
    (head) =>
      accepting(head, {
        'sec-websocket-extensions':
          'permessage-deflate; server_no_context_takeover, permessage-deflate; server_no_context_takeover',
      }),
    { deflate: true },
    /an extension that was not offered/,
  ],
  [
    'item 5: extensions that cannot be parsed',
    (head) => accepting(head, { 'sec-websocket-extensions': 'permessage-deflate; =' }),
    { deflate: true },
    /Sec-WebSocket-Extensions is malformed/,
  ],
  [
    'RFC 7692 §7.1.2.2: a parameter that was not offered',
    (head) =>
      accepting(head, {
        'sec-websocket-extensions':
          'permessage-deflate; server_no_context_takeover; client_max_window_bits=10',
      }),
    { deflate: true },
    /a parameter of permessage-deflate is not one that was offered/,
  ],
  [
    'RFC 7692 §7.1.1.1: the offer of no context takeover ignored',
    (head) => accepting(head, { 'sec-websocket-extensions': 'permessage-deflate' }),
    { deflate: true },
    /it has not accepted server_no_context_takeover/,
  ],
  [
    'item 6: a subprotocol that was not offered',
    (head) => accepting(head, { 'sec-websocket-protocol': 'chat' }),
    {},
    /a subprotocol that was not offered/,
  ],
  [
    'item 6: another subprotocol than those offered',
    (head) => accepting(head, { 'sec-websocket-protocol': 'Chat' }),
    { protocols: 'chat' },
    /a subprotocol that was not offered/,
  ],
  [
    'item 6: two subprotocols',
    (head) => accepting(head, { 'sec-websocket-protocol': 'chat, soap' }),
    { protocols: ['chat', 'soap'] },
    /a subprotocol that was not offered/,
  ],
  [
    'WebSockets Standard: no subprotocol although some were offered',
    (head) => accepting(head),
    { protocols: ['chat', 'soap'] },
    /it has chosen no subprotocol/,
  ],
  ['an answer that is no HTTP', () => 'hello\r\n\r\n', {}, /The response was refused/],
];

for (const [title, answer, options, message] of answers) {
  test(`RFC 6455 §4.1, the answer, ${title}: the WebSocket fails, and its connection ends`, async () => {
    await using server = await rawWebSocketServer(answer);
    await using client = new Client();
    const socket = new WebSocket(server.address, { ...options, client });
    const { error, code, wasClean } = await failure(socket);
    assert.match(error.message, message);
    assert.deepEqual([code, wasClean, socket.readyState], [1006, false, WebSocket.CLOSED]);
    await client.destroy();
    assert.equal(await eventually(() => server.open === 0), true);
  });
}

test('RFC 6455 §4.1: names are compared without their case, and what is more in a list does not count', async () => {
  await using server = await rawWebSocketServer((head) =>
    accepting(head, { upgrade: 'WebSocket', connection: 'keep-alive, UPGRADE' }),
  );
  await opened(new WebSocket(server.address));
});

test('an interim response comes before the answer', async () => {
  await using server = await rawWebSocketServer(
    (head) => `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${accepting(head)}`,
  );
  await opened(new WebSocket(server.address));
});

test('RFC 7692 §7.1: the offer of permessage-deflate, and its answer', async () => {
  await using server = await rawWebSocketServer((head) =>
    accepting(head, {
      'sec-websocket-extensions': 'permessage-deflate; server_no_context_takeover; server_max_window_bits=12',
    }),
  );
  const socket = await opened(new WebSocket(server.address, { deflate: true }));
  assert.match(
    server.received[0]!,
    /^Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r$/m,
  );
  assert.equal(
    socket.extensions,
    'permessage-deflate; server_no_context_takeover; server_max_window_bits=12',
  );
});

test('RFC 6455 §4.1 item 2: no more than one handshake with a host is in progress, and one that fails ends its turn', async () => {
  const pending: (() => void)[] = [];
  await using server = await rawWebSocketServer((head, socket) => {
    pending.push(() => socket.write(pending.length === 2 ? 'HTTP/1.1 503 \r\n\r\n' : accepting(head)));
    return undefined;
  });
  const client = new Client();
  const controller = new AbortController();
  const sockets = Array.from({ length: 4 }, (_, i) => {
    const socket = new WebSocket(server.address, { client, ...(i === 2 && { signal: controller.signal }) });
    return opened(socket).then(
      () => 'open',
      (error: Error) => error.name,
    );
  });
  for (let i = 0; i < 3; i++) {
    await until(`handshake ${i}`, () => pending.length === i + 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(pending.length, i + 1);
    // The third gives up its turn while it waits for it.
    if (i === 0) controller.abort();
    pending[i]!();
  }
  assert.deepEqual(await Promise.all(sockets), ['open', 'TypeError', 'AbortError', 'open']);
  await client.destroy();
});

test('WebSockets Standard: URLs and subprotocols that cannot be throw a SyntaxError', () => {
  const wrong: [url: string, options?: string | string[]][] = [
    ['/relative'],
    ['ftp://127.0.0.1/'],
    ['ws://127.0.0.1/#fragment'],
    ['ws://127.0.0.1/#'],
    ['ws://user:password@127.0.0.1/'],
    ['ws://127.0.0.1/', ''],
    ['ws://127.0.0.1/', 'a b'],
    ['ws://127.0.0.1/', ['chat', 'Chat']],
  ];
  for (const [url, options] of wrong)
    assert.throws(() => new WebSocket(url, options), { name: 'SyntaxError' }, url);
});

test('options that cannot be are refused by name', () => {
  const wrong: [object, RegExp][] = [
    [{ protocol: 'chat' }, /^TypeError: options\.protocol: there is no such option/],
    [{ protocols: [1] }, /^TypeError: options\.protocols: expected an array of strings, got an array/],
    [{ client: {} }, /^TypeError: options\.client: expected a Client, got an object/],
    [
      { client: new Client(), tls: {} },
      /^TypeError: options\.client: tls and http2 are options of the client/,
    ],
    [{ tls: { ca: 1 } }, /^TypeError: options\.tls\.ca/],
    [{ http2: 'yes' }, /^TypeError: options\.http2: expected a boolean, got "yes"/],
    [{ signal: {} }, /^TypeError: options\.signal: expected an AbortSignal, got an object/],
    [
      { handshakeTimeout: -1 },
      /^RangeError: options\.handshakeTimeout: expected an integer from 0 to \d+, got -1/,
    ],
    [{ maxMessageSize: 0 }, /^RangeError: options\.maxMessageSize/],
    [
      { headers: { 'Sec-WebSocket-Key': 'a' } },
      /^TypeError: options\.headers: the handshake decides about Sec-WebSocket-Key/,
    ],
    [{ headers: { Connection: 'close' } }, /^TypeError: options\.headers: the handshake decides/],
  ];
  for (const [options, message] of wrong)
    assert.throws(() => new WebSocket('ws://127.0.0.1/', options), message);
});
