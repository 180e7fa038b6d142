/** The content of a request that nobody has read when the response ends (RFC 9113 §8.1), over real connections. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CANCEL } from '../../../src/http2/error-codes.ts';
import { END_HEADERS, END_STREAM } from '../../../src/http2/frame/frame-types.ts';
import { Response, type Server, serve } from '../../../src/index.ts';
import { data, type Fields, get, headers, ping, post, reset, windowUpdate } from '../../http2/frames.ts';
import { RawHttp2Client } from '../../http2/raw-http2-client.ts';

describe('content that nobody has read when the response ends', { concurrency: true }, () => {
  let server: Server;
  let port = 0;

  before(async () => {
    const limits = { streamWindow: 65_536 };
    server = serve(() => new Response('hello'), { hostname: '127.0.0.1', port: 0, limits });
    await server.ready;
    port = [...server][0]!.address.port;
  });

  after(() => {
    server.closed.catch(() => {});
    server.destroy();
  });

  /** A client that has its whole response to a POST whose content is still to come. */
  async function answered(...fields: Fields): Promise<RawHttp2Client> {
    const client = await RawHttp2Client.connect({ port });
    client.send(post(1, '/', ...fields));
    await client.line(/^DATA 1 END_STREAM hello$/);
    return client;
  }

  /** What the server sends after `frames`, up to its answer to a PING. */
  async function answerTo(client: RawHttp2Client, ...frames: readonly Uint8Array[]): Promise<string[]> {
    client.send(...frames, ping('the end!'));
    await client.line(/^PING ACK the end!$/);
    const from = client.lines.indexOf('DATA 1 END_STREAM hello') + 1;
    return client.lines
      .slice(from, client.lines.indexOf('PING ACK the end!'))
      .filter((line) => !/WINDOW|ACK/.test(line));
  }

  test('RFC 9113 §8.1: a rest that arrives soon ends the stream without RST_STREAM', async () => {
    const client = await answered(['content-length', '4']);
    assert.deepEqual(await answerTo(client, data(1, 'ab', 0), data(1, 'cd')), []);
    client.send(get(3));
    await client.line(/^DATA 3 END_STREAM hello$/);
    client.close();
  });

  test('RFC 9113 §8.1: 65,536 bytes of it are thrown away, one more is reset with NO_ERROR', async () => {
    const most = await answered();
    const full = Array.from({ length: 4 }, () => data(1, new Uint8Array(16_384), 0));
    assert.deepEqual(await answerTo(most, ...full), []);
    // The window has opened for what was thrown away.
    assert.match(most.lines.join('\n'), /WINDOW_UPDATE 1 \d+/);
    most.send(data(1, 'x', 0));
    assert.equal(await most.line(/^RST_STREAM/), 'RST_STREAM 1 NO_ERROR');
    most.close();
  });

  test('RFC 9113 §8.1: a rest that does not arrive within a second is reset with NO_ERROR', async () => {
    const client = await answered();
    assert.equal(await client.line(/^RST_STREAM/), 'RST_STREAM 1 NO_ERROR');
    client.close();
  });

  const faults: readonly (readonly [
    title: string,
    frames: readonly Uint8Array[],
    code: string,
    fields?: Fields,
  ])[] = [
    [
      '§8.1.1: less content than Content-Length',
      [data(1, 'abc')],
      'PROTOCOL_ERROR',
      [['content-length', '4']],
    ],
    [
      '§8.1.1: more content than Content-Length',
      [data(1, 'abcde', 0)],
      'PROTOCOL_ERROR',
      [['content-length', '4']],
    ],
    [
      '§8.1: a trailer section that does not end the stream',
      [headers(1, [['a', 'b']], END_HEADERS)],
      'PROTOCOL_ERROR',
    ],
    [
      '§8.1: a pseudo-field in a trailer section',
      [headers(1, [[':path', '/']], END_HEADERS | END_STREAM)],
      'PROTOCOL_ERROR',
    ],
    ['§6.9: WINDOW_UPDATE by 0', [windowUpdate(1, 0)], 'PROTOCOL_ERROR'],
    ['§6.9.1: a window of more than 2^31-1', [windowUpdate(1, 0x7fffffff)], 'FLOW_CONTROL_ERROR'],
    ['§5.1: DATA behind RST_STREAM', [reset(1, CANCEL), data(1, 'x')], 'STREAM_CLOSED'],
    ['§5.1: HEADERS behind RST_STREAM', [reset(1, CANCEL), post(1)], 'STREAM_CLOSED'],
    ['§5.1: DATA behind the end', [data(1, 'x'), data(1, 'y')], 'STREAM_CLOSED'],
  ];
  for (const [title, frames, code, fields = []] of faults) {
    test(`RFC 9113 ${title} is an error after the response, too`, async () => {
      const client = await answered(...fields);
      assert.deepEqual(await answerTo(client, ...frames), [`RST_STREAM 1 ${code}`]);
      client.close();
    });
  }
});
