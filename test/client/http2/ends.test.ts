/** How streams and HTTP/2 connections end: GOAWAY, RST_STREAM, aborts, lost connections, and what is sent again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import { codeOf } from '../../../src/fetch/errors.ts';
import { data, goAway, headers, reset } from '../../http2/frames.ts';
import { type RawPeer, rawHttp2Server, streamOf } from '../raw-http2-server.ts';
import { eventually } from '../raw-server.ts';

const HTTP2: ClientOptions = { http2: 'prior-knowledge' };
const OK = [[':status', '200']] as const;
const END_HEADERS = 4;
const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
const REFUSED_STREAM = 7;
const ENHANCE_YOUR_CALM = 11;
const POST = { method: 'POST', body: 'x' };

/** Answers each request with what `answer` does with its stream and its path. */
function answering(answer: (peer: RawPeer, stream: number, path: string) => void) {
  return rawHttp2Server((peer, line) => {
    const stream = streamOf(line);
    if (stream > 0) answer(peer, stream, / :path=(\S+)/.exec(line)![1]!);
  });
}

const textOf = async (answer: Promise<Response>): Promise<string> => (await answer).text();
const ok = (peer: RawPeer, stream: number, text = 'ok') =>
  peer.send(headers(stream, OK, END_HEADERS), data(stream, text));

test('RFC 9113 §6.8: after GOAWAY, requests that were not processed go to a new connection, and the others are finished', async () => {
  let first: RawPeer | undefined;
  await using server = await answering((peer, stream, path) => {
    if (peer.number === 1) return ok(peer, stream, `second ${path}`);
    first = peer;
    if (stream === 5) peer.send(goAway(1, NO_ERROR));
  });
  await using client = new Client(HTTP2);
  const answers = ['/a', '/b', '/c'].map((path) => textOf(client.fetch(server.url + path, POST)));
  assert.deepEqual(await Promise.all(answers.slice(1)), ['second /b', 'second /c']);
  assert.equal(client.connections, 2);
  ok(first!, 1, 'first /a');
  assert.equal(await answers[0], 'first /a');
  // Nothing is left on the first one.
  assert.ok(await eventually(() => client.connections === 1 && server.open === 1));
});

test('RFC 9113 §6.8: GOAWAY in two steps loses no request', async () => {
  await using server = await answering((peer, stream, path) => {
    ok(peer, stream, path);
    if (stream === 9) {
      peer.send(goAway(2 ** 31 - 1, NO_ERROR));
      setTimeout(() => peer.send(goAway(stream, NO_ERROR)), 2);
    }
  });
  await using client = new Client(HTTP2);
  for (let i = 0; i < 40; i++) assert.equal(await textOf(client.fetch(`${server.url}/${i}`)), `/${i}`);
  assert.ok(server.accepted >= 8, `${server.accepted} connections`);
});

test('RFC 9113 §6.8: the error of GOAWAY is named, and requests that may have been processed are not sent again', async () => {
  await using server = await answering((peer, stream) => {
    if (stream === 1) return ok(peer, stream);
    peer.send(goAway(stream, ENHANCE_YOUR_CALM));
    peer.socket.end();
  });
  await using client = new Client(HTTP2);
  await textOf(client.fetch(server.url));
  await assert.rejects(client.fetch(server.url), {
    code: 'ERR_HTTP_CONNECTION_RESET',
    message: /GOAWAY with ENHANCE_YOUR_CALM \(RFC 9113 §6\.8\)$/,
  });
  assert.equal(server.accepted, 1);
});

test('RFC 9113 §8.7: REFUSED_STREAM is followed by up to four retries, of any method', async () => {
  for (const [refusals, expected] of [
    [4, 'ok'],
    [5, 'ERR_HTTP_CONNECTION_RESET'],
  ] as const) {
    let seen = 0;
    await using server = await answering((peer, stream) => {
      if (seen++ < refusals) peer.send(reset(stream, REFUSED_STREAM));
      else ok(peer, stream);
    });
    await using client = new Client(HTTP2);
    const answer = await textOf(client.fetch(server.url, POST)).catch(codeOf);
    assert.deepEqual([answer, seen, server.accepted], [expected, 5, 1]);
  }
});

test('RFC 9113 §8.7: content that can be read only once, and a request that was answered, are not sent again', async () => {
  await using server = await answering((peer, stream, path) => {
    if (path === '/interim') peer.send(headers(stream, [[':status', '103']], END_HEADERS));
    if (path === '/content') peer.send(headers(stream, OK, END_HEADERS), data(stream, 'x', 0));
    peer.send(reset(stream, REFUSED_STREAM));
  });
  await using client = new Client(HTTP2);
  const body = new Blob(['x']).stream();
  const named = { code: 'ERR_HTTP_CONNECTION_RESET', message: /REFUSED_STREAM/ };
  await assert.rejects(client.fetch(`${server.url}/once`, { method: 'PUT', body }), named);
  await assert.rejects(client.fetch(`${server.url}/interim`), named);
  await assert.rejects(textOf(client.fetch(`${server.url}/content`)), named);
  assert.equal(server.peers[0]!.lines.filter((line) => streamOf(line) > 0).length, 3);
});

