import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANCEL, NO_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts';
import * as types from '../../src/http2/frame/frame-types.ts';
import { ContentLengthMismatch } from '../../src/semantics/content-length.ts';
import { eachSplit } from '../support/each-split.ts';
import { fieldLines, responseStart, TestServer } from './conversation.ts';
import {
  continuation,
  data,
  type Fields,
  frame,
  goAway,
  headers,
  join,
  ping,
  priorityUpdate,
  reset,
  settings,
  windowUpdate,
} from './frames.ts';
import { requestStart, TestClient } from './test-client.ts';

const { END_HEADERS } = types;
const response = (stream: number, status: string, flags = END_HEADERS, ...fields: Fields) =>
  headers(stream, [[':status', status], ...fields], flags);

test('RFC 9113 §3.4: a client begins with the preface and SETTINGS, and allows no push', () => {
  assert.deepEqual(new TestClient().sent(), [
    'SETTINGS 2=0 4=1048576 6=32768 9=1',
    'WINDOW_UPDATE 0 4128769',
  ]);
});

test('RFC 9113 §8.3.1: a request has its pseudo-fields, then its fields in lower case', () => {
  const client = TestClient.opened();
  client.request({
    ...{ method: 'POST', path: '/p', authority: 'a.example', contentLength: 3 },
    ...{ fields: fieldLines(['X-A', 'b']), acceptsTrailers: true, expectsContinue: true },
  });
  assert.deepEqual(client.sent(), [
    'HEADERS 1 :method=POST :scheme=https :authority=a.example :path=/p x-a=b te=trailers expect=100-continue content-length=3',
  ]);
});

test('RFC 9113 §8.1: a request without content ends with its head', () => {
  const client = TestClient.opened();
  client.request();
  client.request({ method: 'POST' });
  client.request({ method: 'PUT', contentLength: 0 });
  assert.deepEqual(client.sent(), [
    'HEADERS 1 END_STREAM :method=GET :scheme=https :authority=a :path=/',
    'HEADERS 3 END_STREAM :method=POST :scheme=https :authority=a :path=/ content-length=0',
    'HEADERS 5 END_STREAM :method=PUT :scheme=https :authority=a :path=/ content-length=0',
  ]);
});

test('RFC 9113 §8.1: content and trailers follow the head of a request', () => {
  const client = TestClient.opened();
  const stream = client.request({ method: 'POST', contentLength: -1 });
  client.connection.sendData(stream, 'abc');
  client.connection.sendEnd(stream, fieldLines(['Digest', 'x']));
  assert.deepEqual(client.sent().slice(1), ['DATA 1 abc', 'HEADERS 1 END_STREAM digest=x']);
});

test('RFC 9113 §8.1.1: content that is not of the length declared is not sent', () => {
  const client = TestClient.opened();
  const stream = client.request({ method: 'POST', contentLength: 3 });
  assert.throws(() => client.connection.sendData(stream, 'abcd'), ContentLengthMismatch);
  assert.throws(() => client.connection.sendEnd(stream), ContentLengthMismatch);
});

test('RFC 9113 §8.5: CONNECT names an authority alone; extended CONNECT a protocol and the rest', () => {
  const client = TestClient.opened([8, 1]);
  assert.equal(client.connection.allowsConnectProtocol, true);
  client.request({ method: 'CONNECT', authority: 'a:443' });
  client.request({ method: 'CONNECT', protocol: 'websocket', path: '/chat' });
  assert.deepEqual(client.sent(), [
    'HEADERS 1 :method=CONNECT :authority=a:443',
    'HEADERS 3 :method=CONNECT :scheme=https :authority=a :path=/chat :protocol=websocket',
  ]);
});

test('RFC 9113 §8.5: through a tunnel content goes both ways, whatever its length', () => {
  const client = TestClient.opened();
  const stream = client.request({ method: 'CONNECT', authority: 'a:443' });
  client.receive(response(1, '200', END_HEADERS, ['content-length', '1']), data(1, 'welcome', 0));
  client.connection.sendData(stream, 'hello', true);
  client.receive(data(1, ' and bye'));
  assert.deepEqual(client.answers, ['response 1 200', 'content 1 welcome and bye', 'end 1']);
  assert.equal(stream.isClosed, true);
});

test('RFC 9113 §8.1: a response has interim responses, a head, content and trailers, wherever it is cut', () => {
  const octets = join(
    response(1, '103'),
    response(1, '100'),
    response(1, '200', END_HEADERS, ['content-length', '6']),
    data(1, 'abc', 0),
    data(1, 'def', 0),
    headers(1, [['digest', 'x']]),
  );
  eachSplit(octets, (chunks) => {
    const client = TestClient.opened();
    client.request();
    for (const chunk of chunks) client.receive(chunk);
    assert.deepEqual(client.answers, [
      'interim 1 103',
      'interim 1 100',
      'response 1 200',
      'content 1 abcdef',
      'end 1 digest=x',
    ]);
    assert.equal(client.connection.isIdle, true);
  });
});

