import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PREFACE_TEXT } from '../../../src/http2/frame/frame-types.ts';
import { Http2ServerConnection } from '../../../src/http2/server-connection.ts';
import { TestServer } from '../../http2/conversation.ts';
import {
  data,
  frame,
  get,
  goAway,
  headers,
  join,
  opening,
  PREFACE,
  ping,
  priority,
  settings,
  settingsAck,
  Transcript,
  windowUpdate,
} from '../../http2/frames.ts';
import { eachSplit, latin1 } from '../../support/each-split.ts';

/** What a new connection says of these first octets: how it failed, or that it has not. */
function outcomeOf(octets: Uint8Array, expected: string): void {
  eachSplit(octets, (chunks) => {
    const server = new TestServer();
    for (const chunk of chunks) server.receive(chunk);
    const { connection } = server;
    assert.equal(connection.hasFailed ? connection.error!.reason : 'open', expected);
    const last = server.sent().at(-1)!;
    if (expected !== 'open') assert.equal(last, 'GOAWAY 0 PROTOCOL_ERROR');
  });
}

test('RFC 9113 §3.4: the preface of the server is SETTINGS, the first frame it sends', () => {
  const output = new Http2ServerConnection().output()!;
  const [first] = new Transcript().linesOf(output);
  assert.equal(first, 'SETTINGS 3=128 4=262144 6=16384 8=0 9=1');
});

test('RFC 9113 §3.4: the server sends its preface without waiting for the client', () => {
  assert.ok(new Http2ServerConnection().output());
});

test('RFC 9113 §3.4: the client begins with PRI * HTTP/2.0 and so on, and SETTINGS', () => {
  outcomeOf(opening(), 'open');
  outcomeOf(join(opening([3, 100]), get(1)), 'open');
});

test('RFC 9113 §3.4: SETTINGS of the client may be empty', () => {
  outcomeOf(join(PREFACE, settings()), 'open');
});

test('RFC 9113 §3.4: an invalid preface is a connection error PROTOCOL_ERROR, whichever octet is wrong', () => {
  for (let at = 0; at < PREFACE_TEXT.length; at++) {
    const text = `${PREFACE_TEXT.slice(0, at)}~${PREFACE_TEXT.slice(at + 1)}`;
    const server = new TestServer().receive(latin1(text));
    assert.deepEqual(server.answers, ['failed PrefaceInvalid'], `octet ${at}`);
  }
});

test('RFC 9113 §3.4: an invalid preface is noticed with its first wrong octet', () => {
  for (const [text, fails] of [
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r', false],
    ['P', false],
    ['G', true],
    ['PRI * HTTP/1', true],
  ] as const) {
    const server = new TestServer().receive(latin1(text));
    assert.equal(server.connection.hasFailed, fails, text);
  }
});

test('RFC 9113 §3.4: a request of HTTP/1.1 is no preface', () => {
  outcomeOf(latin1('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), 'PrefaceInvalid');
});

test('RFC 9113 §3.4: a first frame that is not SETTINGS is a connection error PROTOCOL_ERROR', () => {
  for (const first of [
    get(1),
    data(1, 'x'),
    ping(),
    priority(1, 0),
    windowUpdate(0, 1),
    goAway(0, 0),
    headers(1, []),
    frame(0x77, 0, 0),
  ])
    outcomeOf(join(PREFACE, first, settings()), 'SettingsMissing');
});

test('RFC 9113 §3.4: a first frame that is only an acknowledgement of SETTINGS is a connection error', () => {
  outcomeOf(join(PREFACE, settingsAck(), settings()), 'SettingsMissing');
});

test('RFC 9113 §3.4: requests may follow the preface at once, and are answered', () => {
  eachSplit(join(opening(), get(1)), (chunks) => {
    const server = new TestServer();
    for (const chunk of chunks) server.receive(chunk);
    const [preface, window, ack, answer] = server.sent();
    assert.match(preface!, /^SETTINGS /);
    assert.equal(window, 'WINDOW_UPDATE 0 983041');
    assert.equal(ack, 'SETTINGS ACK');
    assert.equal(answer, 'HEADERS 1 END_STREAM :status=200 content-length=0');
  });
});