test('RFC 9113 §5.4.2: a stream that the server resets fails with the name of the code, and the connection goes on', async () => {
  await using server = await answering((peer, stream, path) => {
    if (path === '/') return ok(peer, stream);
    if (path === '/content') peer.send(headers(stream, OK, END_HEADERS), data(stream, 'hello', 0));
    peer.send(reset(stream, path === '/cut' ? NO_ERROR : INTERNAL_ERROR));
  });
  await using client = new Client(HTTP2);
  await assert.rejects(client.fetch(`${server.url}/head`), {
    code: 'ERR_HTTP_CONNECTION_RESET',
    message: 'The server reset the stream before it sent a response: INTERNAL_ERROR (RFC 9113 §6.4)',
  });
  await assert.rejects(client.fetch(`${server.url}/cut`), { message: /NO_ERROR/ });
  const reader = (await client.fetch(`${server.url}/content`)).body!.getReader();
  assert.equal(Buffer.from((await reader.read()).value!).toString(), 'hello');
  await assert.rejects(reader.read(), { message: /before the response was complete: INTERNAL_ERROR/ });
  assert.equal(await textOf(client.fetch(server.url)), 'ok');
  assert.equal(server.accepted, 1);
});

test('client: a server may reset each of many requests, and the connection goes on', async () => {
  await using server = await answering((peer, stream) => peer.send(reset(stream, INTERNAL_ERROR)));
  await using client = new Client(HTTP2);
  const refused = async () => codeOf(await client.fetch(server.url).catch((error: unknown) => error));
  for (let i = 0; i < 15; i++) {
    const codes = await Promise.all(Array.from({ length: 100 }, refused));
    assert.deepEqual(new Set(codes), new Set(['ERR_HTTP_CONNECTION_RESET']));
  }
  assert.equal(server.accepted, 1);
});

test('RFC 9113 §8.1: a reset with NO_ERROR after a complete response does not discard it', async () => {
  await using server = await answering((peer, stream) => {
    peer.send(headers(stream, OK, END_HEADERS), data(stream, 'early'), reset(stream, NO_ERROR));
  });
  await using client = new Client(HTTP2);
  let cancelled: unknown;
  const body = new ReadableStream<Uint8Array>({
    cancel: (reason) => {
      cancelled = reason;
    },
  });
  assert.equal(await textOf(client.fetch(server.url, { method: 'PUT', body })), 'early');
  assert.equal(codeOf(cancelled), 'ERR_HTTP_REQUEST_CANCELLED');
});

test('RFC 9113 §8.1: after a complete response the rest of the request is not sent, and the stream is reset with NO_ERROR', async () => {
  await using server = await answering((peer, stream) => ok(peer, stream, 'early'));
  await using client = new Client(HTTP2);
  const body = new ReadableStream<Uint8Array>();
  assert.equal(await textOf(client.fetch(server.url, { method: 'PUT', body })), 'early');
  assert.ok(await eventually(() => server.peers[0]!.lines.includes('RST_STREAM 1 NO_ERROR')));
});

test('RFC 9113 §5.4.2: an abort resets the stream with CANCEL, and the connection goes on', async () => {
  await using server = await answering((peer, stream, path) => {
    if (path === '/') return ok(peer, stream);
    if (path === '/content') peer.send(headers(stream, OK, END_HEADERS), data(stream, 'x', 0));
  });
  await using client = new Client(HTTP2);
  const { lines } = await client.fetch(server.url).then(() => server.peers[0]!);
  const reason = new RangeError('mine');
  const waiting = new AbortController();
  const never = client.fetch(`${server.url}/never`, { signal: waiting.signal });
  assert.ok(await eventually(() => lines.some((line) => line.includes('/never'))));
  waiting.abort(reason);
  await assert.rejects(never, (error) => error === reason);
  const reading = new AbortController();
  const response = await client.fetch(`${server.url}/content`, { signal: reading.signal });
  reading.abort(reason);
  await assert.rejects(response.text(), (error) => error === reason);
  await (await client.fetch(`${server.url}/content`)).body!.cancel();
  const resets = () => lines.filter((line) => line.startsWith('RST_STREAM'));
  assert.ok(await eventually(() => resets().length === 3));
  assert.deepEqual(
    resets(),
    [3, 5, 7].map((stream) => `RST_STREAM ${stream} CANCEL`),
  );
  assert.equal(await textOf(client.fetch(server.url)), 'ok');
  assert.equal(server.accepted, 1);
});