test('RFC 9113 §5: responses may come in any order, and in pieces', () => {
  const client = TestClient.opened();
  client.request();
  client.request();
  client.receive(response(3, '200'), response(1, '404'), data(3, 'a', 0), data(1, 'b'), data(3, 'c'));
  assert.deepEqual(client.answers, [
    'response 3 200',
    'response 1 404',
    'content 3 a',
    'content 1 b',
    'end 1',
    'content 3 c',
    'end 3',
  ]);
});

test('RFC 9110 §8.6: a response to HEAD, and 304, may declare the length of content that they do not have', () => {
  const client = TestClient.opened();
  client.request({ method: 'HEAD' });
  client.request();
  client.receive(
    response(1, '200', 5, ['content-length', '5']),
    response(3, '304', 5, ['content-length', '5']),
  );
  assert.deepEqual(client.answers, ['response 1 200', 'response 3 304']);
});

const BROKEN: readonly {
  title: string;
  octets: readonly Uint8Array[];
  method?: string;
  reason: string;
  code?: string;
}[] = [
  {
    title: 'RFC 9113 §8.1.1: a response shorter than its Content-Length is a stream error PROTOCOL_ERROR',
    octets: [response(1, '200', END_HEADERS, ['content-length', '5']), data(1, 'abc')],
    reason: 'ContentLengthMismatch',
  },
  {
    title: 'RFC 9113 §8.1.1: a response longer than its Content-Length is a stream error PROTOCOL_ERROR',
    octets: [response(1, '200', END_HEADERS, ['content-length', '2']), data(1, 'abc')],
    reason: 'ContentLengthMismatch',
  },
  {
    title:
      'RFC 9113 §8.1.1: a response with a Content-Length and no content is a stream error PROTOCOL_ERROR',
    octets: [response(1, '200', 5, ['content-length', '5'])],
    reason: 'ContentLengthMismatch',
  },
  {
    title: 'RFC 9113 §8.1.1: content in a response to HEAD is a stream error PROTOCOL_ERROR',
    octets: [response(1, '200'), data(1, 'abc')],
    method: 'HEAD',
    reason: 'ContentLengthMismatch',
  },
  {
    title: 'RFC 9113 §8.1: DATA before the head of a response is a stream error PROTOCOL_ERROR',
    octets: [data(1, 'abc')],
    reason: 'DataBeforeHeaders',
  },
  {
    title: 'RFC 9113 §8.1: DATA behind an interim response is a stream error PROTOCOL_ERROR',
    octets: [response(1, '103'), data(1, 'abc')],
    reason: 'DataBeforeHeaders',
  },
  {
    title: 'RFC 9113 §8.1: trailers that do not end the stream are a stream error PROTOCOL_ERROR',
    octets: [response(1, '200'), headers(1, [['x', 'y']], END_HEADERS)],
    reason: 'TrailersWithoutEnd',
  },
  {
    title: 'RFC 9113 §8.1: a pseudo-field in trailers is a stream error PROTOCOL_ERROR',
    octets: [response(1, '200'), response(1, '200', 5)],
    reason: 'PseudoFieldInTrailers',
  },
  {
    title: 'RFC 9113 §8.3.2: a malformed head is a stream error PROTOCOL_ERROR',
    octets: [headers(1, [['x', 'y']])],
    reason: 'PseudoFieldMissing',
  },
];

for (const { title, octets, method, reason } of BROKEN) {
  test(title, () => {
    const client = TestClient.opened();
    client.request(method === undefined ? {} : { method });
    client.sent();
    client.receive(...octets);
    assert.equal(client.answers.at(-1), `reset 1 PROTOCOL_ERROR ${reason}`);
    assert.deepEqual(client.sent(), ['RST_STREAM 1 PROTOCOL_ERROR']);
    assert.equal(client.connection.hasFailed, false);
  });
}

