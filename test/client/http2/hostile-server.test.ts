/** What HTTP/2 servers must not do, and what it costs them: the stream or the connection, never another origin or memory. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { codeOf } from '../../../src/fetch/errors.ts';
import * as frames from '../../http2/frames.ts';
import { type RawHttp2Server, rawHttp2Server, streamOf } from '../raw-http2-server.ts';
import { eventually, rawServer } from '../raw-server.ts';

const { data, frame, goAway, headers, ping, settings, windowUpdate } = frames;

const HTTP2: ClientOptions = { http2: 'prior-knowledge' };
const STATUS = [':status', '200'] as const;
const OK = [STATUS] as const;
const END_HEADERS = 4;
const PUSH_PROMISE = 5;
const UNKNOWN = 0xfa;

/** Answers the first request with these octets, and the others with 200. */
function answeringFirst(...octets: readonly Uint8Array[]): Promise<RawHttp2Server> {
  let isFirst = true;
  return rawHttp2Server((peer, line) => {
    const stream = streamOf(line);
    if (stream === 0) return;
    peer.send(...(isFirst ? octets : [headers(stream, OK)]));
    isFirst = false;
  });
}

const times = (count: number, octets: Uint8Array): Uint8Array =>
  frames.join(...Array.from({ length: count }, () => octets));

/** What ends the connection: the octets, the reason in the error, and the code of GOAWAY. */
const OF_CONNECTION: readonly (readonly [what: string, octets: Uint8Array, reason: string, code: string])[] =
  [
    [
      'PUSH_PROMISE',
      frame(PUSH_PROMISE, END_HEADERS, 1, frames.uint32(2)),
      'PushNotAllowed',
      'PROTOCOL_ERROR',
    ],
    ['HEADERS on a stream that was never opened', headers(3, OK), 'FrameOnIdleStream', 'PROTOCOL_ERROR'],
    ['HEADERS on a stream of the server', headers(2, OK), 'FrameOnIdleStream', 'PROTOCOL_ERROR'],
    [
      'a frame that is too large',
      frame(0, 0, 1, new Uint8Array(16_385)),
      'FrameTooLarge',
      'FRAME_SIZE_ERROR',
    ],
    [
      'a window of the connection beyond 2^31-1',
      windowUpdate(0, 2 ** 31 - 1),
      'ConnectionWindowOverflow',
      'FLOW_CONTROL_ERROR',
    ],
    ['SETTINGS_ENABLE_PUSH of a server', settings([2, 1]), 'SettingValue', 'PROTOCOL_ERROR'],
    [
      'SETTINGS_INITIAL_WINDOW_SIZE beyond 2^31-1',
      settings([4, 2 ** 31]),
      'InitialWindowTooLarge',
      'FLOW_CONTROL_ERROR',
    ],
    ['SETTINGS without end', times(200, settings()), 'TooManySettings', 'ENHANCE_YOUR_CALM'],
    ['PING without end', times(1_100, ping()), 'TooManyPings', 'ENHANCE_YOUR_CALM'],
    [
      'WINDOW_UPDATE without end',
      times(1_100, windowUpdate(0, 1)),
      'TooManyWindowUpdates',
      'ENHANCE_YOUR_CALM',
    ],
    [
      'unknown frames without end',
      times(1_100, frame(UNKNOWN, 0, 0)),
      'TooManyUnknownFrames',
      'ENHANCE_YOUR_CALM',
    ],
    [
      'DATA without content without end',
      frames.join(headers(1, OK, END_HEADERS), times(200, data(1, '', 0))),
      'TooManyEmptyFrames',
      'ENHANCE_YOUR_CALM',
    ],
    [
      'CONTINUATION without end',
      frames.join(headers(1, new Uint8Array(0), 0), times(10, frames.continuation(1, new Uint8Array(0), 0))),
      'TooManyContinuations',
      'ENHANCE_YOUR_CALM',
    ],
    [
      'a field block that can not be decoded',
      headers(1, Uint8Array.of(0x80)),
      'IndexZero',
      'COMPRESSION_ERROR',
    ],
    ['PRIORITY_UPDATE', frames.priorityUpdate(1, 'u=1'), 'PriorityUpdateByServer', 'PROTOCOL_ERROR'],
  ];

/** What ends the stream: the octets and the reason in the error. */
const OF_STREAM: readonly (readonly [what: string, octets: Uint8Array, reason: string])[] = [
  ['a window of the stream beyond 2^31-1', windowUpdate(1, 2 ** 31 - 1), 'StreamWindowOverflow'],
  ['a window that opens by 0', windowUpdate(1, 0), 'StreamIncrementZero'],
  ['DATA before the head', data(1, 'x'), 'DataBeforeHeaders'],
  ['no status', headers(1, [['a', 'b']]), 'PseudoFieldMissing'],
  ['101', headers(1, [[':status', '101']], END_HEADERS), 'StatusSwitching'],
  ['a field of the connection', headers(1, [STATUS, ['connection', 'close']]), 'ConnectionField'],
  ['a name in upper case', headers(1, [STATUS, ['X-A', 'b']]), 'FieldNameSyntax'],
  ['CR in a value', headers(1, [STATUS, ['a', 'b\rc']]), 'FieldValueSyntax'],
  [
    'less content than declared',
    frames.join(headers(1, [STATUS, ['content-length', '2']], END_HEADERS), data(1, 'x')),
    'ContentLengthMismatch',
  ],
  [
    'more content than declared',
    frames.join(headers(1, [STATUS, ['content-length', '2']], END_HEADERS), data(1, 'xyz')),
    'ContentLengthMismatch',
  ],
  [
    'trailers that do not end the stream',
    frames.join(headers(1, OK, END_HEADERS), headers(1, [['a', 'b']], END_HEADERS)),
    'TrailersWithoutEnd',
  ],
  [
    'interim responses without end',
    times(33, headers(1, [[':status', '103']], END_HEADERS)),
    'TooManyInterim',
  ],
];