test('client: little unwanted content of known length is thrown away without a reset', async () => {
  await using server = await answering((peer, stream) => {
    peer.send(headers(stream, [...OK, ['content-length', '5']], END_HEADERS), data(stream, 'he', 0));
    setTimeout(() => peer.send(data(stream, 'llo')), 10);
  });
  await using client = new Client(HTTP2);
  await (await client.fetch(server.url)).body!.cancel();
  assert.equal(await textOf(client.fetch(server.url)), 'hello');
  assert.deepEqual(
    server.peers[0]!.lines.filter((line) => line.startsWith('RST_STREAM')),
    [],
  );
});

test('RFC 9110 §9.2.2: an idempotent request on a connection that was lost is sent again once, a POST is not', async () => {
  for (const [init, expected, accepted] of [
    [{}, 'ok', 2],
    [{ method: 'DELETE' }, 'ok', 2],
    [POST, 'ERR_HTTP_CONNECTION_RESET', 1],
  ] as const) {
    await using server = await answering((peer, stream) => {
      if (peer.number === 0 && stream > 1) peer.socket.resetAndDestroy();
      else ok(peer, stream);
    });
    await using client = new Client(HTTP2);
    await textOf(client.fetch(server.url));
    const answer = await textOf(client.fetch(server.url, init)).catch(codeOf);
    assert.deepEqual([answer, server.accepted], [expected, accepted]);
  }
});

test('RFC 9110 §9.2.2: a request is not sent again after a new connection that was closed', async () => {
  await using server = await answering((peer) => peer.socket.end());
  await using client = new Client(HTTP2);
  await assert.rejects(client.fetch(server.url), { code: 'ERR_HTTP_CONNECTION_RESET' });
  assert.equal(server.accepted, 1);
});

test('RFC 9112 §9.3.1: a FIN in the kernel is read before a POST reuses the connection', async () => {
  await using server = await answering((peer, stream) => ok(peer, stream));
  await using client = new Client(HTTP2);
  await textOf(client.fetch(server.url));
  const answered = new Promise<string[]>((resolve) => {
    // The FIN has been sent when the callback runs, and the event loop has not polled since.
    server.peers[0]!.socket.end(() => {
      resolve(Promise.all([1, 2, 3].map(() => textOf(client.fetch(server.url, POST)))));
    });
  });
  assert.deepEqual(await answered, ['ok', 'ok', 'ok']);
  assert.equal(server.accepted, 2);
});

test('RFC 9113 §9.1: an idle connection is closed after timeouts.idle, with GOAWAY', async () => {
  await using server = await answering((peer, stream) => ok(peer, stream));
  await using client = new Client({ ...HTTP2, timeouts: { idle: 80 } });
  await textOf(client.fetch(server.url));
  assert.equal(client.connections, 1);
  assert.ok(await eventually(() => client.connections === 0 && server.open === 0));
  assert.equal(server.peers[0]!.lines.at(-1), 'GOAWAY 0 NO_ERROR');
});

test('client: close finishes requests in progress and those that wait, and says GOAWAY', async () => {
  const streams: number[] = [];
  await using server = await answering((_peer, stream) => void streams.push(stream));
  await using client = new Client({ ...HTTP2, limits: { maxConcurrentStreams: 1 } });
  const answers = [1, 2].map(() => textOf(client.fetch(server.url)));
  assert.ok(await eventually(() => streams.length === 1));
  const closed = client.close();
  ok(server.peers[0]!, 1);
  assert.ok(await eventually(() => streams.length === 2));
  ok(server.peers[0]!, 3);
  assert.deepEqual(await Promise.all(answers), ['ok', 'ok']);
  await closed;
  assert.ok(await eventually(() => server.peers[0]!.lines.includes('GOAWAY 0 NO_ERROR')));
});

test('client: an abort that comes while the request waits for the connection leaves no stream', async () => {
  await using server = await answering((peer, stream) => ok(peer, stream));
  await using client = new Client(HTTP2);
  const controller = new AbortController();
  const aborted = client.fetch(`${server.url}/aborted`, { signal: controller.signal });
  const other = textOf(client.fetch(server.url));
  controller.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(await other, 'ok');
  assert.equal(server.peers[0]!.lines.filter((line) => streamOf(line) > 0).length, 1);
});

test('RFC 9110 §9.3.2: limits.maxResponseSize does not hold for the Content-Length of a response to HEAD', async () => {
  await using server = await answering((peer, stream) => {
    // RFC 9113 §8.1: the end of the stream may come in a frame of its own.
    peer.send(headers(stream, [...OK, ['content-length', '100']], END_HEADERS), data(stream, ''));
  });
  await using client = new Client({ ...HTTP2, limits: { maxResponseSize: 50 } });
  const response = await client.fetch(server.url, { method: 'HEAD' });
  assert.deepEqual([response.status, response.headers.get('content-length')], [200, '100']);
});