const FAILING: readonly { title: string; octets: Uint8Array; reason: string }[] = [
  {
    title: 'RFC 9113 §6.6: PUSH_PROMISE is a connection error PROTOCOL_ERROR: push was not allowed',
    octets: frame(types.PUSH_PROMISE, END_HEADERS, 1, Uint8Array.of(0, 0, 0, 2, 0x82)),
    reason: 'PushNotAllowed',
  },
  {
    title: 'RFC 9113 §5.1: HEADERS on a stream that was never opened are a connection error',
    octets: response(3, '200'),
    reason: 'FrameOnIdleStream',
  },
  {
    title: 'RFC 9113 §5.1: HEADERS on a pushed stream are a connection error',
    octets: response(2, '200'),
    reason: 'FrameOnIdleStream',
  },
  {
    title: 'RFC 9113 §5.1: DATA on a stream that was never opened is a connection error',
    octets: data(3, 'x'),
    reason: 'FrameOnIdleStream',
  },
  {
    title: 'RFC 9113 §6.5.2: a server that allows push is a connection error PROTOCOL_ERROR',
    octets: settings([2, 1]),
    reason: 'SettingValue',
  },
  {
    title: 'RFC 9218 §7.1: PRIORITY_UPDATE of a server is a connection error PROTOCOL_ERROR',
    octets: priorityUpdate(1, 'u=1'),
    reason: 'PriorityUpdateByServer',
  },
  {
    title: 'RFC 9113 §6.10: CONTINUATION that continues nothing is a connection error PROTOCOL_ERROR',
    octets: continuation(1, new Uint8Array(0)),
    reason: 'ContinuationUnexpected',
  },
];

for (const { title, octets, reason } of FAILING) {
  test(title, () => {
    eachSplit(octets, (chunks) => {
      const client = TestClient.opened();
      client.request();
      client.sent();
      for (const chunk of chunks) client.receive(chunk);
      assert.deepEqual(client.answers, [`failed ${reason}`]);
      // The server has opened no stream.
      assert.deepEqual(client.sent(), ['GOAWAY 0 PROTOCOL_ERROR']);
    });
  });
}

test('RFC 9113 §5.1: HEADERS on a stream that both ends have ended are a connection error STREAM_CLOSED', () => {
  const client = TestClient.opened();
  client.request();
  client.receive(response(1, '200', 5), response(1, '200', 5));
  assert.deepEqual(client.answers, ['response 1 200', 'failed HeadersOnClosedStream']);
});

test('RFC 9113 §5.1: what comes on a stream that the client has reset is ignored, and its block decoded', () => {
  const client = TestClient.opened();
  const stream = client.request();
  client.request();
  client.connection.reset(stream, CANCEL);
  client.connection.release(stream);
  client.sent();
  client.receive(
    headers(1, join(Uint8Array.of(0x88), Uint8Array.of(0x40, 1, 0x61, 1, 0x62)), END_HEADERS),
    data(1, 'abc', 0),
    data(1, 'abc'),
    headers(3, Uint8Array.of(0x88, 0xbe)),
  );
  assert.deepEqual(client.answers, ['response 3 200']);
  assert.equal(client.connection.hasFailed, false);
  assert.deepEqual(client.sent(), []);
});

test('RFC 9113 §5.1.2: as many requests may run as the server allows', () => {
  const client = TestClient.opened([3, 2]);
  const { connection } = client;
  assert.equal(connection.mostRequests, 2);
  client.request();
  client.request();
  assert.equal(connection.mayRequest, false);
  assert.throws(() => client.request(), TypeError);
  client.receive(response(1, '200', 5));
  assert.equal(connection.mayRequest, true);
  client.receive(settings([3, 1]));
  assert.equal(connection.mayRequest, false);
  assert.equal(new TestClient().connection.mostRequests, 100);
});

test('RFC 9113 §5.2: content of a request waits for the windows of the server', () => {
  const client = TestClient.opened([4, 5]);
  const stream = client.request({ method: 'POST', contentLength: 8 });
  client.connection.sendData(stream, 'abcdefgh', true);
  assert.deepEqual(client.sent().slice(1), ['DATA 1 abcde']);
  client.receive(windowUpdate(1, 10));
  assert.deepEqual(client.sent(), ['DATA 1 END_STREAM fgh']);
});

test('RFC 9113 §6.8: requests that the server has not looked at are named, and closed', () => {
  const client = TestClient.opened();
  const streams = [client.request(), client.request(), client.request()];
  client.receive(goAway(0x7fff_ffff, NO_ERROR));
  assert.equal(client.connection.mayRequest, false);
  client.receive(goAway(1, NO_ERROR), response(1, '200', 5));
  assert.deepEqual(client.answers, ['goaway 2147483647 NO_ERROR', 'goaway 1 NO_ERROR 3,5', 'response 1 200']);
  assert.deepEqual(
    streams.map(({ isClosed }) => isClosed),
    [true, true, true],
  );
});

test('RFC 9113 §8.7: a request that was refused is known as such: it can be sent again', () => {
  const client = TestClient.opened();
  client.request();
  client.receive(reset(1, REFUSED_STREAM));
  assert.deepEqual(client.answers, ['reset 1 REFUSED_STREAM']);
});

test('RFC 9113 §8.1: RST_STREAM of NO_ERROR behind a response ends the request only', () => {
  const client = TestClient.opened();
  const stream = client.request({ method: 'POST', contentLength: -1 });
  client.receive(response(1, '413', 5), reset(1, NO_ERROR));
  assert.deepEqual(client.answers, ['response 1 413', 'reset 1 NO_ERROR']);
  client.connection.sendData(stream, 'late');
  assert.equal(stream.isClosed, true);
});

