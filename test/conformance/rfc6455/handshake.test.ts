import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shake } from '../../websocket/echo-server.ts';
import { FramePeer, frame, TEXT } from '../../websocket/frame-peer.ts';
import { handshake } from '../../websocket/handshakes.ts';

/** The status of the answer, and the value of a field. */
async function answer(octets: string, field = ''): Promise<[status: number, value: string | undefined]> {
  const { status, fields, socket } = await shake(octets);
  socket.destroy();
  return [status, fields.get(field)];
}

test('RFC 6455 §1.3, §4.2.2: 101 with the accept value of the key', async () => {
  const { status, fields, socket } = await shake(handshake());
  socket.destroy();
  assert.equal(status, 101);
  assert.equal(fields.get('sec-websocket-accept'), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  assert.equal(fields.get('upgrade'), 'websocket');
  assert.match(fields.get('connection')!, /^upgrade$/i);
  assert.equal(fields.has('sec-websocket-protocol'), false);
  assert.equal(fields.has('sec-websocket-extensions'), false);
});

test('RFC 6455 §4.2.1: names and keywords are compared without regard to case', async () => {
  const fields = { connection: 'keep-alive, uPGRADE', upgrade: 'WebSocket' };
  assert.deepEqual((await answer(handshake(fields)))[0], 101);
});

test('RFC 6455 §4.2.1: a request that is not GET is refused', async () => {
  assert.equal((await answer(handshake({}, 'POST / HTTP/1.1')))[0], 400);
});

test('RFC 6455 §4.1: a handshake with content is refused', async () => {
  assert.equal((await answer(handshake({ 'content-length': '2' }, 'GET / HTTP/1.1', 'ab')))[0], 400);
});

for (const [what, key] of Object.entries({
  'no key': undefined,
  'an empty key': '',
  'a key of 15 octets': Buffer.alloc(15).toString('base64'),
  'a key of 17 octets': Buffer.alloc(17).toString('base64'),
  'a key that is not base64': '!!!!!!!!!!!!!!!!!!!!!!==',
})) {
  test(`RFC 6455 §4.2.1: ${what} is refused`, async () => {
    assert.equal((await answer(handshake({ 'sec-websocket-key': key })))[0], 400);
  });
}

for (const version of [undefined, '', '0', '8', '12', '14', '013', '13, 8']) {
  test(`RFC 6455 §4.4: version ${JSON.stringify(version)} is answered 426 with the supported one`, async () => {
    const fields = { 'sec-websocket-version': version };
    assert.deepEqual(await answer(handshake(fields), 'sec-websocket-version'), [426, '13']);
  });
}

for (const [offered, chosen] of [
  ['chat', 'chat'],
  ['soap, chat', 'soap'],
  ['other,chat , soap', 'chat'],
  ['other', undefined],
  ['CHAT', undefined],
] as const) {
  test(`RFC 6455 §4.2.2: of the subprotocols "${offered}" the server chooses ${chosen ?? 'none'}`, async () => {
    const fields = { 'sec-websocket-protocol': offered };
    assert.deepEqual(await answer(handshake(fields), 'sec-websocket-protocol'), [101, chosen]);
  });
}

for (const offered of ['', 'a,,b', 'a b', 'chat, chat', 'a;b']) {
  test(`RFC 6455 §4.1: the subprotocols "${offered}" are malformed`, async () => {
    assert.equal((await answer(handshake({ 'sec-websocket-protocol': offered })))[0], 400);
  });
}

for (const [origin, status] of [
  ['http://a.example', 101],
  ['https://a.example', 403],
  ['http://a.example:8080', 403],
  ['http://evil.example', 403],
  ['null', 403],
] as const) {
  test(`RFC 6455 §10.2: a page of ${origin} gets ${status}`, async () => {
    assert.equal((await answer(handshake({ origin })))[0], status);
  });
}

test('RFC 6455 §4.1: frames that come with the handshake are read', async () => {
  const octets = Buffer.concat([Buffer.from(handshake()), frame(TEXT, 'early')]);
  const { socket } = await shake(octets);
  const peer = new FramePeer(socket);
  assert.equal((await peer.next())!.payload.toString(), 'early');
  socket.destroy();
});
