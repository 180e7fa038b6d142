import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as types from '../../../src/http2/frame/frame-types.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import { FieldLines } from '../../../src/semantics/field-lines.ts';
import { type Respond, responseStart, TestServer } from '../../http2/conversation.ts';
import { data, type Fields, headers, settings, Transcript } from '../../http2/frames.ts';
import { resets } from '../http2-requirement.ts';

const { END_HEADERS } = types;
const silent: Respond = () => {};
const ALLOWED = { allowsConnectProtocol: true };

const WEBSOCKET: Fields = [
  [':method', 'CONNECT'],
  [':protocol', 'WebSocket'],
  [':scheme', 'https'],
  [':path', '/chat?room=1'],
  [':authority', 'a.example'],
  ['sec-websocket-version', '13'],
];
const without = (name: string): Fields => WEBSOCKET.filter(([other]) => other !== name);

test('RFC 8441 §3: the server says whether it allows extended CONNECT', () => {
  for (const allowsConnectProtocol of [true, false]) {
    const [first] = new Transcript().linesOf(new Http2ServerConnection({ allowsConnectProtocol }).output()!);
    assert.match(first!, new RegExp(` 8=${Number(allowsConnectProtocol)} `));
  }
});

test('RFC 8441 §3: a client that allows it may not take that back', () => {
  const server = TestServer.opened().receive(settings([8, 1]), settings([8, 0]));
  assert.deepEqual(server.answers, ['failed SettingValue']);
});

test('RFC 8441 §4: an extended CONNECT has a protocol, a scheme, a path and an authority', () => {
  const server = TestServer.opened(ALLOWED, silent).receive(headers(1, WEBSOCKET, END_HEADERS));
  const head = server.streams.get(1)!.head!;
  assert.deepEqual(head.connect, { protocol: 'websocket' });
  assert.deepEqual(
    [head.method, head.scheme, head.path, head.authority, head.hasContent],
    ['CONNECT', 'https', '/chat?room=1', 'a.example', false],
  );
});

resets(
  'RFC 8441 §4: without the setting, :protocol is a stream error PROTOCOL_ERROR',
  headers(1, WEBSOCKET, END_HEADERS),
  1,
  'PseudoFieldUnknown',
);

for (const [title, fields, reason] of [
  [
    'RFC 8441 §4: an extended CONNECT without a :path is a stream error PROTOCOL_ERROR',
    without(':path'),
    'PseudoFieldMissing',
  ],
  [
    'RFC 8441 §4: an extended CONNECT without a :scheme is a stream error PROTOCOL_ERROR',
    without(':scheme'),
    'PseudoFieldMissing',
  ],
  [
    'RFC 8441 §4: an extended CONNECT without an :authority is a stream error PROTOCOL_ERROR',
    without(':authority'),
    'AuthorityMissing',
  ],
  [
    'RFC 8441 §4: :protocol without CONNECT is a stream error PROTOCOL_ERROR',
    [[':method', 'GET'], ...without(':method')],
    'ProtocolWithoutConnect',
  ],
  [
    'RFC 8441 §4: a :protocol that is no token is a stream error PROTOCOL_ERROR',
    [...without(':protocol').slice(0, 1), [':protocol', 'web socket'], ...without(':protocol').slice(1)],
    'FieldValueSyntax',
  ],
] as const satisfies readonly (readonly [string, Fields, string])[])
  resets(title, headers(1, fields, END_HEADERS), 1, reason, 'PROTOCOL_ERROR', ALLOWED);

test('RFC 8441 §5: after 200, DATA is the octets of the protocol, both ways', () => {
  const server = TestServer.opened(ALLOWED, silent).receive(headers(1, WEBSOCKET, END_HEADERS));
  const { connection } = server;
  const stream = server.streams.get(1)!;
  connection.acceptTunnel(stream, 200, new FieldLines());
  server.receive(data(1, 'frame', 0));
  connection.sendData(stream, 'frame back');
  assert.deepEqual(server.answers.slice(1), ['content 1 frame']);
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=200', 'DATA 1 frame back']);
});

test('RFC 8441 §5: an orderly end is END_STREAM of each side', () => {
  const server = TestServer.opened(ALLOWED, silent).receive(headers(1, WEBSOCKET, END_HEADERS));
  const stream = server.streams.get(1)!;
  server.connection.acceptTunnel(stream, 200, new FieldLines());
  server.receive(data(1, ''));
  assert.equal(stream.state, 'half-closed (remote)');
  server.connection.sendEnd(stream);
  assert.equal(stream.state, 'closed');
});

test('RFC 8441 §5: a protocol that is not served is answered like any other request', () => {
  const server = TestServer.opened(ALLOWED, silent).receive(headers(1, WEBSOCKET, END_HEADERS));
  const stream = server.streams.get(1)!;
  server.connection.refuseContent(stream);
  server.connection.sendResponse(stream, responseStart({ status: 501 }), 'no');
  assert.deepEqual(server.sent(), ['HEADERS 1 :status=501', 'DATA 1 END_STREAM no', 'RST_STREAM 1 NO_ERROR']);
});