test('RFC 9113 §6.8: a client that goes away sends no more requests, and says so once', () => {
  const client = TestClient.opened();
  client.connection.goAway();
  client.connection.goAway();
  assert.deepEqual(client.sent(), ['GOAWAY 0 NO_ERROR']);
  assert.deepEqual([client.connection.mayRequest, client.connection.isClosing], [false, true]);
});

test('RFC 9113 §6.7: a PING is answered, and its answers are counted', () => {
  const client = TestClient.opened();
  client.connection.ping();
  assert.deepEqual(client.sent(), ['PING \0\0\0\0\0\0\0\0']);
  client.receive(ping('\0\0\0\0\0\0\0\0', types.ACK), ping('question'));
  assert.equal(client.connection.pingsAnswered, 1);
  assert.deepEqual(client.sent(), ['PING ACK question']);
});

test('RFC 9218 §7.1: a client may change the priority of its request', () => {
  const client = TestClient.opened();
  const stream = client.request();
  client.connection.sendPriority(stream, 'u=1, i');
  assert.equal(client.sent()[1], 'PRIORITY_UPDATE 1 u=1, i');
  client.receive(response(1, '200', 5));
  client.connection.sendPriority(stream, 'u=2');
  assert.deepEqual(client.sent(), []);
});

test('RFC 9110 §15.2: 32 interim responses are taken, one more resets the request', () => {
  const client = TestClient.opened();
  client.request();
  for (let i = 0; i < 32; i++) client.receive(response(1, '103'));
  assert.equal(client.answers.length, 32);
  client.receive(response(1, '103'));
  assert.equal(client.answers.at(-1), 'reset 1 CANCEL TooManyInterim');
});

test('RFC 9113 §10.5.1: a field section of a response has a bound, in octets and in lines', () => {
  const outcome = (...fields: Fields) => {
    const client = TestClient.opened();
    client.request();
    return client.receive(response(1, '200', 5, ...fields)).answers[0];
  };
  // Each field counts 32 octets more than it has.
  const room = 32_768 - (':status200'.length + 32) - (1 + 32);
  const large = 'v'.repeat(16_000);
  const rest = room - 16_000 - (1 + 32);
  const client = TestClient.opened();
  client.request();
  const whole = (more: number) =>
    response(1, '200', END_HEADERS, ['a', large], ['b', 'v'.repeat(rest + more)]);
  const cut = (octets: Uint8Array) => {
    const block = octets.subarray(9);
    return [
      headers(1, block.subarray(0, 16_000), 1),
      continuation(1, block.subarray(16_000, 32_000), 0),
      continuation(1, block.subarray(32_000)),
    ];
  };
  assert.deepEqual(client.receive(...cut(whole(0))).answers, ['response 1 200']);
  const other = TestClient.opened();
  other.request();
  assert.deepEqual(other.receive(...cut(whole(1))).answers, ['reset 1 CANCEL FieldSectionTooLarge']);
  const lines = (count: number) => Array.from({ length: count }, () => ['x', ''] as const);
  assert.equal(outcome(...lines(200)), 'response 1 200');
  assert.equal(outcome(...lines(201)), 'reset 1 CANCEL FieldSectionTooLarge');
});

test('both ends understand each other', () => {
  const server = new TestServer({}, (connection, stream) => {
    const text = stream.method === 'POST' ? 'posted' : stream.head!.path;
    connection.sendResponse(
      stream,
      responseStart({ fields: fieldLines(['X-Path', stream.head!.path]) }),
      text,
    );
  });
  const client = new TestClient();
  const exchange = () => {
    for (let turn = 0; turn < 4; turn++) {
      const toServer = client.connection.output();
      if (toServer !== undefined) server.receive(toServer);
      const toClient = server.connection.output();
      if (toClient !== undefined) client.receive(toClient);
    }
  };
  const stream = client.request({ method: 'POST', contentLength: -1 });
  client.connection.sendData(stream, 'x'.repeat(100_000));
  client.connection.sendEnd(stream);
  for (let i = 0; i < 20; i++) client.request({ path: `/${i % 3}` });
  exchange();
  assert.equal(client.answers.filter((answer) => answer.startsWith('end')).length, 21);
  assert.ok(client.answers.includes('content 1 posted'));
  assert.ok(client.answers.includes('content 41 /1'));
  assert.equal(client.connection.isIdle, true);
  assert.equal(server.connection.isIdle, true);
});

test('a request that can not be sent does not begin', () => {
  const client = TestClient.opened();
  client.receive(goAway(0, NO_ERROR));
  assert.throws(() => client.connection.request(requestStart()), TypeError);
  assert.equal(client.connection.requestCount, 0);
});