const outcomeOf = async (answer: Promise<Response>): Promise<unknown> => {
  try {
    return await (await answer).text();
  } catch (error) {
    return error;
  }
};

describe('client: hostile HTTP/2 servers', () => {
  for (const [what, octets, reason, code] of OF_CONNECTION) {
    test(`${what}: the connection ends with ${code}`, async () => {
      await using server = await answeringFirst(octets);
      await using client = new Client(HTTP2);
      const error = (await outcomeOf(client.fetch(server.url))) as Error;
      assert.equal(codeOf(error), 'ERR_HTTP_PROTOCOL_ERROR', `${error}`);
      assert.match(error.message, new RegExp(`^The HTTP/2 connection was ended: .*, ${reason}\\)$`));
      const { lines } = server.peers[0]!;
      assert.ok(
        await eventually(() => lines.some((line) => line.startsWith(`GOAWAY 0 ${code}`))),
        `${lines}`,
      );
      assert.equal((await client.fetch(server.url)).status, 200);
      assert.equal(server.accepted, 2);
    });
  }

  for (const [what, octets, reason] of OF_STREAM) {
    test(`${what}: the stream ends, and the connection goes on`, async () => {
      await using server = await answeringFirst(octets);
      await using client = new Client(HTTP2);
      const error = (await outcomeOf(client.fetch(server.url))) as Error;
      assert.equal(codeOf(error), 'ERR_HTTP_PROTOCOL_ERROR', `${error}`);
      assert.match(error.message, new RegExp(`^The response was refused: .*, ${reason}\\)$`));
      assert.equal((await client.fetch(server.url)).status, 200);
      assert.equal(server.accepted, 1);
      assert.ok(server.peers[0]!.lines.some((line) => line.startsWith('RST_STREAM 1 ')));
    });
  }

  test('limits.maxHeaderSize holds for the fields of a response, at N and at N+1', async () => {
    // RFC 9113 §6.5.2: 32 octets for each field, and its name and value.
    const size = 32 + ':status200'.length + 32 + 'x'.length + 100;
    for (const [limit, expected] of [
      [size, ''],
      [size - 1, 'ERR_HTTP_PROTOCOL_ERROR'],
    ] as const) {
      await using server = await answeringFirst(headers(1, [STATUS, ['x', 'y'.repeat(100)]]));
      await using client = new Client({ ...HTTP2, limits: { maxHeaderSize: limit } });
      const outcome = await outcomeOf(client.fetch(server.url));
      assert.equal(outcome === '' ? '' : codeOf(outcome), expected, `${outcome}`);
      assert.equal((await client.fetch(server.url)).status, 200);
      assert.equal(server.accepted, 1);
    }
  });

  test('RFC 9113 §6.9.1: limits.streamWindow holds, at N and at N+1', async () => {
    for (const [octets, expected] of [
      [100_000, 100_000],
      [100_001, 'ERR_HTTP_PROTOCOL_ERROR'],
    ] as const) {
      await using server = await rawHttp2Server((peer, line) => {
        if (line !== 'SETTINGS ACK' && streamOf(line) === 0) return;
        // The window is known to both sides when the SETTINGS are acknowledged, before the request is answered.
        if (streamOf(line) === 0) return;
        peer.send(headers(1, OK, END_HEADERS));
        for (let left: number = octets; left > 0; left -= 10_000)
          peer.send(data(1, 'x'.repeat(Math.min(left, 10_000)), left <= 10_000 ? 1 : 0));
      });
      await using client = new Client({ ...HTTP2, limits: { streamWindow: 100_000 } });
      const response = await client.fetch(server.url);
      // Unread, so that no window opens.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const outcome = await outcomeOf(Promise.resolve(response));
      assert.equal(typeof outcome === 'string' ? outcome.length : codeOf(outcome), expected);
    }
  });

  test('a server that only speaks HTTP/1 is named', async () => {
    await using server = await rawServer((socket) => socket.write('HTTP/1.1 400 \r\n\r\n'));
    await using client = new Client(HTTP2);
    await assert.rejects(client.fetch(server.url), {
      code: 'ERR_HTTP_PROTOCOL_ERROR',
      message: 'The server speaks HTTP/1, and not HTTP/2 (RFC 9113 §3.3)',
    });
    assert.equal(client.connections, 0);
  });

  test('octets that are no HTTP end the connection', async () => {
    await using server = await rawServer((socket) => socket.write('220 mail.example ESMTP\r\n'));
    await using client = new Client(HTTP2);
    await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_PROTOCOL_ERROR' });
  });

  test('a server that refuses every connection with GOAWAY is not asked for ever', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      if (streamOf(line) > 0) peer.send(goAway(0, 0));
    });
    await using client = new Client(HTTP2);
    await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_CONNECTION_RESET' });
    assert.equal(server.accepted, 5);
  });

  test('an error in one request of many ends no other', async () => {
    await using server = await rawHttp2Server((peer, line) => {
      const stream = streamOf(line);
      if (stream > 0) peer.send(headers(stream, stream % 4 === 1 ? [['bad', '1']] : OK));
    });
    await using client = new Client(HTTP2);
    const answers = Array.from({ length: 40 }, () => outcomeOf(client.fetch(server.url)));
    const outcomes = await Promise.all(answers);
    assert.equal(outcomes.filter((outcome) => outcome === '').length, 20);
    assert.equal(server.accepted, 1);
  });
});
