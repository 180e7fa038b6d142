/** Servers that send frames at random, good and bad: every request settles, and nothing stays open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from '../../../src/client/client.ts';
import { codeOf } from '../../../src/fetch/errors.ts';
import { Random } from '../../fuzz/random.ts';
import * as frames from '../../http2/frames.ts';
import { rawHttp2Server, streamOf } from '../raw-http2-server.ts';
import { eventually } from '../raw-server.ts';

const END_HEADERS = 4;
const CLIENTS = 60;
const REQUESTS = 6;
const CODES = new Set([
  ...['ERR_HTTP_CONNECTION_RESET', 'ERR_HTTP_PROTOCOL_ERROR', 'ERR_HTTP_TIMEOUT'],
  ...['ERR_HTTP_CONTENT_TOO_LARGE', 'TimeoutError'],
]);

function randomFrame(random: Random, stream: number): Uint8Array {
  const id = random.pick([stream, stream, stream, stream, 0, stream + 2, 2, 1]);
  const status = random.pick(['200', '200', '103', '404', '204', '101', 'x']);
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
      return frames.headers(id, [[':status', status]], random.pick([END_HEADERS, END_HEADERS, 5]));
    case 3:
    case 4:
      return frames.data(id, 'x'.repeat(random.pick([0, 1, 100, 16_000])), random.below(2));
    case 5:
      return frames.headers(id, [['x-trailer', 'a']]);
    case 6:
      return frames.reset(id, random.below(14));
    case 7:
      return frames.goAway(random.pick([0, stream, 2 ** 31 - 1]), random.below(14));
    case 8:
      return frames.settings([random.below(9), random.pick([0, 1, 100, 65_536, 2 ** 31 - 1])]);
    case 9:
      return frames.windowUpdate(random.pick([0, stream]), random.pick([0, 1, 65_535, 2 ** 31 - 1]));
    case 10:
      return frames.ping('pingpong', random.below(2));
    case 11:
      return frames.paddedData(id, 'xyz', random.below(200), random.below(2));
    case 12:
      return frames.frame(random.below(20), random.below(256), id, new Uint8Array(random.below(40)));
    default:
      return frames.frame(0, 0, stream, new Uint8Array(5)).subarray(0, random.below(14));
  }
}

test('client: whatever frames a server of HTTP/2 sends, every request settles and every connection is closed', async () => {
  const random = new Random(9113);
  await using server = await rawHttp2Server((peer, line) => {
    const stream = streamOf(line);
    if (stream === 0) return;
    for (let left = random.below(8); left > 0; left--) peer.send(randomFrame(random, stream));
    if (random.oneIn(3)) peer.send(frames.headers(stream, [[':status', '200']]));
    const end = random.below(12);
    if (end === 0) peer.socket.end();
    else if (end === 1) peer.socket.destroy();
  });
  const codes = new Map<unknown, number>();
  const client = async (): Promise<void> => {
    const one = new Client({
      http2: 'prior-knowledge',
      timeouts: { headers: 60, receive: 60, send: 60, idle: 60 },
      limits: { maxResponseSize: 20_000, maxConcurrentStreams: 3 },
    });
    const request = async (number: number): Promise<void> => {
      const body = new Blob(['x'.repeat(random.below(100_000))]);
      const init = random.pick([
        {},
        { method: 'PUT', body },
        { method: 'POST', body: body.stream(), signal: AbortSignal.timeout(random.below(40)) },
        { method: 'PUT', body: 'x', expectContinue: true },
      ]);
      try {
        const response = await one.fetch(`${server.url}/${number}`, init);
        if (random.oneIn(4)) await response.body?.cancel();
        else await response.arrayBuffer();
        codes.set('ok', (codes.get('ok') ?? 0) + 1);
      } catch (error) {
        const { name } = error as Error;
        const code = name === 'TimeoutError' ? name : String(codeOf(error));
        assert.ok(CODES.has(code), `${error}`);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: REQUESTS }, (_, i) => request(i)));
    await one.close();
    assert.equal(one.connections, 0);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  assert.ok(await eventually(() => server.open === 0), `${server.open} connections are open`);
  assert.ok(codes.has('ok') && codes.size >= 4, JSON.stringify([...codes]));
});
