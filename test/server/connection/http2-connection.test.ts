import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { test } from 'node:test';
import { Response, serve } from '../../../src/index.ts';

test('RFC 9110 §6.6.1: a response over HTTP/2 has a Date, whole or streamed', async () => {
  const server = serve((request) => {
    const body = request.url.endsWith('/stream')
      ? (new Blob(['abc']).stream() as ReadableStream<Uint8Array>)
      : 'abc';
    return new Response(body);
  });
  const { address } = await server.listen({ hostname: '127.0.0.1', port: 0 });
  const session = http2.connect(`http://127.0.0.1:${address.port}`);
  try {
    for (const path of ['/whole', '/stream']) {
      const stream = session.request({ ':path': path });
      const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
      assert.match(String(head.date), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/, path);
      stream.resume();
      await once(stream, 'end');
    }
  } finally {
    session.destroy();
    server.destroy();
    await server.closed.catch(() => {});
  }
});
